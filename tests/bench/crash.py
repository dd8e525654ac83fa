"""Kills the engine (SIGKILL) at random moments under load, and looks whether anything acknowledged was lost.

    python -m tests.bench.crash [--kills 100] [--seed N] [--connections 6] [--json FILE]

Every life of the engine begins on the folder the last one left. The seed decides how each life ends: after a while
under load, in the middle of its start, while the database file is written, while it ends as asked. After the last
kill everything is compared: each stored span, made an OTLP message again, with the one that was sent, and traces and
services with their spans. Exit status 1, and the folder is kept, when anything is wrong.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import IO

from junjo_desktop.paths import DataDir
from tests.bench.calibration import calibrate
from tests.bench.crash_check import Findings, check
from tests.bench.crash_load import CrashLoad
from tests.bench.figures import Figure, arguments, show
from tests.bench.served import BUILD, ServedEngine, ended_at_last

_RATES = (1_000, 4_000, 4_000, 0)
_STORED_TIMEOUT_S = 600.0
_CHECKPOINT_TIMEOUT_S = 6.0


class Ending(StrEnum):
    """In the middle of what the engine is killed. The values are shown."""

    LOAD = "under load"
    START = "while it starts"
    CHECKPOINT = "while the database file is written"
    STOP = "while it ends"


@dataclass(frozen=True, slots=True)
class Life:
    """How one life of the engine goes: what arrives (0: as fast as it goes), and when it ends."""

    ending: Ending
    spans_a_second: int
    seconds: float


def lives(seed: int, kills: int) -> list[Life]:
    """The same lives for the same seed."""
    random = Random(seed)  # noqa: S311 - moments, not secrets
    made = []
    for _ in range(kills):
        [ending] = random.choices(list(Ending), weights=(5, 2, 2, 1))
        longest = {Ending.LOAD: 2.0, Ending.START: 1.2, Ending.CHECKPOINT: 0.03, Ending.STOP: 0.5}[ending]
        rate = 0 if ending is Ending.CHECKPOINT else random.choice(_RATES)
        made.append(Life(ending, rate, random.uniform(0, longest)))
    return made


class _Trial:
    """One folder, one client, one engine after the other."""

    def __init__(self, folder: Path, client: IO[str]) -> None:
        self._data = DataDir(folder)
        self._client = client
        self.longest_start_s = 0.0
        self.endings: Counter[Ending] = Counter()

    def live(self, life: Life) -> None:
        """Start the engine and kill it."""
        self._data.root.mkdir(exist_ok=True)
        if life.ending is Ending.START:
            engine = ServedEngine(self._data.root)
            time.sleep(life.seconds)
        else:
            engine = self.start(life.spans_a_second)
            self._wait_for_the_moment(engine, life)
        engine.kill()
        self.endings[life.ending] += 1

    def start(self, spans_a_second: int) -> ServedEngine:
        """Start an engine that is sent to. Raises `RuntimeError` when it does not listen."""
        began = time.monotonic()
        engine = ServedEngine(self._data.root)
        engine.wait_until_it_listens()
        self.longest_start_s = max(self.longest_start_s, time.monotonic() - began)
        print(engine.port, spans_a_second, file=self._client, flush=True)
        return engine

    def _wait_for_the_moment(self, engine: ServedEngine, life: Life) -> None:
        if life.ending is Ending.CHECKPOINT:
            self._wait_for_checkpoint()
        elif life.ending is Ending.STOP:
            time.sleep(0.5)
            engine.ask_to_stop()
        time.sleep(life.seconds)

    def _wait_for_checkpoint(self) -> None:
        """Wait until the database file grows: a checkpoint or a large batch is written to it."""
        size = self._data.telemetry.stat().st_size
        give_up = time.monotonic() + _CHECKPOINT_TIMEOUT_S
        while self._data.telemetry.stat().st_size == size and time.monotonic() < give_up:
            time.sleep(0.001)

    def set_aside(self) -> int:
        """How many files were found damaged."""
        return sum("damaged" in file.name for file in self._data.root.iterdir())


def measure(folder: Path, kills: int, seed: int, connections: int) -> tuple[list[Figure], Findings]:
    """Run all lives and compare at the end."""
    begin_ns = time.time_ns()
    acknowledged_file = folder / "acknowledged"
    command = [sys.executable, "-m", "tests.bench.crash_client"]
    command += map(str, (seed, begin_ns, connections, acknowledged_file))
    with ended_at_last(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdout.readline()
        trial = _Trial(folder / "data", client.stdin)
        for number, life in enumerate(lives(seed, kills), start=1):
            trial.live(life)
            if number % 10 == 0 or number == kills:
                print(f"{number} of {kills} kills", file=sys.stderr, flush=True)
        engine = trial.start(0)
        time.sleep(1)
        told, _ = client.communicate("end\n")
    numbers = [int(line) for line in acknowledged_file.read_text(encoding="ascii").split()]
    give_up = time.monotonic() + _STORED_TIMEOUT_S
    while engine.waiting() and time.monotonic() < give_up:
        time.sleep(0.2)
    engine.stop()
    print("Comparing every span …", file=sys.stderr, flush=True)
    load = CrashLoad(seed, begin_ns)
    findings = check(DataDir(folder / "data").telemetry, load, set(numbers), max(numbers) + connections + 1)
    sent = json.loads(told)
    acknowledged_spans = sum(map(load.spans, set(numbers)))
    return [*_figures(trial, findings, acknowledged_spans, len(numbers), sent)], findings


def _figures(trial: _Trial, findings: Findings, spans: int, requests: int, sent: dict[str, int]) -> list[Figure]:
    kills = [Figure(f"kills {ending}", trial.endings[ending], "") for ending in Ending]
    return [
        Figure("kills", trial.endings.total(), ""),
        *kills,
        Figure("requests acknowledged", requests, ""),
        Figure("requests sent again after a failure", sent["sent_again"], ""),
        Figure("requests given up", sent["given_up"], ""),
        Figure("spans acknowledged", spans, ""),
        Figure("spans stored and compared", findings.stored, ""),
        Figure("spans missing", findings.missing, "", 0),
        Figure("spans duplicated", findings.duplicated, "", 0),
        Figure("spans torn", findings.torn, "", 0),
        Figure("spans that nobody sent", findings.unknown, "", 0),
        Figure("rows of traces and services that disagree with the spans", findings.derived, "", 0),
        Figure("files found damaged", trial.set_aside(), "", 0),
        Figure("longest start after a kill", trial.longest_start_s, "s"),
    ]


def main() -> int:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--connections", type=int, default=6)
    given = parser.parse_args()
    before = calibrate()
    print(f"seed {given.seed}", flush=True)
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="crash-", dir=BUILD))
    figures, findings = measure(folder, given.kills, given.seed, given.connections)
    show(f"Crash: {given.kills} kills, seed {given.seed}", figures, given.json, before)
    if any(figure.verdict == "MISSED" for figure in figures):
        print(f"Kept for a look: {folder}", *findings.examples, sep="\n")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

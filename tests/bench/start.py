"""How long the app takes from process start to a filled Traces page, what it weighs then, and how fast its CLI starts.

    python -m tests.bench.start [--runs 5] [--spans 1000000] [--json FILE]

Each run is a process of its own. One data folder is empty, the other holds `--spans` spans: it is made once, through
the receiver, and kept in build/bench. The window is drawn off screen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it comes without types

from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, show
from tests.bench.served import ENVIRONMENT
from tests.bench.stores import folder_with

START_GOAL_MS = 1000.0
RATIO_GOAL = 1.2
MEMORY_GOAL_MB = 150.0
CLI_GOAL_MS = 300.0
_CLI_RUNS = 7


@dataclass(frozen=True, slots=True)
class Run:
    """One start of the window: times in milliseconds, memory in megabytes once it is idle."""

    filled_ms: float
    processor_ms: float
    whole_ms: float
    rows: int
    resident_mb: float
    unique_mb: float
    has_litellm: bool


def start_window(folder: Path) -> Run:
    """Start the window, wait until its list is filled and it has calmed down, and end it as a user would."""
    began = time.monotonic_ns()
    command = [sys.executable, "-m", "tests.bench.watched_window"]
    command += ["--data-dir", str(folder), "--otlp-port", "0", "--validator-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as window:
        told = {}
        for line in window.stdout or ():
            word, *rest = line.split()
            told[word] = rest
            if word == "modules":
                memory = psutil.Process(window.pid).memory_full_info()
                window.terminate()
    if window.returncode or "modules" not in told:
        raise SystemExit(f"The window ended with status {window.returncode} before it was measured.")
    filled, processor_ms = told["filled"]
    whole, rows = told["whole"]
    return Run(
        filled_ms=(int(filled) - began) / 1e6,
        processor_ms=float(processor_ms),
        whole_ms=(int(whole) - began) / 1e6,
        rows=int(rows),
        resident_mb=memory.rss / 2**20,
        unique_mb=memory.uss / 2**20,
        has_litellm=told["modules"][1] == "True",
    )


def command_ms(*words: str) -> float:
    """Return the median time of a command from start to end."""
    took = []
    for _ in range(_CLI_RUNS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "junjo_desktop", *words], check=True, capture_output=True, env=ENVIRONMENT
        )
        took.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took)


def measure(runs: int, spans: int) -> list[Figure]:
    """Alternate between both stores, so that a change of the machine's load meets both alike."""
    empty, full = folder_with(0), folder_with(spans)
    start_window(empty)
    start_window(full)
    on_empty: list[Run] = []
    on_full: list[Run] = []
    for _ in range(runs):
        on_empty.append(start_window(empty))
        on_full.append(start_window(full))
    empty_ms = _median(on_empty, "filled_ms")
    full_ms = _median(on_full, "filled_ms")
    count = f"{spans:,} spans"
    services = "junjo-desktop services"
    figures = [
        Figure("start to filled Traces page, empty store", empty_ms, "ms", START_GOAL_MS),
        Figure(f"start to filled Traces page, {count}", full_ms, "ms", START_GOAL_MS),
        Figure("ratio of the two", full_ms / empty_ms, "", RATIO_GOAL),
        Figure("processor time until then, empty store", _median(on_empty, "processor_ms"), "ms"),
        Figure(f"processor time until then, {count}", _median(on_full, "processor_ms"), "ms"),
        Figure(f"start to all traces listed, {count}", _median(on_full, "whole_ms"), "ms"),
        Figure(f"traces listed, {count}", on_full[0].rows, ""),
        Figure("resident memory when idle, empty store", _median(on_empty, "resident_mb"), "MB", MEMORY_GOAL_MB),
        Figure(f"resident memory when idle, {count}", _median(on_full, "resident_mb"), "MB"),
        Figure("of it not shared with others, empty store", _median(on_empty, "unique_mb"), "MB"),
        Figure("starts with LiteLLM loaded", sum(run.has_litellm for run in on_empty + on_full), "", 0),
        Figure("junjo-desktop --version", command_ms("--version"), "ms", CLI_GOAL_MS),
        Figure(f"{services}, empty store", command_ms("services", "--data-dir", str(empty)), "ms", CLI_GOAL_MS),
        Figure(f"{services}, {count}", command_ms("services", "--data-dir", str(full)), "ms", CLI_GOAL_MS),
    ]
    for folder in (empty, full):
        shutil.rmtree(folder)
    return figures


def _median(runs: list[Run], name: str) -> float:
    return float(statistics.median(getattr(run, name) for run in runs))


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--spans", type=int, default=1_000_000, help="in the full store")
    given = parser.parse_args()
    before = calibrate()
    show("Start: process start to a filled page", measure(given.runs, given.spans), given.json, before)


if __name__ == "__main__":
    main()

"""What grows with the number of stored spans, and what does not: intake, every question, memory.

    python -m tests.bench.growth [--sizes 1000 1000000 5000000] [--spans 200000] [--rebuild] [--json FILE]

The stores are made through the receiver and kept in build/bench; five million spans take some minutes, once. The
smallest one stands for an empty store: it holds so much that a list fills a screen, or its questions would have nothing
to answer. Everything is compared with it. `--rebuild` makes the stores again, after a change of how spans are stored.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from junjo_desktop.app import Engine
from tests.bench.calibration import calibrate
from tests.bench.client import Client, Job, Outcome
from tests.bench.figures import Figure, arguments, show
from tests.bench.questions import NEWEST, Ask, questions
from tests.bench.served import Watch, disk_bytes, served_engine
from tests.bench.stores import discard, folder_with, open_engine

SIZES = (1_000, 1_000_000, 5_000_000)
RATIO_GOAL = 1.25
MEMORY_GOAL_MB = 400
_ROUNDS = 7
_ENOUGH_S = 4.0
_STORED_TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True)
class Intake:
    """What arrived at a store of some size, and what that took."""

    sent: Outcome
    queryable_s: float
    engine_processor_s: float
    resident_bytes: int


def ask_all(sizes: Sequence[int]) -> dict[str, dict[int, float]]:
    """Return the milliseconds of each question on a store of each size, the best of several rounds.

    The stores are asked in turn, so that a change of the machine's load meets all of them alike.
    """
    with ExitStack() as undo:
        asked = {size: list(questions(undo.enter_context(_opened(size)))) for size in sizes}
        names = [question.name for question in asked[sizes[0]]]
        return {
            name: _best_ms({size: questions[place].ask for size, questions in asked.items()})
            for place, name in enumerate(names)
        }


@contextmanager
def _opened(size: int) -> Iterator[Engine]:
    folder = folder_with(size)
    engine, _ = open_engine(folder)
    try:
        yield engine
    finally:
        engine.stop()
        shutil.rmtree(folder)


def _best_ms(asks: Mapping[int, Ask]) -> dict[int, float]:
    best = dict.fromkeys(asks, float("inf"))
    give_up = time.perf_counter() + _ENOUGH_S * len(asks)
    for _ in range(_ROUNDS):
        for size, ask in asks.items():
            begun = time.perf_counter()
            ask()
            best[size] = min(best[size], (time.perf_counter() - begun) * 1e3)
        if time.perf_counter() > give_up:
            break
    return best


def take_in(size: int, spans: int) -> Intake:
    """Send to a store of that size, 512 spans a request on four connections."""
    folder = folder_with(size)
    try:
        with served_engine(folder) as engine:
            client = Client(Job(engine.port, 512, 4, 2, 0.0, spans))
            already = engine.spans_stored()
            with Watch(engine) as watch:
                used, begun = engine.processor_s(), time.perf_counter()
                sent = client.run()
                stored = engine.wait_until_stored(already + sent.spans, _STORED_TIMEOUT_S)
                return Intake(sent, stored - begun, engine.processor_s() - used, watch.resident_bytes)
    finally:
        shutil.rmtree(folder)


def measure(sizes: Sequence[int], spans: int) -> Iterator[Figure]:
    """Let spans arrive at store after store, ask all of them, and compare with the first."""
    intakes: dict[int, Intake] = {}
    for size in sizes:
        print(f"{size:,} spans stored: {spans:,} arrive", file=sys.stderr, flush=True)
        intakes[size] = take_in(size, spans)
    yield from _intake_figures(intakes)
    answers = ask_all(sizes)
    print(f"\n{f'Best of {_ROUNDS}, ms; times the smallest store':<60}" + "".join(f"{size:>18,}" for size in sizes))
    for question, milliseconds in answers.items():
        first = milliseconds[sizes[0]]
        line = f"{question:<60}"
        for size, found in milliseconds.items():
            yield Figure(f"{size:,} stored: {question}", found, "ms")
            line += f"{found:>11.1f} {found / first:>5.2f}×"
            if size != sizes[0]:
                goal = RATIO_GOAL if question in NEWEST else None
                yield Figure(f"{size:,} stored: {question}, times the smallest", found / first, "", goal)
        print(line)


def _intake_figures(intakes: dict[int, Intake]) -> Iterator[Figure]:
    first = next(iter(intakes.values()))
    print(f"\n{'Intake of':<18}{'ack spans/s':>14}{'queryable/s':>14}{'engine µs a span':>18}{'peak MB':>9}")
    for size, intake in intakes.items():
        name, sent = f"{size:,} stored", intake.sent
        rates = sent.spans / sent.seconds, sent.spans / intake.queryable_s
        processor_us, peak_mb = intake.engine_processor_s / sent.spans * 1e6, intake.resident_bytes / 1e6
        print(f"{name:<18}{rates[0]:>14,.0f}{rates[1]:>14,.0f}{processor_us:>18.1f}{peak_mb:>9.0f}")
        yield Figure(f"{name}: acknowledged spans", rates[0], "/s")
        yield Figure(f"{name}: spans until all can be queried", rates[1], "/s")
        yield Figure(f"{name}: processor of the engine, a span", processor_us, "µs")
        yield Figure(f"{name}: peak memory of the engine", peak_mb, "MB", MEMORY_GOAL_MB)
        if intake is not first:
            times = intake.queryable_s / first.queryable_s
            yield Figure(f"{name}: time of the intake, times the smallest", times, "", RATIO_GOAL)
            times = intake.engine_processor_s / first.engine_processor_s
            yield Figure(f"{name}: processor of the intake, times the smallest", times, "")


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="spans stored before, the smallest first")
    parser.add_argument("--spans", type=int, default=200_000, help="sent to each store")
    parser.add_argument("--rebuild", action="store_true", help="make the stores again")
    given = parser.parse_args()
    for size in given.sizes:
        if given.rebuild:
            discard(size)
        folder = folder_with(size)
        print(f"{size:,} spans: {disk_bytes(folder) / 1e6:,.0f} MB on the disk", flush=True)
        shutil.rmtree(folder)
    before = calibrate()
    figures = list(measure(given.sizes, given.spans))
    show("Growth", figures, given.json, before, goals_only=True)


if __name__ == "__main__":
    main()

"""What the Services page reads: `python -m tests.bench.services [--spans 1000000] [--json FILE]`.

The spans are those of the kept store, once as they are, where no trace has two services, and once with the services of
its nodes, model calls and tools told apart, so that every trace crosses four. All of them began within a day, which is
the page's first choice of time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from junjo_desktop.store.database import Store
from junjo_desktop.store.service_calls import PART_SPANS, parts_of, read_part
from junjo_desktop.store.service_comparison import compare_processes
from junjo_desktop.store.service_figures import Stretch, service_figures
from junjo_desktop.store.service_processes import processes_of
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, show
from tests.bench.stores import folder_with

T = TypeVar("T")

ROUNDS = 7
_GOAL_MS = 100.0
_APART = """
UPDATE spans SET service_name = CASE
    WHEN span_type = 'node' THEN 'worker' WHEN span_type IN ('llm', 'embedding') THEN 'gateway'
    WHEN span_type = 'tool' THEN 'tools' ELSE service_name END
"""


def _best_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return min(times)


def figures_of(store: Store, stretch: Stretch, now_ns: int) -> list[Figure]:
    """Measure the table of figures and the restarts."""
    newest, before = store.read(partial(processes_of, stretch=stretch)).processes[:2]
    return [
        Figure(
            "figures of all services and operations", _read_ms(store, service_figures, stretch, now_ns), "ms", _GOAL_MS
        ),
        Figure("restarts of all services", _read_ms(store, processes_of, stretch), "ms", _GOAL_MS),
        Figure("two runs compared", _read_ms(store, compare_processes, newest, before), "ms", _GOAL_MS),
    ]


def map_of(store: Store, stretch: Stretch, name: str) -> list[Figure]:
    """Measure the map: how it is divided, its newest part, and all of it."""
    parts = store.read(partial(parts_of, stretch=stretch))
    first = partial(read_part, part=parts.parts[0], with_outside=True)

    def whole() -> None:
        for part in parts.parts:
            store.read(partial(read_part, part=part, with_outside=True))

    return [
        Figure(f"map of {name}: the newest {PART_SPANS:,} spans", _best_ms(lambda: store.read(first)), "ms", _GOAL_MS),
        Figure(f"map of {name}: divided into {len(parts.parts)} parts", _read_ms(store, parts_of, stretch), "ms"),
        Figure(f"map of {name}: all {parts.spans:,} spans", _best_ms(whole), "ms"),
    ]


def _read_ms(store: Store, question: Callable[..., T], *values: object) -> float:
    return _best_ms(lambda: store.read(lambda cursor: question(cursor, *values)))


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--spans", type=int, default=1_000_000)
    options = parser.parse_args()
    before = calibrate()
    folder = folder_with(options.spans)
    store = Store.open(Path(folder) / "telemetry.duckdb")
    [(newest_ns,)] = store.read(lambda cursor: cursor.execute("SELECT max(start_ns) FROM spans").fetchall())
    stretch = Stretch(newest_ns - 24 * 3600 * 10**9)
    figures = [*figures_of(store, stretch, newest_ns), *map_of(store, stretch, "services apart")]
    with store.write() as connection:
        connection.execute(_APART)
    figures += map_of(store, stretch, "services that call each other")
    store.close()
    show("The Services page", figures, options.json, before)


if __name__ == "__main__":
    main()

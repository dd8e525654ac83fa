"""How fast spans are acknowledged (durably) and can be queried, and what that takes: `python -m tests.bench.ingest`.

    python -m tests.bench.ingest [--quick] [--only 512x4] [--seconds 5] [--spans 2000000] [--json FILE]

For each combination of spans a request and connections a fresh `junjo-desktop serve` receives from a client process.
Requests are built before the clock starts; every span sent is new. `--quick`: only those that have a goal.

The columns: acknowledged spans and requests a second; spans a second until a query has counted all; milliseconds from
sending to acknowledgement; the engine's peak memory; processor time a span of the engine (all of it, until it can be
queried) and of the client; bytes on disk an OTLP byte, at the peak (with journal and logs) and after the end.
"""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.bench.calibration import calibrate
from tests.bench.client import Client, Job, Outcome
from tests.bench.figures import Figure, arguments, show
from tests.bench.served import Watch, disk_bytes, scratch_folder, served_engine

SIZES = (1, 64, 512, 8192)
CONNECTIONS = (1, 4, 16)
QUICK = ((512, 16), (512, 4), (1, 16))
SUSTAINED = (512, 4)
ACKNOWLEDGED_GOAL = 200_000
REQUESTS_GOAL = 3_000
QUERYABLE_GOAL = 60_000
MEMORY_GOAL_MB = 400
DISK_GOAL = 0.5
_STORED_TIMEOUT_S = 900.0
_HEAD = (
    f"{'spans × connections':<20}{'ack spans/s':>12}{'requests/s':>12}{'queryable/s':>12}"
    f"{'p50':>8}{'p95':>8}{'p99 ms':>8}{'MB':>6}{'engine':>8}{'client µs':>10}{'peak':>7}{'disk B/B':>9}"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One combination, measured."""

    name: str
    sent: Outcome
    queryable_s: float
    engine_processor_s: float
    resident_bytes: int
    disk_peak_bytes: int
    disk_bytes: int

    def line(self) -> str:
        """The run as a line below `_HEAD`."""
        sent = self.sent
        again = f"  ({sent.sent_again} sent again)" if sent.sent_again else ""
        return (
            f"{self.name:<20}{sent.spans / sent.seconds:>12,.0f}{sent.requests / sent.seconds:>12,.0f}"
            f"{sent.spans / self.queryable_s:>12,.0f}{sent.p50_ms:>8.1f}{sent.p95_ms:>8.1f}{sent.p99_ms:>8.1f}"
            f"{self.resident_bytes / 1e6:>6.0f}{self.engine_processor_s / sent.spans * 1e6:>8.1f}"
            f"{sent.processor_s / sent.spans * 1e6:>10.2f}{self.disk_peak_bytes / sent.otlp_bytes:>7.2f}"
            f"{self.disk_bytes / sent.otlp_bytes:>9.3f}{again}"
        )

    def figures(self, size: int, is_sustained: bool) -> Iterator[Figure]:
        """All figures, those with a goal among them."""
        sent, name = self.sent, self.name
        rate_goal = ACKNOWLEDGED_GOAL if size == 512 and not is_sustained else None
        request_goal = REQUESTS_GOAL if size == 1 and name.endswith("× 16") else None
        has_goal = ((rate_goal or request_goal) and "× 1 " not in f"{name} ") or None
        yield Figure(f"{name}: acknowledged spans", sent.spans / sent.seconds, "/s", has_goal and rate_goal, True)
        yield Figure(f"{name}: requests", sent.requests / sent.seconds, "/s", request_goal, True)
        stored_goal = QUERYABLE_GOAL if is_sustained else None
        yield Figure(f"{name}: spans until all can be queried", sent.spans / self.queryable_s, "/s", stored_goal, True)
        for percent, value in ((50, sent.p50_ms), (95, sent.p95_ms), (99, sent.p99_ms), (100, sent.worst_ms)):
            yield Figure(f"{name}: sent to acknowledged, p{percent}", value, "ms")
        memory_goal, disk_goal = (MEMORY_GOAL_MB, DISK_GOAL) if is_sustained else (None, None)
        yield Figure(f"{name}: peak memory of the engine", self.resident_bytes / 1e6, "MB", memory_goal)
        yield Figure(f"{name}: processor of the engine, a span", self.engine_processor_s / sent.spans * 1e6, "µs")
        yield Figure(f"{name}: processor of the client, a span", sent.processor_s / sent.spans * 1e6, "µs")
        yield Figure(f"{name}: OTLP bytes, a span", sent.otlp_bytes / sent.spans, "B")
        yield Figure(f"{name}: disk at the end, a span", self.disk_bytes / sent.spans, "B")
        yield Figure(f"{name}: disk at the end, an OTLP byte", self.disk_bytes / sent.otlp_bytes, "B", disk_goal)
        yield Figure(f"{name}: disk at the peak, an OTLP byte", self.disk_peak_bytes / sent.otlp_bytes, "B")
        yield Figure(f"{name}: requests sent again", sent.sent_again, "")


def measure(name: str, job: Job) -> Run:
    """Send to a new engine and wait until everything can be queried. `job.port` is filled in."""
    with scratch_folder() as folder:
        with served_engine(folder) as engine:
            client = Client(replace(job, port=engine.port))
            empty_bytes = disk_bytes(folder)
            with Watch(engine) as watch:
                used, begun = engine.processor_s(), time.perf_counter()
                sent = client.run()
                stored = engine.wait_until_stored(sent.spans, _STORED_TIMEOUT_S)
                used = engine.processor_s() - used
            if (found := engine.spans_stored()) != sent.spans:
                raise SystemExit(f"{sent.spans:,} spans were acknowledged and {found:,} are stored.")
        return Run(
            name=name,
            sent=sent,
            queryable_s=stored - begun,
            engine_processor_s=used,
            resident_bytes=watch.resident_bytes,
            disk_peak_bytes=watch.disk_bytes - empty_bytes,
            disk_bytes=disk_bytes(folder) - empty_bytes,
        )


def _combination(text: str) -> tuple[int, int]:
    size, _, connections = text.partition("x")
    if not (size.isdigit() and connections.isdigit() and int(size) and int(connections)):
        raise ArgumentTypeError(f"{text!r} is not SPANSxCONNECTIONS, 512x4 for example")
    return int(size), int(connections)


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--quick", action="store_true", help="only the combinations that have a goal")
    parser.add_argument("--only", type=_combination, action="append", metavar="SPANSxCONNECTIONS", help="repeatable")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each combination is sent")
    parser.add_argument("--spans", type=int, default=2_000_000, help="of the sustained run; 0: without it")
    parser.add_argument("--window", type=int, default=2, help="requests under way on each connection")
    given = parser.parse_args()
    before = calibrate()
    combinations = given.only or (QUICK if given.quick else [(size, many) for size in SIZES for many in CONNECTIONS])
    print(_HEAD, flush=True)
    figures: list[Figure] = []
    for size, connections in combinations:
        job = Job(0, size, connections, given.window, given.seconds)
        run = measure(f"{size} × {connections}", job)
        print(run.line(), flush=True)
        figures += run.figures(size, is_sustained=False)
    if given.spans and not given.only:
        job = Job(0, *SUSTAINED, given.window, 0.0, given.spans)
        run = measure("sustained " + " × ".join(map(str, SUSTAINED)), job)
        print(run.line(), flush=True)
        figures += run.figures(SUSTAINED[0], is_sustained=True)
    show("Ingest", figures, given.json, before, goals_only=True)


if __name__ == "__main__":
    main()

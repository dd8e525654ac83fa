"""Sends traces at a steady rate, from a process of its own, and tells for each when it was acknowledged.

`python -m tests.bench.sender PORT SECONDS SPANS_A_SECOND` prints one line a request: the nanoseconds of the monotonic
clock, which all processes of a computer share, and the ids of its traces, the earliest first. Twenty requests a
second, as far as whole traces allow.
"""

from __future__ import annotations

import sys
import time

import grpc

from tests.bench.client import CHANNEL, export_on
from tests.bench.load import pool

SPANS_A_TRACE = 5
_REQUESTS_A_SECOND = 20
_MOST_SPANS = 8_000


def main(port: int, seconds: float, spans_a_second: int) -> None:
    """Send until the time is over; a request that comes late is not made up for by haste."""
    traces = max(1, round(spans_a_second / _REQUESTS_A_SECOND / SPANS_A_TRACE))
    size = traces * SPANS_A_TRACE
    interval = size / spans_a_second
    bodies = pool(time.time_ns(), size, min(_MOST_SPANS, 4 * spans_a_second), SPANS_A_TRACE)
    with grpc.insecure_channel(f"127.0.0.1:{port}", CHANNEL) as channel:
        export = export_on(channel)
        grpc.channel_ready_future(channel).result(30)
        due = time.monotonic()
        end = due + seconds
        number = 0
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            body = bodies[number % len(bodies)]
            export(body.sent_as(number, time.time_ns()), timeout=30)
            print(time.monotonic_ns(), *body.traces_of(number), flush=True)
            number += 1
            due = max(due + interval, time.monotonic())


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))

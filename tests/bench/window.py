"""How late the event loop of the open window is while spans arrive and a long trace is scrolled.

    python -m tests.bench.window [--rate 10000] [--seconds 10] [--spans 10000] [--stored 0] [--json FILE]

The window is the app as its command starts it, on a virtual X screen (Xvfb) where there is one and QT_QPA_PLATFORM does
not say otherwise; the sender is a process of its own. A timer inside the window is due every 5 ms; each moment of a
standstill counts. First with nothing arriving, then the list of traces renewing itself, then the trace being scrolled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import IO

import grpc

from tests.bench.calibration import calibrate
from tests.bench.client import CHANNEL, export_on
from tests.bench.figures import Figure, arguments, percentile, show
from tests.bench.load import Body, make_request
from tests.bench.served import ENVIRONMENT, ended_at_last
from tests.bench.stores import folder_with
from tests.support.screen import XVFB, virtual_screen

P99_GOAL_MS = 50.0
WORST_GOAL_MS = 200.0
_BEFORE_S = 2.0
_AFTER_S = 1.0


class _Window:
    """The window's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._tell: IO[str] = process.stdin
        self._told: IO[str] = process.stdout
        self.port = int(self._read("port"))

    def show(self, words: str) -> None:
        """Show a page; return when it is filled."""
        print(words, file=self._tell, flush=True)
        self._read("shown")

    def measure(self, seconds: float) -> tuple[list[float], float]:
        """Return the lateness at each moment, in milliseconds, and the frames a second."""
        print("measure", seconds, file=self._tell, flush=True)
        told = json.loads(self._told.readline())
        return told["late_ms"], told["frames"] / seconds

    def _read(self, word: str) -> str:
        line = self._told.readline()
        found, _, rest = line.strip().partition(" ")
        if found != word:
            raise SystemExit(f"The window said {line!r} instead of {word}.")
        return rest


def measure(rate: int, seconds: float, spans: int, stored: int) -> list[Figure]:
    """Run the window through its three situations."""
    folder = folder_with(stored)
    figures: list[Figure] = []
    command = [sys.executable, "-m", "tests.bench.scrolled_window", "--data-dir", str(folder)]
    command += ["--otlp-port", "0", "--validator-port", "0", "--no-auth"]
    with ExitStack() as undo:
        environment = _environment(undo)
        process = undo.enter_context(
            ended_at_last(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
            )
        )
        window = _Window(process)
        trace_id = _send_long_trace(window.port, spans)
        window.show("traces")
        window.show(f"trace {trace_id}")
        time.sleep(_BEFORE_S)
        figures += _figures(f"{spans:,} spans scrolled, nothing arrives", *window.measure(seconds / 2), with_goal=False)
        window.show("traces")
        arriving = f"{rate:,} spans/s arrive"
        with _arriving(window.port, rate, seconds):
            figures += _figures(f"list of traces, {arriving}", *window.measure(seconds), with_goal=True)
        window.show(f"trace {trace_id}")
        with _arriving(window.port, rate, seconds):
            figures += _figures(f"{spans:,} spans scrolled, {arriving}", *window.measure(seconds), with_goal=True)
        process.terminate()
    rmtree(folder)
    return figures


def _environment(undo: ExitStack) -> dict[str, str]:
    if XVFB and "QT_QPA_PLATFORM" not in os.environ:
        screen = undo.enter_context(virtual_screen(Path(undo.enter_context(TemporaryDirectory()))))
        return {**ENVIRONMENT, **screen.environment()}
    return ENVIRONMENT


def _send_long_trace(port: int, spans: int) -> str:
    body = Body(make_request(Random(1), spans, "planner", spans_a_trace=spans))  # noqa: S311 - a load, not a secret
    number = time.time_ns()
    with grpc.insecure_channel(f"127.0.0.1:{port}", CHANNEL) as channel:
        export_on(channel)(body.sent_as(number, time.time_ns()), timeout=60, wait_for_ready=True)
    return body.traces_of(number)[0]


@contextmanager
def _arriving(port: int, rate: int, seconds: float) -> Iterator[None]:
    """Let spans arrive from a little before what happens inside until a little after it."""
    lasting = str(seconds + _BEFORE_S + _AFTER_S)
    command = [sys.executable, "-m", "tests.bench.sender", str(port), lasting, str(rate)]
    with ended_at_last(subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True)) as sender:
        time.sleep(_BEFORE_S)
        yield
        if sender.wait():
            raise SystemExit("The sender failed.")


def _figures(name: str, late_ms: list[float], frames: float, *, with_goal: bool) -> Iterator[Figure]:
    yield Figure(f"{name}: late, p50", percentile(late_ms, 50), "ms")
    yield Figure(f"{name}: late, p99", percentile(late_ms, 99), "ms", P99_GOAL_MS if with_goal else None)
    yield Figure(f"{name}: late, worst", max(late_ms), "ms", WORST_GOAL_MS if with_goal else None)
    yield Figure(f"{name}: painted", frames, "/s")


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rate", type=int, default=10_000, help="spans a second that arrive")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--spans", type=int, default=10_000, help="of the trace that is scrolled")
    parser.add_argument("--stored", type=int, default=0, help="spans that are stored before")
    given = parser.parse_args()
    before = calibrate()
    figures = measure(given.rate, given.seconds, given.spans, given.stored)
    show(f"Window: lateness of its event loop, {given.stored:,} spans stored before", figures, given.json, before)


if __name__ == "__main__":
    main()

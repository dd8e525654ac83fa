"""Sends requests as fast as they are acknowledged, from a process of its own. Used by `ingest`.

`python -m tests.bench.client JOB` (JSON, see `Job`) builds everything, connects, prints `ready`, waits for a line,
sends, and prints an `Outcome` as JSON. In the seconds that count it patches ids, calls gRPC, notes times, no more.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import grpc

from tests.bench.figures import percentile
from tests.bench.load import pool
from tests.bench.served import ended_at_last

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
LATER = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE)
CHANNEL = (("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1))
_PAUSE_S = 0.1
_SAME_TIMES_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """What to send where: requests of `size` spans until `seconds` are over or `spans` are sent (0: no such end).

    Each connection has `window` requests under way at a time.
    """

    port: int
    size: int
    connections: int
    window: int
    seconds: float
    spans: int = 0
    seed: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was acknowledged, and how long each request took from its first attempt on."""

    spans: int
    requests: int
    otlp_bytes: int
    seconds: float
    processor_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    sent_again: int


def export_on(channel: grpc.Channel) -> Callable[..., bytes]:
    """Return the call that sends a serialized request of spans."""
    export: Callable[..., bytes] = channel.unary_unary(EXPORT, request_serializer=bytes, response_deserializer=bytes)
    return export


class _Sender:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._bodies = pool(job.seed or time.time_ns(), job.size)
        self._numbers = itertools.count()
        self._channels = [grpc.insecure_channel(f"127.0.0.1:{job.port}", CHANNEL) for _ in range(job.connections)]
        self._metadata = (("x-junjo-api-key", job.key),) if job.key else ()
        self._end = 0.0
        self._lock = threading.Lock()
        self.sent_again = 0
        self.spans = 0
        self.otlp_bytes = 0

    def connect(self) -> None:
        for channel in self._channels:
            grpc.channel_ready_future(channel).result(30)

    def send(self) -> tuple[float, list[float]]:
        """Return the seconds that it took, and the milliseconds of each request."""
        begun = time.perf_counter()
        self._end = begun + self._job.seconds if self._job.seconds else float("inf")
        taken: list[float] = []
        with ThreadPoolExecutor(self._job.connections * self._job.window) as threads:
            for one in threads.map(self._repeat, self._channels * self._job.window):
                taken += one
        seconds = time.perf_counter() - begun
        for channel in self._channels:
            channel.close()
        return seconds, taken

    def _repeat(self, channel: grpc.Channel) -> list[float]:
        export = export_on(channel)
        most = self._job.spans // self._job.size if self._job.spans else sys.maxsize
        bodies, now = self._bodies, time.perf_counter
        taken: list[float] = []
        spans = otlp_bytes = 0
        while (number := next(self._numbers)) < most:
            body = bodies[number % len(bodies)]
            data = body.sent_as(number, time.time_ns(), _SAME_TIMES_NS)
            begun = now()
            if begun >= self._end:
                break
            self._deliver(export, data)
            taken.append((now() - begun) * 1e3)
            spans += body.spans
            otlp_bytes += body.size
        with self._lock:
            self.spans += spans
            self.otlp_bytes += otlp_bytes
        return taken

    def _deliver(self, export: Callable[..., bytes], data: bytes) -> None:
        while True:
            try:
                export(data, metadata=self._metadata, timeout=120)
            except grpc.RpcError as error:
                status: Any = error
                if status.code() not in LATER:
                    raise
                with self._lock:
                    self.sent_again += 1
                time.sleep(_PAUSE_S)
            else:
                return


class Client:
    """A client process that is ready to send."""

    def __init__(self, job: Job) -> None:
        command = [sys.executable, "-m", "tests.bench.client", json.dumps(asdict(job))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError(f"The client ended with status {self._process.wait()} before it sent anything.")

    def run(self) -> Outcome:
        """Send now, and wait for the end. Raises `RuntimeError` when something was refused for good."""
        with ended_at_last(self._process):
            told, _ = self._process.communicate("go\n")
        if self._process.returncode:
            raise RuntimeError(f"The client ended with status {self._process.returncode}.")
        return Outcome(**json.loads(told))


def main(job: Job) -> Outcome:
    """Do the job; the caller has read `ready` before it lets go."""
    sender = _Sender(job)
    sender.connect()
    print("ready", flush=True)
    sys.stdin.readline()
    used = time.process_time()
    seconds, taken = sender.send()
    used = time.process_time() - used
    return Outcome(
        spans=sender.spans,
        requests=len(taken),
        otlp_bytes=sender.otlp_bytes,
        seconds=seconds,
        processor_s=used,
        p50_ms=percentile(taken, 50),
        p95_ms=percentile(taken, 95),
        p99_ms=percentile(taken, 99),
        worst_ms=max(taken),
        sent_again=sender.sent_again,
    )


if __name__ == "__main__":
    print(json.dumps(asdict(main(Job(**json.loads(sys.argv[1]))))))

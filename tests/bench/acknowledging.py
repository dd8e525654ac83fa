"""How fast requests are acknowledged, each after its commit: `python -m tests.bench.acknowledging [--busy]`.

The sender is a process of its own. What was acknowledged is read and trimmed as by an indexer, but not decoded.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc

from junjo_desktop.receiver.journal import Journal
from tests.bench.figures import Figure, arguments, percentile, show
from tests.bench.load import request
from tests.receiver.intake import EXPORT_TRACES, Intake

_SECONDS = 4.0
_BATCH_BYTES = 16 << 20
_INDEXER_PAUSE_S = 0.2


def main() -> None:
    """Measure single spans and full batches, from one sender and from several at once."""
    parser = arguments("How fast requests are acknowledged.")
    parser.add_argument("--busy", action="store_true", help="another thread of the receiver computes all the time")
    parser.add_argument("--switch-interval", type=float, default=0.0005, help="seconds, see sys.setswitchinterval")
    options = parser.parse_args()
    sys.setswitchinterval(options.switch_interval)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        intake = Intake(Path(folder))
        with _thread(_index, intake.journal), _thread(_compute) if options.busy else _thread():
            for spans, senders in ((1, 1), (1, 16), (512, 1), (512, 4)):
                figures += _measure(intake, spans, senders)
        intake.close()
    show(f"Acknowledging{', with a busy thread' if options.busy else ''}", figures, options.json)


def _measure(intake: Intake, spans: int, senders: int) -> Iterator[Figure]:
    program = [sys.executable, "-m", "tests.bench.acknowledging", "--send"]
    arguments_ = [intake.otlp_ports[0], intake.key.secret, spans, senders]
    sent = subprocess.run([*program, *map(str, arguments_)], stdout=subprocess.PIPE, text=True, check=True)
    milliseconds = [float(line) for line in sent.stdout.split()]
    rate = len(milliseconds) / _SECONDS
    name = f"{spans} span{'s'[: spans > 1]} a request, {senders} sender{'s'[: senders > 1]}"
    yield Figure(f"{name}: requests a second", rate, "/s")
    yield Figure(f"{name}: spans a second", rate * spans, "/s")
    yield Figure(f"{name}: median", percentile(milliseconds, 50), "ms")
    yield Figure(f"{name}: 99 %", percentile(milliseconds, 99), "ms")


def send(port: int, key: str, spans: int, senders: int) -> None:
    """Send the same request over and over; print how many milliseconds each one took."""
    body = request(1, spans, "bench", time.time_ns()).SerializeToString()

    def repeat(_: int) -> list[float]:
        taken = []
        with grpc.insecure_channel(f"127.0.0.1:{port}", (("grpc.use_local_subchannel_pool", 1),)) as channel:
            export = channel.unary_unary(EXPORT_TRACES, request_serializer=bytes, response_deserializer=bytes)
            export(body, metadata=(("x-junjo-api-key", key),))
            end = time.monotonic() + _SECONDS
            while (begun := time.monotonic()) < end:
                export(body, metadata=(("x-junjo-api-key", key),))
                taken.append((time.monotonic() - begun) * 1e3)
        return taken

    with ThreadPoolExecutor(senders) as pool:
        for taken in pool.map(repeat, range(senders)):
            print(*taken, sep="\n")


@contextmanager
def _thread(work: object = None, *arguments_: object) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=work, args=(ended, *arguments_)) if callable(work) else None
    if thread is not None:
        thread.start()
    yield
    ended.set()
    if thread is not None:
        thread.join()


def _index(ended: threading.Event, journal: Journal) -> None:
    position = 0
    while not ended.wait(_INDEXER_PAUSE_S):
        entries = journal.read_after(position, _BATCH_BYTES)
        if entries:
            position = entries[-1].seq
            journal.trim(position)


def _compute(ended: threading.Event) -> None:
    while not ended.is_set():
        sum(range(1000))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main()

"""The parent's end of the child process that calls models: started on demand, kept, started again when it died.

A line each way is one JSON document. To the child: `{number, call}` (see `wire_request`) or `{number, cancel}`. From
it: `{event: ready}`, then for a call `{number, event, …}` with the events left_out, begun, text, reasoning,
tool_call and usage, and at the end finished or failed.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from junjo_desktop.generation.failures import FailureKind

CHILD_ARGUMENT = "--generation-worker"
CANCEL_GRACE_S = 1.0
"""How long a call that was cancelled may take to end before the process is ended with it."""
_END_S = 2.0
_LAST = frozenset(("finished", "failed"))


class PendingCall:
    """A call under way. Iterate over it in one thread; `cancel` may come from any."""

    def __init__(self, worker: Worker, number: int) -> None:
        self.number = number
        self._worker = worker
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the events as they come, up to the last one."""
        while True:
            event = self._events.get()
            yield event
            if event["event"] in _LAST:
                return

    def cancel(self) -> None:
        """End it: whoever iterates gets `failed` as cancelled at once, and the network is let go."""
        self._worker.cancel(self)

    def put(self, event: dict[str, Any]) -> None:
        """Take an event; for the worker."""
        self._events.put(event)


class Worker:
    """The child process, of which there is at most one. Thread-safe; `close` it at the end of the app."""

    def __init__(self, command: tuple[str, ...] | None = None) -> None:
        self._command = command or child_command()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._calls: dict[int, PendingCall] = {}
        self._ending: dict[int, threading.Timer] = {}
        self._newest = 0
        self._is_closed = False
        self.ready = threading.Event()
        """Set while the process has LiteLLM loaded; loading takes some seconds."""

    @property
    def pid(self) -> int | None:
        """The process; None where there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the process if it does not run; returns at once."""
        with self._lock:
            self._started()

    def run(self, call: Mapping[str, Any]) -> PendingCall:
        """Send a call; its events come with the iteration of what is returned."""
        with self._lock:
            self._newest += 1
            pending = PendingCall(self, self._newest)
            self._calls[pending.number] = pending
            try:
                self._send(self._started(), {"number": pending.number, "call": call})
            except OSError:
                self._calls.pop(pending.number, None)
                pending.put(_failed(FailureKind.WORKER))
            return pending

    def cancel(self, pending: PendingCall) -> None:
        """End a call; nothing happens where it has ended."""
        with self._lock:
            if self._calls.pop(pending.number, None) is None:
                return
            pending.put(_failed(FailureKind.CANCELLED))
            process = self._process
            if process is None:
                return
            timer = threading.Timer(CANCEL_GRACE_S, process.kill)
            timer.daemon = True
            self._ending[pending.number] = timer
            timer.start()
            try:
                self._send(process, {"number": pending.number, "cancel": True})
            except OSError:
                process.kill()

    def close(self) -> None:
        """End the process and every call."""
        with self._lock:
            self._is_closed = True
            process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            _closed(process.stdin)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is None:
            return process
        if self._is_closed:
            raise BrokenPipeError("the worker is closed")
        self.ready.clear()
        process = subprocess.Popen(  # noqa: S603 - our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_import_folder(),
        )
        self._process = process
        threading.Thread(target=self._read, args=(process,), name="generation-worker", daemon=True).start()
        return process

    def _send(self, process: subprocess.Popen[bytes], message: Mapping[str, Any]) -> None:
        if process.stdin is None:
            raise BrokenPipeError("the worker has no input")
        process.stdin.write(orjson.dumps(message, default=str) + b"\n")
        process.stdin.flush()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, see `_started`
        with process.stdout:
            for line in process.stdout:
                self._take(orjson.loads(line))
        process.wait()
        if process.stdin is not None:
            _closed(process.stdin)
        self._bury(process)

    def _take(self, message: dict[str, Any]) -> None:
        if message["event"] == "ready":
            self.ready.set()
            return
        number = message.pop("number")
        is_last = message["event"] in _LAST
        with self._lock:
            pending = self._calls.pop(number, None) if is_last else self._calls.get(number)
            timer = self._ending.pop(number, None) if is_last else None
        if timer is not None:
            timer.cancel()
        if pending is not None:
            pending.put(message)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """Tell everybody who waits that the process died; the next call starts another one."""
        with self._lock:
            if self._process not in {process, None}:
                return
            self.ready.clear()
            calls, self._calls = list(self._calls.values()), {}
            timers, self._ending = list(self._ending.values()), {}
        for timer in timers:
            timer.cancel()
        for pending in calls:
            pending.put(_failed(FailureKind.CANCELLED if self._is_closed else FailureKind.WORKER))


def child_command() -> tuple[str, ...]:
    """Return what starts the child: in a packaged app the app itself, which knows no `-m`."""
    is_python = Path(sys.executable).name.lower().startswith("python")
    return (sys.executable, *(("-m", "junjo_desktop") if is_python else ()), CHILD_ARGUMENT)


def _import_folder() -> str:
    """Return the folder that has the package: `-m` looks for it where it is started, and finds no stranger there."""
    return str(Path(__file__).resolve().parents[2])


def _failed(kind: FailureKind) -> dict[str, Any]:
    return {"event": "failed", "kind": str(kind)}


def _closed(pipe: Any) -> None:
    with suppress(OSError):  # what was still to be written has no reader any more
        pipe.close()

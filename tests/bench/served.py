"""The engine in a process of its own, as `junjo-desktop serve` runs it, watched from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any, Self

import psutil  # type: ignore[import-untyped]  # it comes without types

from junjo_desktop.errors import UserError
from junjo_desktop.link.client import LinkClient
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir

BUILD = Path(__file__).parents[2] / "build" / "bench"
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    **os.environ,
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}
_LOOK_S = 0.05
_LONGEST_LOOK_S = 1.0
_START_S = 60.0
_END_S = 120.0


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder on the disk of the project (one in memory would make every fsync free), removed at the end."""
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=BUILD))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


class ServedEngine:
    """A started `junjo-desktop serve` without keys on free ports, unless `port` names one."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "junjo_desktop", "serve", "--data-dir", str(folder), "--no-auth"]
        command += ["--otlp-port", str(port), "--validator-port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        self._seen = psutil.Process(self._process.pid)
        self._link: LinkClient | None = None
        self.port = port

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def wait_until_it_listens(self) -> None:
        """Read the port it tells. Raises `RuntimeError` when it ends instead."""
        for line in self._process.stdout or ():
            if line.startswith("OTLP"):
                self.port = int(line.rpartition(":")[2])
                return
        raise RuntimeError(f"The engine ended with status {self._process.wait()} before it listened.")

    def query(self, name: str, **params: Any) -> dict[str, Any]:
        """Ask as the command line does, over the private socket. Raises `UserError`."""
        answered: dict[str, Any] = json.loads(self._client().query(name, params))
        return answered

    def spans_stored(self) -> int:
        """How many spans queries see now."""
        [[count]] = self.query("sql", sql="SELECT count(*) FROM spans", limit=1)["rows"]
        return int(count)

    def waiting(self) -> int:
        """How much is acknowledged and not stored yet."""
        return self._client().report().waiting

    def wait_until_stored(self, spans: int, timeout_s: float) -> float:
        """Ask until a query sees that many spans; return when (`time.perf_counter`). Raises `TimeoutError`."""
        begun = time.perf_counter()
        first = found = self.spans_stored()
        while found < spans:
            passed = time.perf_counter() - begun
            if passed > timeout_s:
                raise TimeoutError(f"{found:,} of {spans:,} spans can be queried after {timeout_s:g} s.")
            # Each look costs the engine some milliseconds: seldom while many are missing, often towards the end.
            left_s = (spans - found) / (found - first) * passed if found > first else _LOOK_S
            time.sleep(min(_LONGEST_LOOK_S, max(_LOOK_S / 2, left_s / 3)))
            found = self.spans_stored()
        return time.perf_counter()

    def processor_s(self) -> float:
        """Processor time it has used until now."""
        used = self._seen.cpu_times()
        return float(used.user + used.system)

    def resident_bytes(self) -> int:
        """What it holds in memory now."""
        return int(self._seen.memory_info().rss)

    def resident_peak_bytes(self) -> int:
        """The most it ever held in memory, as the system counted it; 0 where it does not."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
        return int(lines["VmHWM"].split()[0]) * 1024

    def _client(self) -> LinkClient:
        if self._link is None:
            endpoint = read_endpoint(DataDir(self.folder))
            if endpoint is None:
                raise UserError("The engine cannot be asked.", "Look at its log.")
            self._link = LinkClient(endpoint)
        return self._link

    def ask_to_stop(self) -> None:
        """Ask it to end (SIGTERM), and do not wait."""
        self._process.terminate()

    def stop(self) -> None:
        """End it as a user would; what is acknowledged is stored then. Raises `RuntimeError` when it fails."""
        self._hang_up()
        self._process.terminate()
        status = self._process.wait(_END_S)
        if status:
            raise RuntimeError(f"The engine ended with status {status}.")

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does (SIGKILL)."""
        self._process.kill()
        self._process.wait()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def ended_at_last(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Yield the process; kill it when something fails meanwhile, so that nobody waits for it."""
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


@contextmanager
def served_engine(folder: Path) -> Iterator[ServedEngine]:
    """Yield an engine that listens; it is stopped at the end, or killed when something failed."""
    engine = ServedEngine(folder)
    try:
        engine.wait_until_it_listens()
        yield engine
    except BaseException:
        engine.kill()
        raise
    engine.stop()


class Watch:
    """Looks at an engine's memory and files while something happens (`with`), and keeps the peaks."""

    def __init__(self, engine: ServedEngine) -> None:
        self._engine = engine
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.resident_bytes = 0
        self.disk_bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.resident_bytes = max(self.resident_bytes, self._engine.resident_peak_bytes())

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_S):
            self.resident_bytes = max(self.resident_bytes, self._engine.resident_bytes())
            self.disk_bytes = max(self.disk_bytes, disk_bytes(self._engine.folder))


def disk_bytes(folder: Path, counts: Callable[[Path], bool] = lambda _: True) -> int:
    """Return what the databases in `folder` take on the disk, with what belongs to them."""
    total = 0
    for file in folder.iterdir():
        if file.name.startswith(("telemetry.duckdb", "intake.sqlite3")) and counts(file):
            try:
                total += file.stat().st_blocks * 512 if hasattr(os.stat_result, "st_blocks") else file.stat().st_size
            except FileNotFoundError:
                continue  # a log of a database comes and goes
    return total

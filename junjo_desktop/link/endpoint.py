"""The owner-only file that says where a running app's private socket is."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from junjo_desktop.paths import DataDir


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to connect (`address` is a gRPC target), what to show there, and whose process it is."""

    address: str
    token: str = field(repr=False)
    pid: int


def write_endpoint(data_dir: DataDir, endpoint: Endpoint) -> None:
    """Write the file in one step, readable by its owner only. Raises `OSError`."""
    staged = data_dir.endpoint.with_suffix(f".{os.getpid()}.new")
    staged.unlink(missing_ok=True)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(endpoint), file)
    staged.replace(data_dir.endpoint)


def read_endpoint(data_dir: DataDir) -> Endpoint | None:
    """Return what the file says, or None when there is none, it is damaged, or its process has ended."""
    try:
        found = json.loads(data_dir.endpoint.read_text(encoding="utf-8"))
        endpoint = Endpoint(address=str(found["address"]), token=str(found["token"]), pid=int(found["pid"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return endpoint if _is_running(endpoint.pid) else None


def remove_endpoint(data_dir: DataDir) -> None:
    """Delete the file, if it is there."""
    with suppress(OSError):  # where it cannot be deleted any more, its process has ended
        data_dir.endpoint.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    if os.name != "posix":
        return True  # a signal of 0 ends a process on Windows; the connection attempt finds out instead
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True

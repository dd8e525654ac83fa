"""Holding a data folder: one process at a time has its stores open."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from junjo_desktop.errors import AlreadyRunningError, DataFolderError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_STEP_S = 0.01


class Claim:
    """The data folder is ours until `release`; the operating system lets go of it when the process dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let the next process have the folder. Calling it again does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def claim(data_dir: DataDir, wait_s: float) -> Claim:
    """Take the existing folder, waiting up to `wait_s` for a short command that holds it; an app is not waited for.

    Raises `AlreadyRunningError` when it is still held, `DataFolderError` when the lock file cannot be written.
    """
    give_up = time.monotonic() + wait_s
    try:
        while (descriptor := _locked(data_dir.lock)) is None:
            if time.monotonic() >= give_up or read_endpoint(data_dir) is not None:
                raise held_by_another(data_dir)
            time.sleep(_STEP_S)
    except OSError as error:
        raise DataFolderError(
            f"The data folder {data_dir.root} cannot be written ({error.strerror or error}).",
            "Correct its permissions, or name another folder with --data-dir.",
        ) from error
    return Claim(descriptor)


def held_by_another(data_dir: DataDir) -> AlreadyRunningError:
    """Return the error that names who holds the folder, as far as that is known."""
    endpoint = read_endpoint(data_dir)
    who = f" (process {endpoint.pid})" if endpoint else ""
    return AlreadyRunningError(
        f"Another Junjo Desktop{who} uses the data folder {data_dir.root}.",
        "Use that one, stop it first, or name another folder with --data-dir.",
    )


def _locked(path: Path) -> int | None:
    """Return a descriptor that holds the lock until it is closed; None when another one holds it. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _lock(descriptor):
            return descriptor
    except OSError:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _lock(descriptor: int) -> bool:
    """Lock at once, or say that another descriptor, of whatever process, has the lock. Raises `OSError`."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # what POSIX and what Windows says
        return False
    return True

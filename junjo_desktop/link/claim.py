"""Holding a data folder: one process at a time has its stores open."""

from __future__ import annotations

import time

from filelock import FileLock, Timeout

from junjo_desktop.errors import AlreadyRunningError, DataFolderError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir

_STEP_S = 0.1


class Claim:
    """The data folder is ours until `release`; the operating system lets go of it when the process dies."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Let the next process have the folder. Calling it again does nothing."""
        self._lock.release()


def claim(data_dir: DataDir, wait_s: float) -> Claim:
    """Take the existing folder, waiting up to `wait_s` for a short command that holds it; an app is not waited for.

    Raises `AlreadyRunningError` when it is still held, `DataFolderError` when the lock file cannot be written.
    """
    lock = FileLock(data_dir.lock, thread_local=False, mode=0o600)
    give_up = time.monotonic() + wait_s
    while True:
        try:
            lock.acquire(timeout=min(wait_s, _STEP_S), poll_interval=0.01)
        except Timeout:
            if time.monotonic() >= give_up or read_endpoint(data_dir) is not None:
                raise held_by_another(data_dir) from None
        except OSError as error:
            raise DataFolderError(
                f"The data folder {data_dir.root} cannot be written ({error.strerror or error}).",
                "Correct its permissions, or name another folder with --data-dir.",
            ) from error
        else:
            return Claim(lock)


def held_by_another(data_dir: DataDir) -> AlreadyRunningError:
    """Return the error that names who holds the folder, as far as that is known."""
    endpoint = read_endpoint(data_dir)
    who = f" (process {endpoint.pid})" if endpoint else ""
    return AlreadyRunningError(
        f"Another Junjo Desktop{who} uses the data folder {data_dir.root}.",
        "Use that one, stop it first, or name another folder with --data-dir.",
    )

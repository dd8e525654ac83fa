"""A small disk of its own for a test, which can be filled: a tmpfs that only the child process sees.

It needs `unshare` with the right to mount (the superuser's, or that of user namespaces); `is_possible` says so. The
disk goes with the process, also when that is killed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.child import ROOT

_MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'


def _unshare() -> list[str]:
    return ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]


def is_possible() -> bool:
    """Whether this machine lets us mount."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    probe = [*_unshare(), "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def run_on_small_disk(program: str, folder: Path, size: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a program of Python whose `folder` is a disk of that size; it gets the folder as its first argument."""
    return subprocess.run(
        [
            *(*_unshare(), "sh", "-c", _MOUNT, "sh", size, str(folder)),
            *(sys.executable, "-W", "error", "-c", program, str(folder), *map(str, arguments)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )

"""Where the private socket may be: an owner-only folder, with a path short enough for the operating system."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from junjo_desktop.paths import DataDir

# 104 bytes with the closing zero on macOS and BSD, 108 on Linux.
_LONGEST_SOCKET_PATH = 100
_SOCKET_NAME = "workbench.sock"
_SHORT_FOLDER_PREFIX = "junjo-"


@dataclass(frozen=True, slots=True)
class Place:
    """One place to listen at: a gRPC address, and the folder to remove afterwards (None: nothing)."""

    address: str
    folder: Path | None

    def clear(self) -> None:
        """Remove what listening here leaves behind."""
        if self.folder is not None:
            _remove(self.folder)


def places(data_dir: DataDir) -> Iterator[Place]:
    """Yield places, best first; the caller takes the first that can be bound.

    Beside the data where the path is short enough and its file system has sockets; else in a short folder of the
    user's session; else a loopback port, which the token alone protects.
    """
    if os.name == "posix" and hasattr(socket, "AF_UNIX"):
        yield from _unix_places(data_dir)
    yield Place("127.0.0.1:0", None)


def _unix_places(data_dir: DataDir) -> Iterator[Place]:
    beside = data_dir.root / "link"
    if _can_name_a_socket(beside) and _made_private(beside):
        yield _unix_place(beside)
    for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        try:
            # 0700 from the start, under a name nobody could have taken before.
            folder = Path(tempfile.mkdtemp(prefix=_SHORT_FOLDER_PREFIX, dir=parent)) if parent else None
        except OSError:
            continue
        if folder is None:
            continue
        if _can_name_a_socket(folder):
            yield _unix_place(folder)
        else:
            folder.rmdir()


def _can_name_a_socket(folder: Path) -> bool:
    # gRPC's client takes a comma, escaped or not, for the border between two addresses.
    return len(os.fsencode(folder / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH and "," not in str(folder)


def _unix_place(folder: Path) -> Place:
    path = folder / _SOCKET_NAME
    path.unlink(missing_ok=True)
    # gRPC reads the target as a URI: anything but plain characters must be escaped.
    return Place(f"unix:{quote(str(path))}", folder)


def _made_private(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        folder.chmod(0o700)
    except OSError:
        return False
    return True


def clear_stale(address: str) -> None:
    """Remove the short folder that a crashed process of ours left at `address`."""
    folder = Path(unquote(address.removeprefix("unix:"))).parent
    if address.startswith("unix:") and folder.name.startswith(_SHORT_FOLDER_PREFIX):
        _remove(folder)


def _remove(folder: Path) -> None:
    # Never recursively: whatever else is in there is not ours.
    with contextlib.suppress(OSError):
        (folder / _SOCKET_NAME).unlink(missing_ok=True)
        folder.rmdir()

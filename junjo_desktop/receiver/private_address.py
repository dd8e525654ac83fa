"""Where a gRPC server listens behind the front door: a socket that only this user can reach."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from junjo_desktop.errors import UserError
from junjo_desktop.receiver.ports import LOOPBACK

HAS_UNIX_SOCKETS = hasattr(socket, "AF_UNIX")
_FOLDER_PREFIX = "junjo-"
_SERVER = "server"
_SEND_BUFFER_BYTES = 1 << 20
_LONGEST_FOLDER = 60  # a socket's name may have 103 characters (macOS)


class Bindable(Protocol):
    """A gRPC server of either kind."""

    def add_insecure_port(self, address: str) -> int:
        """Listen there; return the port. Raises `RuntimeError`."""


class PrivateAddress(Protocol):
    """How to bind a gRPC server, and how to reach it."""

    def bind(self, server: Bindable) -> None:
        """Let `server` listen here. Raises `UserError`."""

    def connect(self) -> tuple[socket.socket, str]:
        """Return a non-blocking connection and what its peer is called by the server, from the last slash on.

        Raises `OSError`.
        """

    def close(self) -> None:
        """Remove what was made."""


class UnixAddress:
    """A unix socket in a folder of its own that nobody else can enter."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX))
        self._numbers = itertools.count(1)

    def bind(self, server: Bindable) -> None:
        """Let `server` listen on the socket."""
        _bind(server, f"unix:{self.folder / _SERVER}")

    def connect(self) -> tuple[socket.socket, str]:
        """Connect from a socket with a name of its own, so that a request can be traced to its connection."""
        name = self.folder / f"{self.folder.name}-{next(self._numbers)}"
        connection = socket.socket(socket.AF_UNIX)
        try:
            # A whole request of the usual size fits: half as many turns to pass it on. The system may allow less.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
            connection.bind(str(name))
            connection.setblocking(False)
            connection.connect(str(self.folder / _SERVER))
        except OSError:
            connection.close()
            raise
        finally:
            # The name lives on in the socket; the file has done its work.
            name.unlink(missing_ok=True)
        return connection, name.name

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


class LoopbackAddress:
    """A port on the loopback interface, where there are no unix sockets."""

    def __init__(self) -> None:
        self._port = 0

    def bind(self, server: Bindable) -> None:
        """Let `server` listen on a free port."""
        self._port = _bind(server, f"{LOOPBACK}:0")

    def connect(self) -> tuple[socket.socket, str]:
        """Connect; the system gives the connection a port of its own, which is its name."""
        connection = socket.create_connection((LOOPBACK, self._port), timeout=1.0)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, f"ipv4:{LOOPBACK}:{connection.getsockname()[1]}"

    def close(self) -> None:
        """Nothing is left behind."""


def private_address() -> PrivateAddress:
    """Return the best kind of address this computer has."""
    if HAS_UNIX_SOCKETS and len(tempfile.gettempdir()) <= _LONGEST_FOLDER:
        with suppress(OSError):  # the folder for temporary files cannot be written
            return UnixAddress()
    return LoopbackAddress()


def clear_what_crashes_left() -> None:
    """Remove the folders of this user's processes that were killed: nobody listens there any more."""
    if not HAS_UNIX_SOCKETS:
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone by now
            if folder.lstat().st_uid == os.geteuid() and _is_dead(folder / _SERVER):
                shutil.rmtree(folder)


def _is_dead(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.setblocking(False)
        try:
            connection.connect(str(path))
        except ConnectionRefusedError:
            return True
    return False


def _bind(server: Bindable, target: str) -> int:
    try:
        return server.add_insecure_port(target)
    except RuntimeError as error:
        raise UserError(
            f"The receiver cannot listen on {target}.", "Check that the folder for temporary files can be written."
        ) from error

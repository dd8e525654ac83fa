"""Takes ports on the loopback interface, and says who has one that is taken."""

from __future__ import annotations

import errno
import socket
import sys
from contextlib import suppress
from pathlib import Path

from junjo_desktop.errors import PortUnavailableError

LOOPBACK = "127.0.0.1"
_BACKLOG = 512
_LISTENING = "0A"  # TCP_LISTEN in /proc/net/tcp


def listen_on(port: int) -> socket.socket:
    """Return a listening, non-blocking socket on 127.0.0.1; 0 takes any free port. Raises `PortUnavailableError`.

    The port is ours alone: a second process that asks for it is refused, and so are we when somebody has it.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # On POSIX this only lets a port be taken again at once after a restart, not shared.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _unavailable(port, error) from error
    return listener


def _unavailable(port: int, error: OSError) -> PortUnavailableError:
    if error.errno == errno.EADDRINUSE:
        holder = holder_of(port)
        return PortUnavailableError(
            f"Port {port} is taken by {holder or 'another program'}.",
            f"Stop {'it' if holder else 'that program'}, or choose another port in Preferences or with --otlp-port "
            "or --validator-port.",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return PortUnavailableError(
            f"Port {port} may not be opened by this user.", "Choose a port from 1024 up in Preferences."
        )
    return PortUnavailableError(
        f"Port {port} cannot be opened ({error.strerror or error}).", "Choose another port in Preferences."
    )


def holder_of(port: int) -> str | None:
    """Return "name (process 123)" of who listens on the port, where that is cheap to know: own processes on Linux."""
    if not sys.platform.startswith("linux"):
        return None
    sockets = _listening_inodes(port)
    if not sockets:
        return None
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _holds(process, sockets):
            with suppress(OSError):
                name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
                return f"{name} (process {process.name})"
    return None


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{fields[9]}]")
    return found


def _holds(process: Path, sockets: set[str]) -> bool:
    with suppress(OSError):  # another user's process, or one that ended
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                if str(descriptor.readlink()) in sockets:
                    return True
    return False

"""How many files this process may have open, and how many connections that affords."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

if sys.platform != "win32":  # which has no such limit
    import resource

WANTED_FILES = 8_192
"""What the soft limit is raised to; macOS gives 256 and many Linux systems 1,024."""
MOST_CONNECTIONS = 1_000
_LEAST_CONNECTIONS = 32
_FILES_PER_CONNECTION = 3  # the client's socket, ours to the server, the server's own
_FILES_FOR_THE_REST = 256


def allow_more_files() -> Callable[[], None]:
    """Raise the soft limit as far as it is wanted and permitted; return how to put it back."""
    if sys.platform == "win32":
        return _nothing
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    permitted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft == resource.RLIM_INFINITY or soft >= permitted:
        return _nothing
    with suppress(ValueError, OSError):  # some systems permit less than they say
        resource.setrlimit(resource.RLIMIT_NOFILE, (permitted, hard))
    return partial(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))


def affordable_connections() -> int:
    """Return how many connections may be open at once."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    afforded = (soft - _FILES_FOR_THE_REST) // _FILES_PER_CONNECTION
    return min(MOST_CONNECTIONS, max(_LEAST_CONNECTIONS, afforded))


def _nothing() -> None:
    return None

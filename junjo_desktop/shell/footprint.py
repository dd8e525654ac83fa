"""Gives memory back that only the start, or a burst of telemetry, needed. Linux only; elsewhere it does nothing.

Two things keep an idle process large here: free pages of the C heap, and pages of library code that ran once (38 MB of
DuckDB alone). `malloc_trim` returns the first. The second are clean pages of read-only files: unmapping them is safe;
they stay in the system's cache as long as there is room, and come back by a minor fault when their code runs again.
Measured on an empty store: 170 → 102 MB resident, in 30 ms on a worker thread.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAPS = Path("/proc/self/smaps")
_MADV_DONTNEED = 4  # asm-generic/mman-common.h
_WORTH_BYTES = 1 << 20
_HEAD = re.compile(r"(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) (?P<rights>\S+) \S+ \S+ \d+\s+(?P<path>/.*)?$")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A part of the address space: where, with which rights, of which file, and how much of it is there."""

    start: int
    end: int
    rights: str
    path: str
    resident_bytes: int
    dirty_bytes: int

    @property
    def is_droppable(self) -> bool:
        """Whether its pages are those of the file, unwritten and unwritable."""
        return bool(self.path) and "w" not in self.rights and self.dirty_bytes == 0


def mappings(text: str) -> Iterator[Mapping]:
    """Read the format of `/proc/PID/smaps` (proc_pid_smaps(5))."""
    head: re.Match[str] | None = None
    kilobytes: dict[str, int] = {}
    for line in text.splitlines():
        if found := _HEAD.match(line):
            head, kilobytes = found, {}
        elif line.startswith("VmFlags:") and head is not None:
            yield Mapping(
                int(head["start"], 16),
                int(head["end"], 16),
                head["rights"],
                head["path"] or "",
                kilobytes.get("Rss", 0) * 1024,
                (kilobytes.get("Private_Dirty", 0) + kilobytes.get("Shared_Dirty", 0)) * 1024,
            )
        elif line.endswith(" kB"):
            name, _, value = line.partition(":")
            kilobytes[name] = int(value.removesuffix(" kB"))


def give_back() -> None:
    """Return what can be had again at no cost. Blocks for some milliseconds: call it in the background."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    try:
        text = _MAPS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return  # not every sandbox shows it
    for mapping in mappings(text):
        if mapping.is_droppable and mapping.resident_bytes >= _WORTH_BYTES:
            # A refusal leaves everything as it was.
            libc.madvise(mapping.start, mapping.end - mapping.start, _MADV_DONTNEED)

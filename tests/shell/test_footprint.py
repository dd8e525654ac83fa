"""Memory given back: only what can be had again at no cost, and the program runs on."""

from __future__ import annotations

import ctypes
import mmap
import sys
from pathlib import Path

import _duckdb
import pytest

from junjo_desktop.shell.footprint import Mapping, give_back, mappings

SMAPS = """\
7f8cc0000000-7f8cc3200000 r-xp 00100000 fe:01 1234    /usr/lib/engine with space.so
Size:              51200 kB
Rss:               31004 kB
Private_Dirty:         0 kB
Shared_Dirty:          0 kB
VmFlags: rd ex mr mw me sd
7f8cc3200000-7f8cc3300000 r--p 03300000 fe:01 1234    /usr/lib/engine with space.so
Rss:                1024 kB
Private_Dirty:        64 kB
VmFlags: rd mr mw me ac sd
7f8cd0000000-7f8cd0400000 rw-p 00000000 00:00 0
Rss:                4032 kB
Private_Dirty:      4032 kB
VmFlags: rd wr mr mw me ac sd
"""


def _mapped(file: Path) -> list[Mapping]:
    return [mapping for mapping in mappings(Path("/proc/self/smaps").read_text()) if mapping.path == str(file)]


def test_only_clean_read_only_pages_of_files_are_droppable() -> None:
    code, relocated, heap = mappings(SMAPS)
    assert code == Mapping(0x7F8CC0000000, 0x7F8CC3200000, "r-xp", "/usr/lib/engine with space.so", 31004 * 1024, 0)
    assert [mapping.is_droppable for mapping in (code, relocated, heap)] == [True, False, False]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc/self/smaps")
def test_pages_that_are_given_back_read_the_same_afterwards() -> None:
    library = Path(_duckdb.__file__)
    content = library.read_bytes()
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ) as pages:
        assert pages[:] == content
        whole = [mapping for mapping in _mapped(library) if mapping.end - mapping.start >= len(content)]
        assert [mapping.resident_bytes > 0 for mapping in whole] == [True]
        give_back()
        whole = [mapping for mapping in _mapped(library) if mapping.end - mapping.start >= len(content)]
        assert [mapping.resident_bytes for mapping in whole] == [0]
        assert pages[:] == content


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no madvise in their C library")
def test_what_was_written_stays() -> None:
    heap = [bytearray(b"kept") * 1_000_000 for _ in range(3)]
    buffer = ctypes.create_string_buffer(b"kept" * 1000)
    give_back()
    assert all(block.count(b"kept") == 1_000_000 for block in heap)
    assert buffer.value == b"kept" * 1000

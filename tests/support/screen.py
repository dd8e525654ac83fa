"""A virtual X screen whose pixels can be read back, for the tests that need a real window."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

XVFB = shutil.which("Xvfb")
_HEADER_FIELDS = 25  # XWDFile.h: 25 big-endian 32-bit words


@dataclass(frozen=True)
class Screen:
    """A running Xvfb."""

    display: str
    frame_buffer: Path

    def environment(self) -> dict[str, str]:
        """Environment of a program that shows its window here."""
        kept = {key: value for key, value in os.environ.items() if key != "GRPC_VERBOSITY"}
        return {**kept, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def colours(self) -> Counter[int]:
        """How many pixels have which colour (0xRRGGBB) right now."""
        data = self.frame_buffer.read_bytes()
        words = struct.unpack(f">{_HEADER_FIELDS}I", data[: 4 * _HEADER_FIELDS])
        header_bytes, width, height, colour_map_entries = words[0], words[4], words[5], words[19]
        start = header_bytes + 12 * colour_map_entries
        pixels = struct.unpack(f"<{width * height}I", data[start : start + 4 * width * height])
        return Counter(pixel & 0xFFFFFF for pixel in pixels)


@contextmanager
def virtual_screen(folder: Path, size: str = "1440x900x24") -> Iterator[Screen]:
    """Run Xvfb on a free display number, with its frame buffer in `folder`."""
    assert XVFB
    read_end, write_end = os.pipe()
    with subprocess.Popen(
        [XVFB, "-displayfd", str(write_end), "-screen", "0", size, "-fbdir", str(folder), "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write_end)
        try:
            with os.fdopen(read_end) as numbers:
                display = numbers.readline().strip()
            yield Screen(f":{display}", folder / "Xvfb_screen0")
        finally:
            server.terminate()

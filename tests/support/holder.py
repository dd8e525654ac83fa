"""Another process that holds a data folder."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.child import start_child

_HOLD = """
import sys
from pathlib import Path
from junjo_desktop.link.claim import claim
from junjo_desktop.paths import DataDir
held = claim(DataDir(Path(sys.argv[1])), 0)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Within the block a process of its own holds the folder, unless the test ends it."""
    with start_child(_HOLD, folder) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()

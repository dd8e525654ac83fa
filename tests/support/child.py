"""Runs a few lines of Python in a process of their own, with this project importable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start_child(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start it; its standard output can be read line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run_child(program: str, *arguments: object, environment: dict[str, str] | None = None) -> str:
    """Run it to its end, which must be a good one; return what it printed."""
    outcome = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout

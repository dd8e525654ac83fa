"""The static checks are tests: types, lint, layers. One command runs everything."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _run(*command: str) -> None:
    outcome = subprocess.run([*command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, f"{' '.join(command)}\n{outcome.stdout}\n{outcome.stderr}"


def test_types_are_strict_and_complete() -> None:
    _run(sys.executable, "-m", "mypy")


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")])
def test_ruff_finds_nothing(arguments: tuple[str, ...]) -> None:
    _run(sys.executable, "-m", "ruff", *arguments, ".")


def test_layers_hold() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    _run(str(lint_imports) if lint_imports.exists() else shutil.which("lint-imports") or "lint-imports", "--no-cache")

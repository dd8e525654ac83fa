"""Rules about the code itself that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("junjo_desktop", "tests", "resources")
    for path in (ROOT / folder).rglob("*.py")
    if not path.name.endswith(("_pb2.py", "_pb2_grpc.py"))
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "core", "base"}
MAX_LINES = 400


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_id)
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", SOURCES, ids=_id)
def test_modules_are_named_after_the_domain(path: Path) -> None:
    assert not {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} & FORBIDDEN_NAMES


@pytest.mark.parametrize("path", [path for path in SOURCES if "junjo_desktop" in path.parts], ids=_id)
def test_modules_say_what_they_are_for(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert not module.body or ast.get_docstring(module), "a module starts with its docstring"


@pytest.mark.parametrize("path", SOURCES, ids=_id)
def test_every_silenced_check_gives_its_reason(path: Path) -> None:
    # "# noqa: X - why" and "# type: ignore[x]  # why"; the marker alone explains nothing.
    silenced = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)$")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if (found := silenced.search(line)) and path != Path(__file__):
            words = re.sub(r"[\[\]:,\-#]|\b[A-Z]+\d+\b", " ", found["rest"]).split()
            assert len(words) >= 3, f"{_id(path)}:{number} silences a check without a reason"


def test_litellm_is_imported_by_nobody_in_the_window_process() -> None:
    importers = [
        _id(path)
        for path in SOURCES
        if "junjo_desktop" in path.parts
        and re.search(r"^\s*(import|from) litellm\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importers == []

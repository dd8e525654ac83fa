"""Rules about the code itself that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("junjo_desktop", "tests", "resources")
    for path in (ROOT / folder).rglob("*.py")
    if not path.name.endswith(("_pb2.py", "_pb2_grpc.py"))
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "core", "base"}
MAX_LINES = 400


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_files_stay_readable() -> None:
    assert [_name(path) for path in SOURCES if len(_text(path).splitlines()) > MAX_LINES] == []


def test_modules_are_named_after_the_domain() -> None:
    parts = {_name(path): {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} for path in SOURCES}
    assert [name for name, words in parts.items() if words & FORBIDDEN_NAMES] == []


def test_modules_say_what_they_are_for() -> None:
    modules = {_name(path): ast.parse(_text(path)) for path in SOURCES if "junjo_desktop" in path.parts}
    assert [name for name, module in modules.items() if module.body and not ast.get_docstring(module)] == []


def test_every_silenced_check_gives_its_reason() -> None:
    # The marker and its code explain nothing; words after them, or the comment above, do.
    silenced = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)$")
    bare = []
    for path in SOURCES:
        lines = _text(path).splitlines()
        for number, line in enumerate(lines):
            found = silenced.search(line)
            if found is None or path == Path(__file__):
                continue
            words = re.sub(r"[\[\]:,#-]|\b[A-Z]+\d+\b", " ", found["rest"]).split()
            if len(words) < 3 and not lines[number - 1].lstrip().startswith("#"):
                bare.append(f"{_name(path)}:{number + 1}")
    assert bare == []


def test_litellm_is_imported_by_nobody_in_the_window_process() -> None:
    importing = re.compile(r"^\s*(import|from) litellm\b", re.MULTILINE)
    found = [_name(path) for path in SOURCES if "junjo_desktop" in path.parts and importing.search(_text(path))]
    assert found == ["junjo_desktop/generation/litellm_calls.py"], "which runs in a child process alone"

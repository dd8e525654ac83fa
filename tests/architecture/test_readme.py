"""The README says what is true: its commands, its map and its settings are checked against the code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from junjo_desktop.settings import Settings

ROOT = Path(__file__).parents[2]
THEMES = ("light", "dark")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGE_PARTS = sorted(
    path.name + ("/" if path.is_dir() else "")
    for path in (ROOT / "junjo_desktop").iterdir()
    if not path.name.startswith("_") and path.name != "py.typed"
)


def test_ci_runs_the_readmes_own_test_command() -> None:
    found = re.search(r"<!-- test-command -->\n```sh\n(?P<command>.+)\n```\n<!-- /test-command -->", README)
    assert found, "the README names one test command between its markers"
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert ".venv/bin/python -m pytest" in found["command"]
    assert "-m pytest" not in script, "the command stands once"


@pytest.mark.parametrize("part", PACKAGE_PARTS)
def test_the_map_names_every_part_of_the_package(part: str) -> None:
    assert f"`{part}`" in README or f"  {part} " in README


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in README


def test_every_command_is_documented() -> None:
    from junjo_desktop.cli.parser import build_parser

    groups = build_parser()._subparsers
    assert groups is not None
    choices = next(action.choices for action in groups._group_actions if action.choices)
    assert [name for name in choices if f"`{name}" not in README and f"junjo-desktop {name}" not in README] == []


def test_pictures_exist() -> None:
    pictures = re.findall(r"!\[[^]]*]\(([^)]+)\)", README) + re.findall(r'\bsrc(?:set)?="([^"]+)"', README)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_a_picture_is_shown_in_both_themes_and_says_what_it_shows() -> None:
    shown = re.findall(r"<picture>.*?</picture>", README)
    assert shown
    for picture in shown:
        found = re.search(
            r'\(prefers-color-scheme: dark\)" srcset="(.+?)-dark\.(.+?)"><img alt="(.+?)" src="(.+?)"', picture
        )
        assert found, picture
        assert found[4] == f"{found[1]}-light.{found[2]}"


def test_pictures_are_made_in_both_themes_and_stay_small() -> None:
    made = sorted((ROOT / "resources" / "pictures").glob("*.webp"))
    names = {
        theme: {path.stem.removesuffix(f"-{theme}") for path in made if path.stem.endswith(theme)} for theme in THEMES
    }
    assert names["light"]
    assert names["light"] == names["dark"]
    assert len(made) == 2 * len(names["light"])
    assert sum(path.stat().st_size for path in made) < 4_000_000


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[<>=\[ ]", requirement)[0] for requirement in project["dependencies"]]
    assert [name for name in names if f"`{name}`" not in README] == []

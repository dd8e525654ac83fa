"""The staged project is what Briefcase itself accepts, and the desktop files agree with the project."""

from __future__ import annotations

import configparser
import plistlib
import shlex
import struct
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from briefcase.commands.base import create_config  # type: ignore[import-untyped]  # Briefcase has no types
from briefcase.commands.convert import find_changelog_filename  # type: ignore[import-untyped]  # Briefcase has no types
from briefcase.config import DraftAppConfig, GlobalConfig, parse_config  # type: ignore[import-untyped]  # Briefcase has no types
from briefcase.integrations.cookiecutter import PListExtension  # type: ignore[import-untyped]  # Briefcase has no types
from jinja2 import Environment

from junjo_desktop.cli.parser import parse
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.links import SCHEME, link_to
from resources.packaging import render_icons
from resources.packaging.stage import ROOT, stage

PACKAGING = ROOT / "resources" / "packaging"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUNDLE_ID = "dev.junjo.junjo-desktop"


class _Console:
    """Stands where Briefcase writes; a warning of its loader is a failure here."""

    def warning_banner(self, title: str, message: str) -> None:
        pytest.fail(f"{title}: {message}")

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *words, **_options: pytest.fail(f"{name}: {words}")


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("build") / "package")


@pytest.mark.parametrize(
    ("platform", "output_format"), [("linux", "system"), ("linux", "flatpak"), ("macOS", "app"), ("windows", "app")]
)
def test_briefcase_accepts_the_staged_project(staged: Path, platform: str, output_format: str) -> None:
    whole, apps = parse_config(staged / "pyproject.toml", platform, output_format, _Console())
    assert str(create_config(GlobalConfig, whole, "global").version) == PROJECT["version"]
    app = create_config(DraftAppConfig, apps["junjo-desktop"], "app")
    assert (app.formal_name, app.bundle_identifier, app.module_name) == ("Junjo Desktop", BUNDLE_ID, "junjo_desktop")
    assert app.license == "Apache-2.0"
    for source in app.sources:
        assert (staged / source).is_dir()
    assert (staged / app.module_name / "__main__.py").is_file()


def test_dependencies_come_from_pyproject_alone(staged: Path) -> None:
    own = tomllib.loads((ROOT / "briefcase.toml").read_text(encoding="utf-8"))["tool"]["briefcase"]
    assert "requires" not in own
    assert "version" not in own
    _, apps = parse_config(staged / "pyproject.toml", "linux", "system", _Console())
    assert set(PROJECT["dependencies"]) <= set(apps["junjo-desktop"]["requires"])


def test_linux_packages_find_licence_and_changelog(staged: Path) -> None:
    _, apps = parse_config(staged / "pyproject.toml", "linux", "system", _Console())
    licences = apps["junjo-desktop"]["license_files"]
    assert "LICENSE" in licences
    assert all((staged / licence).is_file() for licence in licences)
    assert find_changelog_filename(staged)


def test_staging_again_leaves_nothing_of_the_last_time(tmp_path: Path) -> None:
    target = stage(tmp_path / "package")
    (target / "junjo_desktop" / "gone.py").write_text("")
    assert not (stage(target) / "junjo_desktop" / "gone.py").exists()


def test_every_icon_that_briefcase_asks_for_exists() -> None:
    for size in render_icons.SIZES:
        png = (render_icons.FOLDER / f"junjo-desktop-{size}.png").read_bytes()
        assert struct.unpack(">II", png[16:24]) == (size, size)
    for suffix in (".ico", ".icns"):
        assert (render_icons.FOLDER / f"junjo-desktop{suffix}").stat().st_size > 1000


def test_the_desktop_entry_starts_the_installed_command() -> None:
    entries = configparser.ConfigParser(interpolation=None)
    entries.optionxform = str  # type: ignore[assignment, method-assign]  # keys are case-sensitive here
    entries.read(PACKAGING / f"{BUNDLE_ID}.desktop", encoding="utf-8")
    entry = entries["Desktop Entry"]
    assert entry["Exec"].split()[0] in PROJECT["scripts"]
    assert entry["Name"] == entry["StartupWMClass"] == "Junjo Desktop"
    assert entry["Icon"] == "junjo-desktop"


def test_links_are_handed_to_the_app() -> None:
    entries = configparser.ConfigParser(interpolation=None)
    entries.read(PACKAGING / f"{BUNDLE_ID}.desktop", encoding="utf-8")
    entry = entries["Desktop Entry"]
    assert f"x-scheme-handler/{SCHEME}" in entry["MimeType"].split(";")
    # What the desktop puts for %u is a command line of ours, with a link and without.
    words = shlex.split(entry["Exec"])[1:]
    assert words == ["%u"]
    assert parse([]).command is None
    found = parse([link_to(OpenRun(None, None, "r1"))])
    assert (found.command, found.link) == ("open", "junjo://run/r1")


def test_macos_is_told_about_links(staged: Path) -> None:
    _, apps = parse_config(staged / "pyproject.toml", "macOS", "app", _Console())
    types = apps["junjo-desktop"]["info"]["CFBundleURLTypes"]
    assert [scheme for each in types for scheme in each["CFBundleURLSchemes"]] == [SCHEME]
    # Briefcase's template writes values of Info.plist with this filter.
    environment = Environment(extensions=[PListExtension], autoescape=False)  # noqa: S701 - a property list, no page
    written = environment.from_string("{{ value|plist_value }}").render(value=types)
    assert plistlib.loads(f"<plist>{written}</plist>".encode()) == types


def test_the_appstream_metadata_knows_this_version() -> None:
    component = ET.parse(PACKAGING / f"{BUNDLE_ID}.metainfo.xml").getroot()  # noqa: S314 - our own file
    assert component.findtext("id") == BUNDLE_ID
    assert component.findtext("launchable") == f"{BUNDLE_ID}.desktop"
    assert component.findtext("project_license") == PROJECT["license"]
    assert component.findtext("provides/mediatype") == f"x-scheme-handler/{SCHEME}"
    versions = [release.get("version") for release in component.iter("release")]
    assert versions[0] == PROJECT["version"]

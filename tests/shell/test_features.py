"""A feature is its folder: what is deleted is gone, and nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from junjo_desktop.features import discover_features
from junjo_desktop.shell.feature import Feature

PACKAGE = Path(__file__).parents[2] / "junjo_desktop"
FOLDERS = sorted(path.parent.name for path in (PACKAGE / "features").glob("*/__init__.py"))

BOOT = """
import sys, tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell.launch import build_window

with tempfile.TemporaryDirectory() as folder:
    settings = Settings(otlp_ports=(0,), validator_port=0)
    engine = Engine(DataDir(Path(folder)), settings, secrets=MemorySecretStore())
    engine.start()
    app = QApplication([])
    opened = build_window(engine, discover_features())
    window = opened.window
    window.show()
    for name in window.rail.names:
        assert window.open_page(name), name
        app.processEvents()
    assert window.notices.texts == (), window.notices.texts
    print(*window.rail.names)
    opened.close()
    engine.stop()
"""


def folder_of(feature: Feature) -> str:
    return feature.build.__module__.removeprefix("junjo_desktop.features.").partition(".")[0]


def boot(root: Path) -> list[str]:
    """Start the app of `root` without a screen, show every page, and return the rail."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BOOT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "QT_LOGGING_RULES": "*.warning=false"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to delete from."""
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, root / "junjo_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "resources").symlink_to(PACKAGE.parent / "resources")
    return root


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_window_boots_when_a_feature_folder_is_deleted(copy: Path, tmp_path: Path, folder: str) -> None:
    kept = tmp_path / folder
    shutil.move(copy / "junjo_desktop" / "features" / folder, kept)
    try:
        rail = boot(copy)
    finally:
        shutil.move(kept, copy / "junjo_desktop" / "features" / folder)
    others = [
        feature for feature in discover_features() if feature.section != "hidden" and folder_of(feature) != folder
    ]
    assert sorted(rail) == sorted(feature.name for feature in others)


def test_every_folder_offers_features() -> None:
    found = discover_features()
    assert all(isinstance(feature, Feature) for feature in found)
    assert sorted({folder_of(feature) for feature in found}) == FOLDERS
    names = [feature.name for feature in found]
    assert len(set(names)) == len(names)


def test_the_rail_has_an_order() -> None:
    orders = [feature.order for feature in discover_features()]
    assert orders == sorted(orders)


def test_discovery_loads_no_window() -> None:
    program = "import sys; import junjo_desktop.features as f; f.discover_features(); print('PySide6' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE.parent, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"

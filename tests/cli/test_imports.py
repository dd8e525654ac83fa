"""A command loads what it needs and no more: that is why it starts in a blink."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, SHOP_TRACE
from tests.cli.program import ROOT as FOLDER
from tests.cli.program import TIMEOUT_S, environment, serving

SCRIPT = """
import sys
from junjo_desktop.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*{name.partition(".")[0] for name in sys.modules}, *sys.modules, file=sys.stderr)
"""
HEAVY = ("duckdb", "grpc", "google", "opentelemetry", "keyring", "tomlkit", "asyncio")
WINDOW = ("PySide6", "shiboken6", "litellm", "junjo_desktop.shell", "junjo_desktop.features", "junjo_desktop.theme")


def _loaded_by(*arguments: str | Path) -> set[str]:
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        cwd=FOLDER, env=environment(), capture_output=True, text=True, timeout=TIMEOUT_S, check=True,
    )  # fmt: skip
    return set(outcome.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("line", [("--help",), ("--version",), ("traces", "--help"), ("nonsense",)], ids=" ".join)
def test_help_and_version_load_nothing_heavy(line: tuple[str, ...]) -> None:
    assert _loaded_by(*line) & {*HEAVY, *WINDOW} == set()


def test_asking_a_running_app_does_not_load_the_database(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as served:
        loaded = _loaded_by("traces", "--data-dir", tmp_path / "data")
        assert served.end() == (0, "", "")
    assert "grpc" in loaded
    assert loaded & {*WINDOW, "duckdb", "opentelemetry", "keyring"} == set()


def test_asking_the_database_loads_nothing_else(stored: Path) -> None:
    loaded = _loaded_by("traces", "--data-dir", stored)
    assert "duckdb" in loaded
    assert loaded & {*WINDOW, *HEAVY} == {"duckdb"}


def test_a_run_is_read_and_printed_without_qt(stored: Path) -> None:
    ids = (SHOP_TRACE.hex(), ROOT.hex())
    loaded = _loaded_by("workflow", *ids, "--data-dir", stored)
    assert "junjo_desktop.telemetry.junjo.run" in loaded
    assert loaded & {*HEAVY, "PySide6", "shiboken6", "litellm", "junjo_desktop.features"} == {"duckdb"}


@pytest.mark.parametrize("line", [("keys", "list"), ("doctor", "--otlp-port", "0")], ids=" ".join)
def test_no_command_but_the_window_loads_the_window(tmp_path: Path, line: tuple[str, ...]) -> None:
    assert _loaded_by(*line, "--data-dir", tmp_path) & set(WINDOW) == set()


def test_keys_load_neither_database_nor_network(tmp_path: Path) -> None:
    assert _loaded_by("keys", "list", "--data-dir", tmp_path) & {"duckdb", "grpc", "opentelemetry", "keyring"} == set()

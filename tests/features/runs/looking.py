"""What a list of runs shows."""

from __future__ import annotations

from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from junjo_desktop.features.runs.page import RunsPage
from tests.support.tables import wait_for_cells


def wait_for_names(qtbot: QtBot, page: RunsPage, wanted: Sequence[str]) -> None:
    """Wait until the runs have these names."""
    wait_for_cells(qtbot, page.table, "name", wanted)

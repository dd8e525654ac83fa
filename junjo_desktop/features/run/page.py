"""The page of a run."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.empty_state import EmptyState


class RunPage(Page):
    """One run."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.selection = RunSelection(self)
        self.absent = EmptyState("No run is open.", "Show traces", self._go_back, "traces", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.absent)

    def _go_back(self) -> None:
        self._workbench.open(OpenPage("traces"))

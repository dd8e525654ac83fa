"""Keeps pinned paths, and shows their history in the store that is looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.features.run.state.path_pane import PathPane
from junjo_desktop.features.run.state.path_rows import PathSection, path_sections
from junjo_desktop.features.run.state.pins import Pins
from junjo_desktop.telemetry.junjo.state import StoreHistory
from junjo_desktop.widgets.background_work import BackgroundWork


class PinnedPaths(QWidget):
    """Hidden while no path is pinned or asked for."""

    step_chosen = Signal(object)
    """The position of a step of the store."""

    def __init__(self, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pins = Pins()
        self.pane = PathPane(self)
        self._worker = work.worker(self, self._show)
        self._workflow = ""
        self._history: StoreHistory | None = None
        self._position: int | None = None
        self._asked = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.pane)
        self.setFocusProxy(self.pane)
        self.pane.pinned.connect(self.pin)
        self.pane.unpinned.connect(self.unpin)
        self.pane.step_chosen.connect(self.step_chosen)
        self.hide()

    def follow(self, workflow: str, history: StoreHistory | None, position: int | None) -> None:
        """Show the paths in another store, or around another step; `workflow` is whose pins these are."""
        if workflow != self._workflow:
            self._asked = ""
        self._workflow, self._history, self._position = workflow, history, position
        self._renew()

    def pin(self, pointer: str) -> None:
        """Pin a path for all runs of this workflow."""
        self.pins.pin(self._workflow, pointer)
        self._renew()

    def unpin(self, pointer: str) -> None:
        """Let go of a path, or close a history that was only asked for."""
        self.pins.unpin(self._workflow, pointer)
        if pointer == self._asked:
            self._asked = ""
        self._renew()

    def show_history(self, pointer: str) -> None:
        """Show the history of one path, until another is asked for."""
        self._asked = pointer
        self._renew()

    def save_state(self, state: QSettings) -> None:
        """Write the pins."""
        state.setValue("pins", self.pins.saved())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.pins.restore(str(state.value("pins", "")))
        self._renew()

    def _renew(self) -> None:
        pinned = self.pins.of(self._workflow)
        wanted = [*pinned, *([self._asked] if self._asked and self._asked not in pinned else [])]
        if self._history is None or not wanted:
            self._worker.cancel()
            self.hide()
            return
        self._worker.submit(partial(path_sections, self._history, wanted, self._position))

    def _show(self, sections: tuple[PathSection, ...]) -> None:
        self.pane.show_sections(sections, self.pins.of(self._workflow), self._position)
        self.show()

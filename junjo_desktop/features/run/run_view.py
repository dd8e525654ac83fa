"""The parts of a run on one page: graph or agent above, lists below it at the left, the state at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.run.agent.panel import AgentPanel
from junjo_desktop.features.run.graph.view import RunGraphView
from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.features.run.run_lists import RunLists
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.span_pane import SpanPane
from junjo_desktop.features.run.split_state import restore_split
from junjo_desktop.features.run.state.panel import StatePanel
from junjo_desktop.shell.workbench import Workbench

_ABOVE_SHARES = {"graph": 0.36, "agent": 0.55}
_LEFT_SHARE = 0.46
_LEAST_GRAPH_PX, _LEAST_LISTS_PX = 90, 140
_LEAST_LEFT_PX, _LEAST_RIGHT_PX = 300, 260


class RunView(QWidget):
    """`span_wanted` carries the id of the span that is to be shown whole at the right."""

    span_wanted = Signal(object)

    def __init__(self, selection: RunSelection, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = selection
        self._is_divided = False
        self._is_across_kept = False
        self._kind = "graph"
        self._divisions: dict[str, list[int]] = {}
        # Each is made where it will stay: moving it later would have Qt style all of its parts again.
        self._down = QSplitter(Qt.Orientation.Vertical, self)
        self._top = QStackedWidget(self._down)
        self._across = QSplitter(Qt.Orientation.Horizontal, self._down)
        self.graph = RunGraphView(selection, self._top)
        self.agent = AgentPanel(selection, workbench, self._top)
        self.lists = RunLists(selection, self._across)
        self._right = QStackedWidget(self._across)
        self.state = StatePanel(selection, workbench, self._right)
        self.span = SpanPane(workbench, self._right)
        self._lay_out()
        self._down.splitterMoved.connect(self._keep_division)
        selection.changed.connect(self._follow)

    def _lay_out(self) -> None:
        self._top.addWidget(self.graph)
        self._top.addWidget(self.agent)
        self._right.addWidget(self.state)
        self._right.addWidget(self.span)
        for splitter, parts in (
            (self._across, (self.lists, self._right)),
            (self._down, (self._top, self._across)),
        ):
            for part in parts:
                splitter.addWidget(part)
            splitter.setChildrenCollapsible(False)
            splitter.setStretchFactor(1, 1)
        self._top.setMinimumHeight(_LEAST_GRAPH_PX)
        self._across.setMinimumHeight(_LEAST_LISTS_PX)
        self.lists.setMinimumWidth(_LEAST_LEFT_PX)
        self._right.setMinimumWidth(_LEAST_RIGHT_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._down)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_divided:
            # Only now it is known how much room there is: a page that was built ahead hears of other sizes before.
            self._is_divided = True
            if not self._is_across_kept:
                left = round(self.width() * _LEFT_SHARE)
                self._across.setSizes([left, self.width() - left])
            self._divide()

    def _keep_division(self, _position: int = 0, _handle: int = 0) -> None:
        self._divisions[self._kind] = self._down.sizes()

    def _divide(self) -> None:
        """Share the height as it was left for this kind of run."""
        high = max(self.height(), 1)
        above = round(high * _ABOVE_SHARES[self._kind])
        self._down.setSizes(self._divisions.get(self._kind, [above, high - above]))

    def _show_kind(self, kind: str) -> None:
        """Show the graph of a workflow, or what an agent said and did; each has its own share of the height."""
        if kind != self._kind:
            self._kind = kind
            self._top.setCurrentWidget(self.agent if kind == "agent" else self.graph)
            self._divide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.lists.take_focus()
        else:
            super().keyPressEvent(event)

    @property
    def sizes(self) -> tuple[list[int], list[int]]:
        """How graph and lists share the height, and lists and state the width; pixels."""
        return self._down.sizes(), self._across.sizes()

    def set_sizes(self, down: Sequence[int], across: Sequence[int]) -> None:
        """Share the room so."""
        self._down.setSizes(list(down))
        self._keep_division()
        self._across.setSizes(list(across))

    def show_run(self, loaded: LoadedRun, *, is_update: bool) -> None:
        """Show another run, or the same one after it grew: then folds, places and zoom stay."""
        if loaded.run.agent is None:
            self.agent.forget_run()
            self.graph.show_run(loaded.run)
        else:
            self.agent.show_run(loaded.run)
        self._show_kind("graph" if loaded.run.agent is None else "agent")
        self.lists.show_run(loaded, is_update=is_update)
        self.state.show_run(loaded.run, loaded.histories)
        self._follow(self.selection)

    def _follow(self, selection: RunSelection) -> None:
        is_span = selection.step is None and selection.span_id is not None
        self._right.setCurrentWidget(self.span if is_span else self.state)
        if is_span:
            self.span_wanted.emit(selection.span_id)

    @property
    def is_reading(self) -> bool:
        """Whether something is on its way into one of the parts."""
        return self.state.is_busy or self.agent.is_reading

    def shows_an_agent(self) -> bool:
        """Whether the run of an agent is shown."""
        return self._kind == "agent"

    @property
    def shows_span(self) -> bool:
        """Whether a whole span is shown at the right."""
        return self._right.currentWidget() is self.span

    def next_failure(self) -> None:
        """Select the next failure."""
        self.lists.failures.step_failure(True)

    def previous_failure(self) -> None:
        """Select the previous failure."""
        self.lists.failures.step_failure(False)

    def focus_right(self) -> None:
        """Go to what is shown at the right."""
        if self.shows_span:
            self.span.take_focus()
        else:
            self.state.focus_view()

    def save_state(self, state: QSettings) -> None:
        """Write the splitters, and what the parts remember."""
        for kind, sizes in self._divisions.items():
            state.setValue(f"above/{kind}", " ".join(map(str, sizes)))
        state.setValue("across", self._across.saveState())
        self.span.save_state(state)
        self.lists.save_state(state)
        for name, part in (("state", self.state), ("agent", self.agent)):
            state.beginGroup(name)
            part.save_state(state)
            state.endGroup()

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        for kind in _ABOVE_SHARES:
            sizes = str(state.value(f"above/{kind}", "")).split()
            if len(sizes) == len(self._down.sizes()) and all(size.isascii() and size.isdecimal() for size in sizes):
                self._divisions[kind] = [int(size[:5]) for size in sizes]
        self._is_across_kept = restore_split(self._across, state, "across")
        self.span.restore_state(state)
        self.lists.restore_state(state)
        for name, part in (("state", self.state), ("agent", self.agent)):
            state.beginGroup(name)
            part.restore_state(state)
            state.endGroup()

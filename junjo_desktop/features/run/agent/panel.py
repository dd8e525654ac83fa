"""The panel of an agent's run: a summary, and conversation, operations and definition in tabs."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from junjo_desktop.features.run.agent.conversation import END
from junjo_desktop.features.run.agent.operations_table import OperationsTable
from junjo_desktop.features.run.agent.reading import ReadAgent, ReadingAgent
from junjo_desktop.features.run.agent.summary_strip import SummaryStrip
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.conversation.entries_view import EntriesView
from junjo_desktop.widgets.figures import count_text

_CONVERSATION, _OPERATIONS, _DEFINITION = range(3)
_BAR_PX = 36


class AgentPanel(QWidget):
    """Stands where a workflow has its graph. `entered` comes when what was chosen is to be looked at."""

    entered = Signal()

    def __init__(self, selection: RunSelection, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._read: ReadAgent | None = None
        self._followed: str | None = None
        self.summary = SummaryStrip(self)
        self.tabs = QTabBar(self)
        self.conversation = EntriesView("Conversation", workbench, self.tabs, self)
        self.operations = OperationsTable(selection, workbench, self)
        self.definition = EntriesView("Definition", workbench, self.tabs, self)
        self._stack = QStackedWidget(self)
        self._reader = workbench.worker(self, self._show_read)
        self._lay_out()
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.conversation.chosen.connect(self._choose)
        self.operations.entered.connect(self.entered)
        for view in (self.conversation, self.summary):
            view.way_taken.connect(workbench.open)
        selection.changed.connect(self._follow_changed)

    def _lay_out(self) -> None:
        bar = QFrame(self)
        bar.setProperty("look", "bar")
        bar.setFixedHeight(_BAR_PX)
        line = QHBoxLayout(bar)
        line.setContentsMargins(7, 0, 8, 0)
        line.addWidget(self.tabs)
        line.addStretch(1)
        self.tabs.setAccessibleName("Parts of the agent's run")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        for title, part in (
            ("Conversation", self.conversation),
            ("Operations", self.operations),
            ("Definition", self.definition),
        ):
            self.tabs.addTab(title)
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.summary)
        layout.addWidget(bar)
        layout.addWidget(self._stack, 1)

    @property
    def is_reading(self) -> bool:
        """Whether something of the run is still on its way into view."""
        views = (self.conversation, self.definition)
        return self._reader.busy or self.operations.table.is_loading or any(view.is_filling for view in views)

    def show_run(self, run: Run) -> None:
        """Show another run of an agent, or the same one after it grew: then the place and what is open stay."""
        if run.agent is None:
            return
        self.summary.show_run(run, run.agent)
        self.tabs.setTabText(_OPERATIONS, f"Operations {count_text(len(run.agent.operations))}")
        tools = len(run.agent.definition.tools)
        self.tabs.setTabText(_DEFINITION, f"Definition · {count_text(tools)} tool{'' if tools == 1 else 's'}")
        self._reader.submit(ReadingAgent(run, run.agent))

    def forget_run(self) -> None:
        """Let go of the run that was shown: another kind of run is shown now."""
        self._reader.cancel()
        if self._read is not None:
            self._read = None
            self.conversation.show_entries((), is_update=False)
            self.definition.show_entries((), is_update=False)

    def _show_read(self, read: ReadAgent) -> None:
        shown = self._read.run if self._read is not None else None
        is_update = shown is not None and _identity(shown) == _identity(read.run)
        self._read = read
        self.conversation.show_entries(read.conversation, is_update=is_update)
        self.definition.show_entries(read.definition, is_update=is_update)
        self.operations.show_rows(read.operations, read.around)
        if not is_update:
            self._followed = None
        self.follow()

    # The selection

    def _choose(self, entry: Entry) -> None:
        if entry.span_id is not None:
            self._selection.select_span(entry.span_id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follow()

    def _follow_changed(self, _selection: RunSelection) -> None:
        if self.isVisible():
            self.follow()

    def follow(self) -> None:
        """Mark the entry of the operation that the selected span is or is in."""
        if self._read is None:
            return
        span_id = self._selection.span_id
        # What grows stays where it is read: only another choice brings something else into view.
        is_new, self._followed = span_id != self._followed, span_id
        current = self.conversation.current_entry
        if current is not None and current.span_id == span_id:
            return
        self.conversation.mark(self._entry_of(span_id), reveal=is_new)

    def _entry_of(self, span_id: str | None) -> Hashable | None:
        """The key of the entry that tells of a span: of a failed agent itself, that which says how it ended."""
        if self._read is None or span_id is None:
            return None
        if span_id == self._read.run.span_id:
            return END if self._read.run.state is ExecutionState.FAILED else None
        operation = self._read.around.get(span_id)
        entries = self._read.conversation
        return next((one.key for one in entries if one.is_operation and one.span_id == operation), None)

    # Hands

    def show_tab(self, place: int) -> None:
        """Bring a tab to the front and give it the keyboard."""
        self.tabs.setCurrentIndex(place)
        if place == _OPERATIONS:
            self.operations.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            (self.conversation if place == _CONVERSATION else self.definition).take_focus()

    def show_conversation(self) -> None:
        """Go to the conversation."""
        self.show_tab(_CONVERSATION)

    def show_operations(self) -> None:
        """Go to the operations."""
        self.show_tab(_OPERATIONS)

    def show_definition(self) -> None:
        """Go to the definition."""
        self.show_tab(_DEFINITION)

    def save_state(self, state: QSettings) -> None:
        """Write the tab and the table's columns."""
        state.setValue("tab", self.tabs.currentIndex())
        self.operations.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        tab = str(state.value("tab", ""))
        if tab.isdecimal() and int(tab[:2]) < self.tabs.count():
            self.tabs.setCurrentIndex(int(tab[:2]))
        self.operations.restore_state(state)


def _identity(run: Run) -> tuple[str, str]:
    return run.trace_id, run.steps[0].span_id

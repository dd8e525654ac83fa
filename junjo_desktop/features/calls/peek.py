"""What Space shows below the list of calls: what was asked and answered, and what that took and cost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.calls import queries
from junjo_desktop.features.calls.listings import CallRow
from junjo_desktop.features.calls.words import call_facts
from junjo_desktop.shell.destinations import OpenConversation, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import FactsLine
from junjo_desktop.widgets.inspector.reading import SpanReading
from junjo_desktop.widgets.inspector.reading_view import ReadingView
from junjo_desktop.widgets.peek_pane import PeekPane


class CallPeek(PeekPane):
    """`left` comes with Escape out of the field that finds: back to the list."""

    left = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(name="The current call", parent=parent)
        self._workbench = workbench
        self.facts = FactsLine(parent=self)
        self.facts.setProperty("look", "bare")
        self.reading = ReadingView(workbench, self)
        self._nothing = EmptyState("", parent=self)
        self._stack = QStackedWidget(self)
        self.open = QPushButton("Open in trace", self)
        self.conversation = QPushButton("Conversation", self)
        self._reader = workbench.reader(self, self._take)
        self._lay_out()
        self.open.clicked.connect(self.open_trace)
        self.conversation.clicked.connect(self.open_conversation)
        self.reading.left.connect(self.left)

    def _lay_out(self) -> None:
        self.open.setIcon(icon("traces"))
        self.open.setToolTip("Open the span of this call in its trace (Enter)")
        self.conversation.setIcon(icon("conversations"))
        self.conversation.setToolTip("Show all calls of this conversation (W)")
        line = QHBoxLayout()
        line.setContentsMargins(0, 4, 10, 4)
        line.setSpacing(6)
        line.addWidget(self.facts, 1)
        line.addWidget(self.conversation)
        line.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.reading)
        layout.addWidget(self._stack, 1)

    def show_row(self, row: CallRow | None) -> None:
        """Read the call, or say that none is chosen."""
        for button in (self.open, self.conversation):
            button.setVisible(row is not None)
        self.facts.set_facts(() if row is None else call_facts(row))
        if row is None:
            self._reader.cancel()
            self._say("No call is chosen.")
        else:
            self._reader.submit(partial(queries.said, row=row))

    def open_trace(self) -> None:
        """Open the span of the call."""
        if isinstance(row := self.row, CallRow):
            self._workbench.open(OpenTrace(row.trace_id, row.span_id))

    def open_conversation(self) -> None:
        """Show all calls of the same conversation, or of the same trace."""
        if isinstance(row := self.row, CallRow):
            self._workbench.open(conversation_of(row))

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out."""
        self.reading.mark(texts)

    def _take(self, found: SpanReading | None) -> None:
        if found is None:
            self._say("The span of this call is no longer stored.")
        else:
            self.reading.show_reading(found)
            self._stack.setCurrentWidget(self.reading)

    def _say(self, words: str) -> None:
        self._nothing.set_content(words)
        self._stack.setCurrentWidget(self._nothing)

    def save_state(self, state: QSettings) -> None:
        """Write how messages are shown."""
        self.reading.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.reading.restore_state(state)


def conversation_of(row: CallRow) -> OpenConversation:
    """Return the conversation that a call belongs to: where it tells none, that of its trace."""
    return OpenConversation(row.conversation_id) if row.conversation_id else OpenConversation(trace_id=row.trace_id)

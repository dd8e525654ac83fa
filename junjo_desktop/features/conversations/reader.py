"""One conversation, open: what it adds up to, all that was said, and the ways from there. It follows what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.features.conversations.listings import ConversationRow
from junjo_desktop.features.conversations.reading import Conversation, read_conversation
from junjo_desktop.features.conversations.words import row_facts
from junjo_desktop.shell.destinations import OpenCalls, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.conversation.pane import ConversationPane
from junjo_desktop.widgets.facts_line import FactsLine
from junjo_desktop.widgets.peek_pane import PeekPane

_AGAIN_MS = 1_000


class ConversationReader(PeekPane):
    """Below the list it follows the current row; opened, it takes the whole page. `closed` asks for the list."""

    closed = Signal()
    left = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(name="The current conversation", parent=parent)
        self._workbench = workbench
        self._key = ""
        self._shown: Conversation | None = None
        self.back = _button("All conversations", "back", "Back to the list (Esc)", self)
        self.facts = FactsLine(parent=self)
        self.facts.setProperty("look", "bare")
        self.calls = _button("Its calls", "llm", "List its calls (W)", self)
        self.trace = _button("Open trace", "traces", "Open its trace", self)
        self.pane = ConversationPane("Conversation", workbench, self)
        self._reader = workbench.reader(self, self._take)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._read)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(10, 4, 10, 4)
        line.setSpacing(6)
        line.addWidget(self.back)
        line.addWidget(self.facts, 1)
        line.addWidget(self.calls)
        line.addWidget(self.trace)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.pane, 1)
        self.back.hide()

    def _connect(self) -> None:
        self.back.clicked.connect(self.closed)
        self.calls.clicked.connect(self.open_calls)
        self.trace.clicked.connect(self.open_trace)
        self.pane.way_taken.connect(self._workbench.open)
        self.pane.left.connect(self.left)
        self._workbench.batch_stored.connect(self._stored)
        self._workbench.housekeeping.deleted.connect(self._read)

    @property
    def key(self) -> str:
        """The conversation that is shown or on its way; empty for none."""
        return self._key

    @property
    def shown(self) -> Conversation | None:
        """What is shown."""
        return self._shown

    def show_row(self, row: ConversationRow | None) -> None:
        """Read a conversation, or say that none is chosen."""
        if row is None and self.back.isHidden():
            self.show_key("")
        elif row is not None:
            self.show_key(row.key)

    def show_key(self, key: str) -> None:
        """Read the conversation with this key."""
        if key == self._key and self._shown is not None:
            return
        self._key, self._shown = key, None
        if key:
            self._read()
        else:
            self._reader.cancel()
            self._nothing("No conversation is chosen.")

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out."""
        self.pane.mark(texts)

    def open_calls(self) -> None:
        """List the calls of the conversation."""
        if self._shown is not None:
            row = self._shown.row
            named = row.conversation_id is not None
            field, value = ("conversation", row.conversation_id) if named else ("trace_id", row.trace_id)
            self._workbench.open(OpenCalls(query=term_for(field, value or "")))

    def open_trace(self) -> None:
        """Open the trace of its first call."""
        if self._shown is not None and self._shown.said.turns:
            call = self._shown.said.turns[0].call
            self._workbench.open(OpenTrace(call.trace_id, call.span_id))

    def _read(self) -> None:
        if self._key:
            self._reader.submit(partial(read_conversation, key=self._key))

    def _stored(self) -> None:
        if self.isVisible() and self._key and not self._again.isActive():
            self._again.start()

    def _take(self, found: Conversation | None) -> None:
        if found is None:
            self._shown = None
            self._nothing("Calls of this conversation are not stored, or not read yet.")
            return
        before, self._shown = self._shown, found
        if before is not None and before.calls == found.calls:
            return
        self.facts.set_facts(row_facts(found.row))
        for button in (self.calls, self.trace):
            button.setEnabled(True)
        self.trace.setText("Open trace" if found.row.traces == 1 else "Open first trace")
        self.pane.show_said(found.said, is_update=before is not None)

    def _nothing(self, words: str) -> None:
        self.facts.set_facts(())
        for button in (self.calls, self.trace):
            button.setEnabled(False)
        self.pane.say(words)

    def save_state(self, state: QSettings) -> None:
        """Write how messages are shown."""
        self.pane.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.pane.restore_state(state)


def _button(words: str, icon_name: str, tip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(words, parent)
    button.setIcon(icon(icon_name))
    button.setToolTip(tip)
    return button

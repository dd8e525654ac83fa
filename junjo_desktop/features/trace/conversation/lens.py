"""The lens Conversation: what was said to models and what they said, one selection with the spans."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.trace.conversation.reading import ReadConversation, TraceConversation
from junjo_desktop.features.trace.loading import LoadedTrace
from junjo_desktop.widgets.background_work import Background
from junjo_desktop.widgets.conversation.assembly import ShowAgain
from junjo_desktop.widgets.conversation.controls import JSON, PLAIN, ConversationControls
from junjo_desktop.widgets.conversation.copying import CopyForm, copied_entries
from junjo_desktop.widgets.conversation.entries import Entry, value_part
from junjo_desktop.widgets.conversation.entries_view import EntriesView
from junjo_desktop.widgets.conversation.finding import FindInConversation
from junjo_desktop.widgets.conversation.link_question import ask_about_link
from junjo_desktop.widgets.empty_state import EmptyState

_READING = "Reading the conversation …"
_NOTHING = (
    "No model call in this trace. Calls of models appear here with all their messages, once the program is "
    "instrumented: by OpenTelemetry's GenAI packages, OpenInference, OpenLLMetry, Pydantic AI and others."
)
_IDLE_SHARE = 6
"""Reading a growing trace is followed by a pause of this many times its own time."""
_LEAST_REST_MS = 300


@dataclass(frozen=True)
class _Read:
    conversation: TraceConversation
    entries: tuple[Entry, ...]
    took_s: float


@dataclass(frozen=True)
class _Reading:
    read: ReadConversation
    opened: frozenset[str]

    def __call__(self, cursor: object) -> _Read:
        started = time.monotonic()
        conversation = self.read(cursor)  # type: ignore[arg-type]  # a read cursor, of which widgets know nothing
        return _Read(conversation, conversation.entries(self.opened), time.monotonic() - started)


class ConversationLens(QWidget):
    """Nothing is read before it is looked at. `span_chosen` carries the span of an entry that the user went to."""

    span_chosen = Signal(str)
    entered_span = Signal()
    help_asked = Signal()

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace: LoadedTrace | None = None
        self._shown: TraceConversation | None = None
        self._entries: tuple[Entry, ...] = ()
        self._opened: frozenset[str] = frozenset()
        self._keys_of: dict[str, list[Hashable]] = {}
        self._selected = ""
        self._is_stale = False
        self._stack = QStackedWidget(self)
        self.empty = EmptyState(_READING, parent=self._stack)
        self.view = EntriesView("Conversation", background, self, self._stack)
        self.finder = FindInConversation(self.view, background, self)
        self.controls = ConversationControls(self.finder, self)
        """To be placed by the owner."""
        self._reader = background.reader(self, self._take)
        self._assembler = background.worker(self, self._show_assembled)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._connect()

    def _connect(self) -> None:
        self.controls.form_chosen.connect(self._show_form)
        self.controls.copy_asked.connect(self.copy_as)
        self.view.chosen.connect(self._choose)
        self.view.way_taken.connect(self._toggle_repeated)
        self.view.link_asked.connect(self._ask_about_link)
        self.view.entered.connect(self.entered_span)
        self.finder.stepped.connect(self._go_to)
        self.finder.left.connect(self.take_focus)
        self._rest.timeout.connect(self._read_again)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    @property
    def is_reading(self) -> bool:
        """Whether an answer is on its way."""
        return self._reader.busy

    def take_focus(self) -> None:
        """Put the keyboard on the entry that is marked, else on the first in sight."""
        if self._stack.currentWidget() is self.view:
            self.view.take_focus()
        else:
            self.controls.form.setFocus()

    # What is shown

    def forget(self) -> None:
        """Another trace is on its way."""
        self._trace = self._shown = None
        self._opened = frozenset()
        self._reader.cancel()
        self._assembler.cancel()
        self._rest.stop()

    def show_trace(self, trace: LoadedTrace) -> None:
        """Show a trace, or the same one grown."""
        self._trace = trace
        self._is_stale = True
        if self._shown is None:
            self.empty.set_content(_READING)
            self._stack.setCurrentWidget(self.empty)
        if self.isVisible() and not self._rest.isActive():
            self._read_again()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._read_again()
        else:
            self._follow()

    def _read_again(self) -> None:
        if self.isVisible() and self._is_stale and self._trace is not None and not self._reader.busy:
            self._is_stale = False
            self._reader.submit(_Reading(ReadConversation(self._trace.head, self._trace.tree), self._opened))

    def _take(self, read: _Read) -> None:
        is_update = self._shown is not None
        self._shown = read.conversation
        self._show(read.entries, is_update=is_update)
        self._rest.start(max(_LEAST_REST_MS, round(read.took_s * _IDLE_SHARE * 1000)))
        if not is_update:
            self._follow()

    def _show_assembled(self, entries: tuple[Entry, ...]) -> None:
        if self._shown is not None:
            self._show(entries, is_update=True)

    def _show(self, entries: tuple[Entry, ...], *, is_update: bool) -> None:
        self._entries = entries
        self._keys_of = {}
        for entry in entries:
            if entry.span_id is not None:
                self._keys_of.setdefault(entry.span_id, []).append(entry.key)
        if entries:
            self._stack.setCurrentWidget(self.view)
        else:
            self.empty.set_content(_NOTHING, "How to send them", self.help_asked.emit, "conversations")
            self._stack.setCurrentWidget(self.empty)
        self.view.show_form("plain" if self.controls.form.value == PLAIN else "markdown")
        self.view.show_entries(self._in_form(entries), is_update=is_update)
        self.finder.look()

    def _in_form(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        if self.controls.form.value != JSON:
            return entries
        return tuple(
            entry if entry.raw is None else replace(entry, parts=(value_part("", entry.raw),)) for entry in entries
        )

    def _show_form(self, _form: str = "") -> None:
        current = self.view.current_entry
        self._show(self._entries, is_update=True)
        if current is not None:
            self.view.mark(None, reveal=False)
            self.view.mark(current.key)

    # One selection with the spans

    def show_selected(self, span_id: str) -> None:
        """Mark what a span said, or the call that it stands in."""
        self._selected = span_id
        self._follow()

    def show_looked_for(self, texts: Sequence[str]) -> None:
        """Mark and count what is looked for in the trace, as long as nothing is looked for here."""
        self.finder.carry(texts)

    def _follow(self) -> None:
        if self._shown is None or not self.isVisible():
            return
        current = self.view.current_entry
        known = self._shown.call_around(self._selected, frozenset(self._keys_of))
        if not known or (current is not None and current.span_id == known):
            return
        keys = self._keys_of[known]
        said = next((key for key in keys if isinstance(key, tuple) and key[0] in ("call", "tool", "run")), keys[0])
        self.view.mark(said)

    def _choose(self, entry: Entry) -> None:
        if entry.span_id:
            self.span_chosen.emit(entry.span_id)

    def _go_to(self, key: Hashable) -> None:
        self.view.mark(key)
        entry = self.view.current_entry
        if entry is not None:
            self._choose(entry)

    def step_failure(self, forward: bool) -> bool:
        """Go to the next or previous entry that failed, round the end; False when there is none."""
        failed = [place for place, entry in enumerate(self._entries) if entry.is_failed]
        if not failed:
            return False
        current = self.view.current_entry
        places = {entry.key: place for place, entry in enumerate(self._entries)}
        at = -1 if current is None else places.get(current.key, -1)
        ahead = [place for place in failed if (place > at if forward else place < at)]
        chosen = min(ahead, default=failed[0]) if forward else max(ahead, default=failed[-1])
        self._go_to(self._entries[chosen].key)
        return True

    def _toggle_repeated(self, wish: object) -> None:
        if isinstance(wish, ShowAgain) and self._shown is not None:
            self._opened = self._opened ^ {wish.span_id}
            self._assembler.submit(partial(self._shown.entries, self._opened))

    def _ask_about_link(self, address: str) -> None:
        ask_about_link(address, self)

    def copy_as(self, form: str) -> None:
        """Copy the whole conversation."""
        QGuiApplication.clipboard().setText(copied_entries(self._entries, CopyForm(form)))

    def save_state(self, state: QSettings) -> None:
        """Write how messages are shown."""
        self.controls.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.controls.restore_state(state)

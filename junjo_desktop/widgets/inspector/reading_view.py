"""A span as it reads: messages, tools, documents; in three forms, found in, and copied in five."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.request_code import curl_text, python_text
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.conversation.controls import JSON, PLAIN, ConversationControls
from junjo_desktop.widgets.conversation.copying import COPY_FORMS, CopyForm, copied_entries
from junjo_desktop.widgets.conversation.entries import Entry, value_part
from junjo_desktop.widgets.conversation.entries_view import EntriesView
from junjo_desktop.widgets.conversation.finding import FindInConversation
from junjo_desktop.widgets.conversation.link_question import ask_about_link
from junjo_desktop.widgets.inspector.reading import SpanReading

_REQUESTS: dict[str, tuple[str, Callable[[LlmCall], str]]] = {
    "curl": ("Copy request as curl", curl_text),
    "python": ("Copy request as Python", python_text),
}

_STATE_KEY = "reading_form"


class ReadingView(QWidget):
    """Texts for the clipboard, and what is found, are made in the background: a message may have some megabytes."""

    left = Signal()

    def __init__(self, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: SpanReading | None = None
        self._shown: tuple[Entry, ...] = ()
        self._marked = ""
        self.view = EntriesView("Conversation", work, self, self)
        self.finder = FindInConversation(self.view, work, self)
        copies = [(str(form), label) for form, label in COPY_FORMS]
        copies += [(key, label) for key, (label, _) in _REQUESTS.items()]
        self.controls = ConversationControls(self.finder, self, copies=copies)
        self._copier = work.worker(self, _put)
        self._former = work.worker(self, self._show_formed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(self.view, 1)
        self.controls.form_chosen.connect(self._show_form)
        self.controls.copy_asked.connect(self.copy_as)
        self.view.link_asked.connect(self._ask_about_link)
        self.finder.stepped.connect(self._go_to)
        self.finder.left.connect(self.take_focus)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that is shown, in the form in which it is."""
        return self._shown

    @property
    def is_copying(self) -> bool:
        """Whether a text for the clipboard is being made."""
        return self._copier.busy

    def show_reading(self, reading: SpanReading) -> None:
        """Show another reading, or the same one with more."""
        is_update = self._reading is not None and _keys(self._reading) == _keys(reading)
        self._reading = reading
        for action in self.controls.menu.actions():
            action.setVisible(action.data() not in _REQUESTS or reading.call is not None)
        self._form(is_update=is_update)

    def _show_form(self, _form: str = "") -> None:
        self._form(is_update=True)

    def _form(self, *, is_update: bool) -> None:
        if self._reading is None:
            return
        entries = self._reading.entries
        if self.controls.form.value == JSON:
            self._former.submit(partial(_as_json, entries))
            return
        self._former.cancel()
        self._show(entries, is_update=is_update)

    def _show_formed(self, entries: tuple[Entry, ...]) -> None:
        self._show(entries, is_update=True)

    def _show(self, entries: tuple[Entry, ...], *, is_update: bool) -> None:
        self._shown = entries
        self.view.show_form("plain" if self.controls.form.value == PLAIN else "markdown")
        self.view.show_entries(entries, is_update=is_update)
        self.finder.look()
        self._show_marked()

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out, as long as nothing is looked for here."""
        self._marked = texts[0] if texts else ""
        self._show_marked()

    def _show_marked(self) -> None:
        if not self.finder.field.text():
            self.view.show_found(self._marked, frozenset(entry.key for entry in self._shown))

    def take_focus(self) -> None:
        """Put the keyboard on the entry that is marked, else on the first in sight."""
        self.view.take_focus()

    def copy_as(self, form: object) -> None:
        """Copy all of it: a `CopyForm`, or the request as `curl` or `python`."""
        reading = self._reading
        if reading is None:
            return
        if form in _REQUESTS and reading.call is not None:
            self._copier.submit(partial(_REQUESTS[str(form)][1], reading.call))
        elif form not in _REQUESTS:
            self._copier.submit(partial(copied_entries, reading.entries, CopyForm(str(form))))

    def _go_to(self, key: Hashable) -> None:
        self.view.mark(key)

    def _ask_about_link(self, address: str) -> None:
        ask_about_link(address, self)

    def save_state(self, state: QSettings) -> None:
        """Write how messages are shown."""
        self.controls.save_state(state, _STATE_KEY)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.controls.restore_state(state, _STATE_KEY)
        self._show_form()


def _put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _keys(reading: SpanReading) -> list[Hashable]:
    return [(entry.key, entry.span_id) for entry in reading.entries]


def _as_json(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        entry if entry.raw is None else replace(entry, parts=(value_part("", entry.raw),)) for entry in entries
    )

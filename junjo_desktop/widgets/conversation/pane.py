"""A conversation with everything that can be done with it: how it is shown, found in, copied, unfolded."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.conversation.assembly import Around, ShowAgain, Surroundings, assembled
from junjo_desktop.widgets.conversation.controls import JSON, PLAIN, ConversationControls
from junjo_desktop.widgets.conversation.copying import CopyForm, copied_entries
from junjo_desktop.widgets.conversation.entries import Entry, value_part
from junjo_desktop.widgets.conversation.entries_view import EntriesView
from junjo_desktop.widgets.conversation.finding import FindInConversation
from junjo_desktop.widgets.conversation.link_question import ask_about_link
from junjo_desktop.widgets.conversation.turns import Ledger, ToolRun, Turn
from junjo_desktop.widgets.empty_state import EmptyState


def nowhere(_span_id: str) -> Surroundings:
    """Tell nothing of what a call stands in."""
    return Surroundings("")


def as_it_is(entry: Entry) -> Entry:
    """Change nothing of an entry."""
    return entry


@dataclass(frozen=True)
class Said:
    """What is to be shown. `finished` gives entries what only the owner knows: a cost, a way to elsewhere."""

    turns: tuple[Turn, ...] = ()
    runs: tuple[ToolRun, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    around: Around = nowhere
    finished: Callable[[Entry], Entry] = as_it_is
    remarks: tuple[Entry, ...] = ()
    """What stands below it all."""

    def entries(self, opened: frozenset[str]) -> tuple[Entry, ...]:
        """Return it as entries; `opened` are the calls whose repeated messages are to be seen."""
        found = assembled(self.turns, self.runs, self.ledger, self.around, opened)
        return (*map(self.finished, found), *self.remarks)


class ConversationPane(QWidget):
    """`way_taken` carries the destination of a button. What is shown is put together in the background."""

    way_taken = Signal(object)
    left = Signal()

    def __init__(self, name: str, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: Said | None = None
        self._entries: tuple[Entry, ...] = ()
        self._opened: frozenset[str] = frozenset()
        self._is_update = False
        self._marked: tuple[str, ...] = ()
        self._stack = QStackedWidget(self)
        self.empty = EmptyState("", parent=self._stack)
        self.view = EntriesView(name, work, self, self._stack)
        self.finder = FindInConversation(self.view, work, self)
        self.controls = ConversationControls(self.finder, self)
        self._assembler = work.worker(self, self._take)
        self._former = work.worker(self, self._show_formed)
        self._copier = work.worker(self, _put)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(self._stack, 1)
        self.controls.hide()
        self.controls.form_chosen.connect(self._show_form)
        self.controls.copy_asked.connect(self.copy_as)
        self.view.way_taken.connect(self._take_way)
        self.view.link_asked.connect(self._ask_about_link)
        self.finder.stepped.connect(self._go_to)
        self.finder.left.connect(self.left)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    def say(self, words: str) -> None:
        """Show a sentence in place of a conversation."""
        for worker in (self._assembler, self._former):
            worker.cancel()
        self._said, self._entries = None, ()
        self.empty.set_content(words, icon_name="conversations")
        self._stack.setCurrentWidget(self.empty)
        self.controls.hide()

    def show_said(self, said: Said, *, is_update: bool = False) -> None:
        """Show another conversation; or the same with more, then what is open stays so."""
        self._opened = self._opened if is_update else frozenset()
        self._said = said
        self._is_update = is_update
        self._assemble()

    def _assemble(self) -> None:
        if self._said is not None:
            self._assembler.submit(partial(self._said.entries, self._opened))

    def _take(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        self._form(is_update=self._is_update)
        self._is_update = True

    def _form(self, *, is_update: bool) -> None:
        self._stack.setCurrentWidget(self.view)
        self.controls.show()
        if self.controls.form.value == JSON:
            self._former.submit(partial(_as_json, self._entries))
        else:
            self._former.cancel()
            self._show(self._entries, is_update=is_update)

    def _show_formed(self, entries: tuple[Entry, ...]) -> None:
        self._show(entries, is_update=True)

    def _show(self, entries: tuple[Entry, ...], *, is_update: bool) -> None:
        self.view.show_form("plain" if self.controls.form.value == PLAIN else "markdown")
        self.view.show_entries(entries, is_update=is_update)
        self.finder.look()
        self._show_marked()

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out, as long as nothing is looked for here."""
        self._marked = tuple(texts)
        self._show_marked()

    def _show_marked(self) -> None:
        if not self.finder.field.text():
            self.view.show_found(self._marked, frozenset(entry.key for entry in self._entries))

    def _show_form(self, _form: str) -> None:
        if self._entries:
            self._form(is_update=True)

    def take_focus(self) -> None:
        """Put the keyboard on the entry that is marked, else on the first in sight."""
        self.view.take_focus()

    def copy_as(self, form: str) -> None:
        """Copy the whole conversation, as soon as its text is made."""
        self._copier.submit(partial(copied_entries, self._entries, CopyForm(form)))

    def _take_way(self, way: object) -> None:
        if isinstance(way, ShowAgain):
            self._opened = self._opened ^ {way.span_id}
            self._assemble()
        else:
            self.way_taken.emit(way)

    def _go_to(self, key: Hashable) -> None:
        self.view.mark(key)

    def _ask_about_link(self, address: str) -> None:
        ask_about_link(address, self)

    def save_state(self, state: QSettings) -> None:
        """Write how messages are shown."""
        self.controls.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.controls.restore_state(state)


def _put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _as_json(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        entry if entry.raw is None else replace(entry, parts=(value_part("", entry.raw),)) for entry in entries
    )

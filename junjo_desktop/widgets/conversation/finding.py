"""Find in a conversation: the field, how many entries hold the text, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.conversation.entries_view import EntriesView
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.icon_button import icon_button
from junjo_desktop.widgets.search_field import SearchField

_FIELD_PX = 70, 220


@dataclass(frozen=True)
class _Find:
    entries: Sequence[Entry]
    texts: tuple[str, ...]

    def __call__(self) -> tuple[Hashable, ...]:
        texts = tuple(text.lower() for text in self.texts)
        return tuple(entry.key for entry in self.entries if any(map(entry.holds, texts)))


class FindInConversation(QWidget):
    """Looks in the background, also in what is folded. `stepped` carries the key of the entry to go to."""

    stepped = Signal(object)
    left = Signal()

    def __init__(self, view: EntriesView, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._keys: tuple[Hashable, ...] = ()
        self._carried: tuple[str, ...] = ()
        self._worker = work.worker(self, self._show_found)
        self.field = _Field(self)
        self.count = QLabel(self)
        self.count.setProperty("look", "dim")
        self.before = icon_button("chevron-up", "Previous match in the conversation (Shift+Enter)", self)
        self.after = icon_button("chevron-down", "Next match in the conversation (Enter)", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.field.setMinimumWidth(_FIELD_PX[0])
        self.field.setMaximumWidth(_FIELD_PX[1])
        for part in (self.count, self.field, self.before, self.after):
            line.addWidget(part, 1 if part is self.field else 0)
        self.field.changed.connect(self.look)
        self.field.stepped.connect(self.step)
        self.field.left.connect(self.left)
        self.before.clicked.connect(self.step_back)
        self.after.clicked.connect(self.step_on)
        self._say()

    @property
    def found(self) -> tuple[Hashable, ...]:
        """Keys of the entries that hold the text, from top to bottom."""
        return self._keys

    @property
    def texts(self) -> tuple[str, ...]:
        """What is looked for, one of it being enough: what was typed here, else what was carried here."""
        return (self.field.text(),) if self.field.text() else self._carried

    def carry(self, texts: Sequence[str]) -> None:
        """Look, as long as nothing is typed here, for what is looked for around the conversation."""
        if tuple(texts) != self._carried:
            self._carried = tuple(texts)
            if not self.field.text():
                self.look()

    def look(self, _text: str = "") -> None:
        """Look again: another text, or other entries."""
        if self.texts:
            self._worker.submit(_Find(self._view.entries, self.texts))
        else:
            self._worker.cancel()
            self._show_found(())

    def step_on(self) -> None:
        """Go to the next match."""
        self.step(True)

    def step_back(self) -> None:
        """Go to the previous match."""
        self.step(False)

    def step(self, forward: bool) -> None:
        """Go to the next or previous match, seen from the current entry, round the end."""
        if not self._keys:
            return
        current = self._view.current_entry
        order = {entry.key: place for place, entry in enumerate(self._view.entries)}
        at = order.get(current.key, -1) if current is not None else -1
        places = [order[key] for key in self._keys if key in order]
        ahead = [place for place in places if (place > at if forward else place < at)]
        chosen = (min(ahead, default=places[0]) if forward else max(ahead, default=places[-1])) if places else None
        if chosen is not None:
            self.stepped.emit(self._view.entries[chosen].key)
            self._say()

    def _show_found(self, keys: tuple[Hashable, ...]) -> None:
        self._keys = keys
        self._view.show_found(self.texts, frozenset(keys))
        self._say()
        current = self._view.current_entry
        if keys and self.field.hasFocus() and (current is None or current.key not in keys):
            self.step(True)

    def _say(self) -> None:
        current = self._view.current_entry
        total = count_text(len(self._keys))
        at = self._keys.index(current.key) + 1 if current is not None and current.key in self._keys else 0
        words = f"{count_text(at)} of {total}" if at else f"{total} found"
        self.count.setText(words if self._keys else "none" if self.field.text() else "")
        for button in (self.before, self.after):
            button.setEnabled(bool(self._keys))


class _Field(SearchField):
    stepped = Signal(bool)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Find in conversation", parent=parent)
        self.setToolTip("Find in the messages, also in what is folded")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text() and not self.is_typing:
            self.stepped.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif event.key() == Qt.Key.Key_Escape and not self.text():
            self.left.emit()
        else:
            super().keyPressEvent(event)

"""One text or value of an entry: its beginning, and all of it on demand, as text or as a tree."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.conversation.entries import Part
from junjo_desktop.widgets.conversation.message_text import MessageText, TextForm
from junjo_desktop.widgets.conversation.picture import Picture
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.json_tree import JsonTree

_SHOWN_CHARACTERS = 20_000
_MESSAGE_CHARACTERS = 40_000
"""A message that is longer opens as plain text in a pane that scrolls."""
_LINE_PX, _FRAME_PX = 16, 26
_HIGHEST_PX, _TREE_PX = 340, 240
_LABEL_PX = 98
_LABEL_CHARACTERS = 15
_SHORT_LINES = 3


class PartView(QWidget):
    """`opened` comes when it became taller by the user's wish."""

    opened = Signal()
    link_asked = Signal(str)

    def __init__(
        self, part: Part, work: BackgroundWork, parent: QWidget | None = None, *, form: TextForm = "markdown"
    ) -> None:
        super().__init__(parent)
        self._part = part
        self._form: TextForm = form
        self._is_whole = False
        self._found: tuple[str, ...] = ()
        self._work = work
        self._reader = work.worker(self, self._show_read)
        self._wants_tree = False
        self.shown: QLabel | MessageText = MessageText(self) if part.look == "message" else QLabel(self)
        self.all = QPushButton(self)
        self.tree_button = QPushButton("Tree", self)
        self.copy = QPushButton("Copy", self)
        self.open = QPushButton("Open in browser …", self)
        self.picture = Picture(part.image, part.shown, work, self) if part.image is not None else None
        self.code: CodeView | None = None
        self.tree: JsonTree | None = None
        self._column = QVBoxLayout()
        self._lay_out()
        self.all.clicked.connect(self.toggle_whole)
        self.tree_button.clicked.connect(self.toggle_tree)
        self.copy.clicked.connect(self.copy_whole)
        self.open.clicked.connect(self._ask_to_open)

    @property
    def pressed(self) -> tuple[QWidget, ...]:
        """What a press of the mouse reaches."""
        shown = self.shown
        return (shown.viewport(),) if isinstance(shown, MessageText) else (shown,)

    @property
    def is_reading(self) -> bool:
        """Whether the whole is on its way."""
        return self._reader.busy

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """What can be done with it, from left to right."""
        return self.all, self.tree_button, self.copy, self.open

    @property
    def is_opened(self) -> bool:
        """Whether the user opened the whole, as text or as a tree."""
        return self._is_whole or self.code is not None or self.tree is not None or self._reader.busy

    def _lay_out(self) -> None:
        part = self._part
        self._prepare_text()
        name = part.label or "Text"
        for button in self.buttons:
            button.setProperty("look", "link")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tree_button.setAccessibleName(f"{name}: show as a tree")
        self.copy.setAccessibleName(f"{name}: copy")
        self.open.setVisible(part.address is not None)
        self.open.setToolTip("Nothing was fetched. You are asked first, and see the whole address.")
        self.all.setVisible(part.is_cut)
        self.tree_button.setVisible(part.has_value and (part.is_cut or part.shown.count("\n") >= _SHORT_LINES))
        self._say_all()
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for button in self.buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.shown)
        if self.picture is not None:
            self._column.addWidget(self.picture)
        self._column.addLayout(buttons)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        if part.label:
            label = QLabel(part.label, self)
            label.setProperty("look", "dim")
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            if len(part.label) <= _LABEL_CHARACTERS:
                label.setFixedWidth(_LABEL_PX)
            line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(self._column, 1)

    def _prepare_text(self) -> None:
        part, shown = self._part, self.shown
        if isinstance(shown, MessageText):
            shown.link_asked.connect(self.link_asked)
            self._show_message(part.shown + ("…" if part.is_cut else ""))
            return
        shown.setTextFormat(Qt.TextFormat.PlainText)
        shown.setWordWrap(True)
        shown.setMinimumWidth(1)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # A click on the text chooses its entry, and must not take the keyboard from it.
        shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if part.look == "json":
            shown.setFont(mono_font())
        else:
            shown.setProperty("look", {"error": "error", "note": "dim", "media": "dim"}.get(part.look, ""))
        shown.setText(part.shown + ("…" if part.is_cut and part.shown else ""))
        shown.setVisible(bool(part.shown))

    def _show_message(self, text: str) -> None:
        if isinstance(self.shown, MessageText):
            self.shown.show_text(text, self._form)
            self.shown.mark(*self._found)
            self.shown.setVisible(bool(text))

    def show_found(self, texts: tuple[str, ...], *, opens: bool) -> None:
        """Mark texts; `opens`: show the whole where only that holds one of them."""
        self._found = texts
        part = self._part
        if not isinstance(self.shown, MessageText):
            return
        if opens and part.is_cut and not self._is_whole:
            hidden = [text.lower() for text in texts if text and text.lower() not in part.shown.lower()]
            whole = part.whole().lower() if len(hidden) == len(texts) else ""
            if any(text in whole for text in hidden):
                self.toggle_whole()
        self.shown.mark(*texts)

    def _say_all(self) -> None:
        part = self._part
        is_open = self._is_whole or (self.code is not None and self.code.isVisibleTo(self))
        words = "Show less" if is_open else f"Show all {count_text(part.length)} characters"
        if not part.shown:
            words = "Hide" if is_open else f"Show {count_text(part.length)} characters"
        self.all.setText(words)
        self.all.setAccessibleName(f"{part.label}: {words}" if part.label else words)
        is_tree = self.tree is not None and self.tree.isVisibleTo(self)
        self.tree_button.setText("Text" if is_tree else "Tree")
        self.copy.setVisible(is_open or is_tree)

    def _ask_to_open(self) -> None:
        self.link_asked.emit(self._part.address or "")

    # The whole

    def toggle_whole(self) -> None:
        """Show all of the text, or only its beginning again."""
        self._wants_tree = False
        if self._is_whole:
            self._is_whole = False
            self._show_message(self._part.shown + "…")
            self._say_all()
            self.opened.emit()
        elif self.code is not None:
            self._put_in_front(None if self.code.isVisibleTo(self) else self.code)
        elif not self._reader.busy:
            self._reader.submit(self._part.whole)

    def toggle_tree(self) -> None:
        """Show the value as a tree, or its beginning as text again."""
        self._wants_tree = True
        if self.tree is not None:
            self._put_in_front(None if self.tree.isVisibleTo(self) else self.tree)
        elif not self._reader.busy:
            self._reader.submit(self._part.value)

    def copy_whole(self) -> None:
        """Copy all of what is open."""
        if self._is_whole:
            QGuiApplication.clipboard().setText(self._part.text or "")
        elif self.code is not None and self.code.isVisibleTo(self):
            QGuiApplication.clipboard().setText(self.code.text)
        elif self.tree is not None:
            self.tree.copy_all()

    def _show_read(self, read: Any) -> None:
        name = self._part.label or "Text"
        if isinstance(self.shown, MessageText) and len(read) <= _MESSAGE_CHARACTERS:
            self._is_whole = True
            self._show_message(read)
            self._say_all()
            self.opened.emit()
        elif self._wants_tree:
            self.tree = JsonTree(name, parent=self)
            self.tree.set_value(read)
            self.tree.setFixedHeight(_TREE_PX)
            self._column.insertWidget(1, self.tree)
            self._put_in_front(self.tree)
        else:
            self.code = CodeView(name, limit=_SHOWN_CHARACTERS, parent=self)
            self.code.editor.setProperty("look", "code")
            self.code.set_text(read, "json" if self._part.look == "json" else "text")
            lines = min(read.count("\n") + 1 + len(read) // 100, _HIGHEST_PX // _LINE_PX)
            self.code.setFixedHeight(min(lines * _LINE_PX + _FRAME_PX, _HIGHEST_PX))
            self._column.insertWidget(1, self.code)
            self._put_in_front(self.code)

    def _put_in_front(self, widget: QWidget | None) -> None:
        self.shown.setVisible(widget is None and bool(self._part.shown))
        for one in (self.code, self.tree):
            if one is not None:
                one.setVisible(one is widget)
        self._say_all()
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.opened.emit()

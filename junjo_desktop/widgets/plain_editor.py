"""A read-only text widget that stays quick with very long lines.

Qt lays a line out in time that grows with its square: 20,000 characters in 0.07 s, 100,000 in 1.4 s, 500,000 in 25 s
(measured). Lines are therefore broken at 1,000 characters, and joined again when they are copied. Colours are laid on
the lines that are seen: a highlighter of Qt's would go through the whole text first.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget

from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.widgets.display_text import many_lines
from junjo_desktop.widgets.json_highlighter import JsonHighlighter

_LONGEST_LINE = 1_000


class PlainEditor(QPlainTextEdit):
    """Shows text as it is, control characters made visible."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._continuations: frozenset[int] = frozenset()
        self._highlighter: JsonHighlighter | None = None
        self._coloring = 0
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(name)
        self.setFont(mono_font())
        self.document().setDocumentMargin(10)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._color_visible)
        self.verticalScrollBar().valueChanged.connect(self._color_visible)

    def show_text(self, text: str, *, is_json: bool = False) -> None:
        """Show another text from its start."""
        self._highlighter = JsonHighlighter() if is_json else None
        self._coloring += 1
        lines: list[str] = []
        continuations: list[int] = []
        for line in many_lines(text).split("\n"):
            for start in range(0, max(len(line), 1), _LONGEST_LINE):
                if start:
                    continuations.append(len(lines))
                lines.append(line[start : start + _LONGEST_LINE])
        self._continuations = frozenset(continuations)
        self.setPlainText("\n".join(lines))
        self._color_visible()

    def selected_text(self) -> str:
        """Return the selection without the breaks that are ours."""
        cursor = self.textCursor()
        number = self.document().findBlock(cursor.selectionStart()).blockNumber()
        # Qt parts lines of a selection by U+2029.
        first, *others = cursor.selectedText().split("\u2029")
        parts = [first]
        for line in others:
            number += 1
            parts.append(line if number in self._continuations else "\n" + line)
        return "".join(parts)

    def copy_selection(self) -> None:
        """Copy what is selected."""
        if self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self.selected_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not by createMimeDataFromSelection: the clipboard would outlive a QMimeData that Python made, and crash.
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        copy = menu.addAction("Copy")
        copy.triggered.connect(self.copy_selection)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction("Select all").triggered.connect(self.selectAll)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._highlighter is not None:
            self._highlighter = JsonHighlighter()
            self._coloring += 1
            self._soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def _color_visible(self) -> None:
        if self._highlighter is None:
            return
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= bottom:
            if block.userState() != self._coloring:
                block.setUserState(self._coloring)
                block.layout().setFormats(self._highlighter.ranges(block.text()))
                self.document().markContentsDirty(block.position(), block.length())
            top += self.blockBoundingRect(block).height()
            block = block.next()

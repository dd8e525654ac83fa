"""The text of a message, as Markdown or as it is. What a model or a user wrote is hostile.

HTML in Markdown is not understood as such, nothing that it names (images, style sheets, files) is loaded, and no link
is opened by itself: `link_asked` carries its address, and who shows the message asks the user.
"""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrame,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QTextEdit, QWidget

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import mono_font, ui_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import FONT_PX
from junjo_desktop.widgets.display_text import many_lines, one_line

TextForm = Literal["markdown", "plain"]

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_HEADING_PX = {1: FONT_PX + 3, 2: FONT_PX + 2}
_MARKED_MATCHES = 200
_MARGIN_PX = 0


class MessageText(QTextBrowser):
    """As high as its text is at its width; it never scrolls. It keeps at most what it is given."""

    link_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height_of = (-1, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setProperty("look", "message")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        # A click chooses the entry around it, and must not take the keyboard from it.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Message")
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(_MARGIN_PX)
        self.document().setDefaultFont(ui_font())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.anchorClicked.connect(self._ask)

    def show_text(self, text: str, form: TextForm) -> None:
        """Show another text."""
        safe = many_lines(text)
        if form == "markdown":
            self.document().setMarkdown(safe, _FEATURES)
            _dress(self.document())
        else:
            self.setPlainText(safe)
        self._height_of = (-1, 0)
        self.updateGeometry()

    def mark(self, *texts: str) -> None:
        """Mark where these texts stand, whatever their case; nothing for an empty one."""
        marks: list[QTextEdit.ExtraSelection] = []
        for text in filter(None, texts):
            at = self.document().find(text)
            while not at.isNull() and len(marks) < _MARKED_MATCHES:
                mark = QTextEdit.ExtraSelection()
                look = QTextCharFormat()
                look.setBackground(QColor(mix(current().warning, current().panel, 0.3)))
                mark.cursor, mark.format = at, look
                marks.append(mark)
                at = self.document().find(text, at)
        self.setExtraSelections(marks)

    def loadResource(self, _type: int, _name: QUrl | str) -> object:
        """Load nothing: neither images nor files, from nowhere."""
        return None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._height_of[0] != width:
            self.document().setTextWidth(max(width, 1))
            self._height_of = (width, math.ceil(self.document().size().height()))
        return self._height_of[1]

    def sizeHint(self) -> QSize:
        width = max(self.width(), 1)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # To the column around it.
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._height_of = (-1, 0)

    def _ask(self, link: QUrl) -> None:
        self.link_asked.emit(link.toString())


def _dress(document: QTextDocument) -> None:
    """Give code our fixed font and headings modest sizes; Qt's own are twice the size of the text."""
    code = QTextCharFormat()
    code.setFont(mono_font(), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly)
    _dress_tables(document.rootFrame())
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level:
            _resize(block, _HEADING_PX.get(level, FONT_PX))
        else:
            _set_code(block, code)
        block = block.next()


def _dress_tables(frame: QTextFrame) -> None:
    for inner in frame.childFrames():
        if isinstance(inner, QTextTable):
            look = inner.format().toTableFormat()
            look.setBorderBrush(QColor(current().line))
            look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            look.setBorderCollapse(True)
            look.setCellPadding(4)
            look.setWidth(QTextLength())
            inner.setFormat(look)
        _dress_tables(inner)


def _resize(block: QTextBlock, size_px: int) -> None:
    look = QTextCharFormat()
    look.setFont(ui_font(size_px=size_px), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
    look.setFontWeight(600)
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(look)


def _set_code(block: QTextBlock, code: QTextCharFormat) -> None:
    places, images = [], []
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        look = fragment.charFormat()
        if look.isImageFormat():
            images.append((fragment.position(), fragment.length(), look.toImageFormat().name()))
        elif look.fontFixedPitch():
            places.append((fragment.position(), fragment.length()))
        fragments += 1
    for position, length in places:
        _selected(block, position, length).mergeCharFormat(code)
    for position, length, address in reversed(images):
        # It is not loaded; what was meant to be shown is said.
        _selected(block, position, length).insertText(f"[image: {one_line(address, 80)}]", QTextCharFormat())


def _selected(block: QTextBlock, position: int, length: int) -> QTextCursor:
    cursor = QTextCursor(block)
    cursor.setPosition(position)
    cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
    return cursor

"""Paints lines of text: a sign, a tinted ground where something differs, and the part of the line that differs."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.json_highlighter import JsonHighlighter
from junjo_desktop.widgets.state_changes.diff_rows import RowKind
from junjo_desktop.widgets.state_changes.lines_model import LEFT, LinesModel

Index = QModelIndex | QPersistentModelIndex

_GUTTER_PX = 20
_COMPARED_CHARACTERS = 4_000
_PART_SHARE = 0.28
# Columns of a text stay columns, whatever script a value is written in.
_TEXT_FLAGS = (
    Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextForceLeftToRight.value
)


def ground_of(tokens: Tokens, kind: RowKind, *, is_left: bool) -> str | None:
    """Return the ground of a line; None for none."""
    match kind:
        case RowKind.ADDED:
            return None if is_left else tokens.ok_bg
        case RowKind.REMOVED:
            return tokens.error_bg if is_left else None
        case RowKind.CHANGED:
            return tokens.warning_bg
        case RowKind.FOLD:
            return tokens.panel_2
        case _:
            return None


class LinesDelegate(QStyledItemDelegate):
    """Draws only the characters that are seen: a line may have millions."""

    def __init__(self, model: LinesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._font = mono_font()
        self.character_px = QFontMetricsF(self._font).horizontalAdvance("0")
        self._highlighter: tuple[Tokens, JsonHighlighter] | None = None
        self.scrolled = 0
        """Characters that are scrolled away at the left, on both sides."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        rect: QRect = option.rect
        row = self._model.row(index.row())
        is_left = index.column() == LEFT
        ground = ground_of(tokens, row.kind, is_left=is_left)
        text = self._model.text(index.row(), index.column())
        if ground is None and text is None:
            ground = tokens.panel_2
        if ground is not None:
            painter.fillRect(rect, QColor(ground))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(mix(tokens.accent, ground or tokens.panel, 0.22)))
        painter.setFont(self._font)
        painter.setPen(QColor(tokens.text))
        sign = self._model.sign(index.row(), index.column())
        painter.drawText(rect.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, sign)
        if text is None:
            return
        inner = rect.adjusted(_GUTTER_PX, 0, -4, 0)
        painter.save()
        painter.setClipRect(inner)
        if row.kind is RowKind.CHANGED:
            self._paint_part(painter, inner, row.left or "", row.right or "", is_left=is_left)
        is_quiet = row.kind in (RowKind.SAME, RowKind.FOLD) and self._model.columnCount() > 1
        painter.setPen(QColor(tokens.dim if is_quiet else tokens.text))
        seen = text[self.scrolled : self.scrolled + int(inner.width() / self.character_px) + 2]
        self._paint_text(painter, inner, one_line(seen, len(seen)))
        painter.restore()

    def _paint_text(self, painter: QPainter, inner: QRect, text: str) -> None:
        if self._model.columnCount() > 1:
            painter.drawText(inner, _TEXT_FLAGS, text)
            return
        layout = QTextLayout(text, self._font)
        layout.setTextOption(_from_the_left())
        layout.setFormats(self._colors().ranges(text))
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        layout.draw(painter, QPointF(inner.left(), inner.top() + (inner.height() - line.height()) / 2))

    def _colors(self) -> JsonHighlighter:
        tokens = current()
        if self._highlighter is None or self._highlighter[0] is not tokens:
            self._highlighter = tokens, JsonHighlighter()
        return self._highlighter[1]

    def _paint_part(self, painter: QPainter, inner: QRect, left: str, right: str, *, is_left: bool) -> None:
        first, last_left, last_right = differing(left, right)
        last = last_left if is_left else last_right
        start = max(first - self.scrolled, 0) * self.character_px
        end = max(last - self.scrolled, 0) * self.character_px
        if end > start:
            tokens = current()
            part = QRect(inner.left() + round(start), inner.top() + 2, round(end - start), inner.height() - 4)
            painter.fillRect(part, QColor(mix(tokens.warning, tokens.warning_bg, _PART_SHARE)))


def _from_the_left() -> QTextOption:
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    return option


def differing(left: str, right: str) -> tuple[int, int, int]:
    """Return where two lines begin to differ, and where that ends in each; of very long ones, all of it."""
    if len(left) > _COMPARED_CHARACTERS or len(right) > _COMPARED_CHARACTERS:
        return 0, len(left), len(right)
    shortest = min(len(left), len(right))
    first = next((place for place in range(shortest) if left[place] != right[place]), shortest)
    room = shortest - first
    same = next((count for count in range(room) if left[-1 - count] != right[-1 - count]), room)
    return first, len(left) - same, len(right) - same

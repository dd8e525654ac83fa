"""Paints keys and values of a JSON tree: coloured by type, with a mark where a string was unfolded."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.json_model import KEY, VALUE, JsonModel
from junjo_desktop.widgets.marked_line import mark_ground, marked_places
from junjo_desktop.widgets.tag import paint_tag

Index = QModelIndex | QPersistentModelIndex

_ROW_PX = 22
_PADDING_PX = 6
_BAR_PX = 3
_TEXT_IN_STRING = "JSON text"


def kind_color(tokens: Tokens, kind: str) -> str:
    """Return the colour of a JSON type; the type is also told by its form: quotes, braces, true, null."""
    match kind:
        case "string":
            return tokens.retrieval
        case "number":
            return tokens.llm
        case "bool":
            return tokens.warning
        case _:
            return tokens.dim


def cut_key(key: str, characters: int) -> str:
    """Return at most `characters` of a dotted key: some of its beginning, and most of its end, which says most."""
    if len(key) <= characters:
        return key
    head = max(characters // 4, 1)
    tail = max(characters - head - 1, 1)
    return f"{key[:head]}…{key[-tail:]}"


class JsonDelegate(QStyledItemDelegate):
    """Paints over the view's own ground, so that selection and branches stay the view's."""

    def __init__(self, model: JsonModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._font = mono_font()
        self._metrics = QFontMetrics(self._font)
        self.marked: tuple[str, ...] = ()
        """Texts that stand out wherever they are; a row that holds one beyond what is shown has a bar."""
        self._character_px = QFontMetricsF(self._font).horizontalAdvance("0")

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        text = self._model.data(index)
        return QSize(self._metrics.horizontalAdvance(text) + 2 * _PADDING_PX, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.accent_bg))
        inner = rect.adjusted(_PADDING_PX, 0, -_PADDING_PX, 0)
        color = self._color(index, tokens)
        if index.column() == VALUE and self._model.node(index).unfolded is not None:
            inner.setLeft(inner.left() + paint_tag(painter, inner, _TEXT_IN_STRING, "dim") + _PADDING_PX)
        text = self._model.data(index)
        if index.column() == KEY:
            text = cut_key(text, int(inner.width() / self._character_px))
        text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        if self.marked and index.column() == KEY and self._model.node(index).holds(self.marked):
            painter.fillRect(rect.left(), rect.top() + 2, _BAR_PX, rect.height() - 4, QColor(tokens.warning))
        painter.setFont(self._font)
        for start, end in marked_places(text, self.marked):
            left = inner.left() + self._metrics.horizontalAdvance(text[:start])
            width = self._metrics.horizontalAdvance(text[start:end])
            painter.fillRect(left, rect.top() + 2, width, rect.height() - 4, mark_ground())
        painter.setPen(QColor(color))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _color(self, index: Index, tokens: Tokens) -> str:
        match index.column():
            case 0:
                return tokens.text
            case 1:
                return kind_color(tokens, self._model.kind(index))
            case _:
                return tokens.dim

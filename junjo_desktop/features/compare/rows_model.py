"""The rows of a comparison as a Qt tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.features.compare.rows import ComparedRow
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

NAME, LEFT, RIGHT, DIFFERENCE, BARS = range(5)
_SENTENCE_FLAGS = Qt.ItemFlag.ItemIsEnabled
_FLAGS = _SENTENCE_FLAGS | Qt.ItemFlag.ItemIsSelectable
_HEADINGS = ("Step", "Left", "Right", "Difference", "Left above right")


class RowsModel(QAbstractItemModel):
    """`longest_ns` is what the longest bar stands for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = ComparedRow(None, "")
        self._rows: dict[int, ComparedRow] = {}
        self._by_key: dict[int, ComparedRow] = {}
        self.longest_ns = 0

    def show(self, root: ComparedRow) -> None:
        """Show what is below a root."""
        self.beginResetModel()
        self._root = root
        found = list(_below(root))
        self._rows = {id(row): row for row in found}
        self._by_key = {row.key: row for row in found if row.key is not None}
        sides = (side.lasted_ns or 0 for row in found for side in (row.left, row.right))
        self.longest_ns = max(sides, default=0)
        self.endResetModel()

    def row_at(self, index: Index) -> ComparedRow:
        """Return the row of an index; the root's for an invalid one."""
        return self._rows[index.internalId()] if index.isValid() else self._root

    def index_of(self, key: int | None) -> QModelIndex:
        """Return the index of a row by its key; an invalid one when it is not there."""
        row = None if key is None else self._by_key.get(key)
        return QModelIndex() if row is None else self.createIndex(row.row, NAME, id(row))

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        above = self.row_at(parent or QModelIndex())
        if not (0 <= row < len(above.children) and 0 <= column < len(_HEADINGS)):
            return QModelIndex()
        return self.createIndex(row, column, id(above.children[row]))

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent() has the same name
        above = self.row_at(index).parent if index.isValid() else None
        return QModelIndex() if above is None or above.parent is None else self.createIndex(above.row, NAME, id(above))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.column() > 0 else len(self.row_at(parent or QModelIndex()).children)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(_HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _SENTENCE_FLAGS if self.row_at(index).is_sentence else _FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row_at(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(_texts(row)[index.column()])
            case Qt.ItemDataRole.AccessibleTextRole:
                return one_line(row.spoken if index.column() == NAME else _texts(row)[index.column()])
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(row.tip)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in (LEFT, RIGHT, DIFFERENCE) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return _HEADINGS[section] if role == Qt.ItemDataRole.DisplayRole else None


def _texts(row: ComparedRow) -> tuple[str, ...]:
    return row.name, row.left.text, row.right.text, row.difference, ""


def _below(root: ComparedRow) -> Iterator[ComparedRow]:
    waiting = list(reversed(root.children))
    while waiting:
        row = waiting.pop()
        yield row
        waiting.extend(reversed(row.children))

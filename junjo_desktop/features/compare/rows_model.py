"""The rows of a comparison that are in sight, as a Qt table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.features.compare.rows import ComparedRow, ComparedRows
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

NAME, LEFT, RIGHT, DIFFERENCE, BARS = range(5)
_SENTENCE_FLAGS = Qt.ItemFlag.ItemIsEnabled
_FLAGS = _SENTENCE_FLAGS | Qt.ItemFlag.ItemIsSelectable
_HEADINGS = ("Step", "Left", "Right", "Difference", "Left above right")


class RowsModel(QAbstractTableModel):
    """Some rows folded, if asked only those that differ and what is around them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings: Sequence[str] = _HEADINGS
        self._all = ComparedRows()
        self._folded: set[int] = set()
        self._only_differing = False
        self._in_sight: Sequence[int] = ()
        self._row_of: dict[int, int] = {}

    @property
    def all(self) -> ComparedRows:
        """What is shown, in sight or not."""
        return self._all

    def set_headings(self, headings: Sequence[str]) -> None:
        """Name the columns."""
        self._headings = tuple(headings)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(headings) - 1)

    def show(self, rows: ComparedRows, *, is_update: bool = False) -> None:
        """Show other rows; an update keeps what is folded."""
        if not is_update:
            self._folded = set(rows.folded_at_first)
        self._all = rows
        self._renew()

    def show_only_differing(self, only: bool) -> None:
        """Show only the rows that differ, and what is around them."""
        self._only_differing = only
        self._renew()

    def _renew(self) -> None:
        self.beginResetModel()
        self._take(self._wanted_in_sight())
        self.endResetModel()

    def _wanted_in_sight(self) -> Sequence[int]:
        if not self._only_differing and self._folded == self._all.folded_at_first:
            return self._all.in_sight_at_first
        return self._all.in_sight(self._folded, only_differing=self._only_differing)

    def _take(self, in_sight: Sequence[int]) -> None:
        self._in_sight = in_sight
        self._row_of = {place: row for row, place in enumerate(in_sight)}

    def row_at(self, index: Index) -> ComparedRow:
        """Return what stands in the row of an index, which must be valid."""
        return self._all.rows[self._in_sight[index.row()]]

    def index_of(self, key: int | None) -> QModelIndex:
        """Return the index of a row in sight by its key, else an invalid one."""
        row = self._row_of.get(self._all.place_of(key), -1)
        return self.index(row, NAME) if row >= 0 else QModelIndex()

    def is_foldable(self, index: Index) -> bool:
        """Whether something stands below a row, also with only the rows that differ."""
        place, row = self._in_sight[index.row()], self.row_at(index)
        if row.is_sentence or not self._all.is_parent(place):
            return False
        return not self._only_differing or self._all.holds_difference(place)

    def is_folded(self, index: Index) -> bool:
        """Whether what stands below a row is out of sight."""
        return self.row_at(index).key in self._folded

    def around(self, index: Index) -> int | None:
        """Return the key of the row around one; None for the topmost."""
        return next((self._all.rows[at].key for at in self._all.around(self._in_sight[index.row()])), None)

    def toggle(self, index: Index) -> None:
        """Fold an unfolded row, or the other way round."""
        row, key = index.row(), self.row_at(index).key
        if key is None or not self.is_foldable(index):
            return
        before = len(self._in_sight)
        if key in self._folded:
            self._folded.discard(key)
            more = self._wanted_in_sight()
            self.beginInsertRows(QModelIndex(), row + 1, row + len(more) - before)
            self._take(more)
            self.endInsertRows()
        else:
            self._folded.add(key)
            fewer = self._wanted_in_sight()
            self.beginRemoveRows(QModelIndex(), row + 1, row + before - len(fewer))
            self._take(fewer)
            self.endRemoveRows()
        self.dataChanged.emit(self.index(row, NAME), self.index(row, NAME))

    def reveal(self, key: int | None) -> QModelIndex:
        """Unfold whatever hides a row; return its index, an invalid one when it is not there or does not differ."""
        place = self._all.place_of(key)
        if place >= 0 and place not in self._row_of:
            hiding = {self._all.rows[at].key for at in self._all.around(place)}
            if hiding & self._folded:
                self._folded = {folded for folded in self._folded if folded not in hiding}
                self._renew()
        return self.index_of(key)

    # Qt

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._in_sight)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _SENTENCE_FLAGS if index.isValid() and self.row_at(index).is_sentence else _FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row_at(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(_texts(row)[index.column()])
            case Qt.ItemDataRole.AccessibleTextRole:
                return one_line(self._spoken(index, row) if index.column() == NAME else _texts(row)[index.column()])
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(row.tip)
        return None

    def _spoken(self, index: Index, row: ComparedRow) -> str:
        fold = (", folded" if self.is_folded(index) else ", unfolded") if self.is_foldable(index) else ""
        return f"{row.spoken}, level {row.depth + 1}{fold}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in (LEFT, RIGHT, DIFFERENCE) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return self._headings[section] if role == Qt.ItemDataRole.DisplayRole else None


def _texts(row: ComparedRow) -> tuple[str, ...]:
    return row.name, row.left.text, row.right.text, row.difference, ""

"""Lines of text as a table model: one column for a text, two for two texts beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.state_changes.diff_rows import DiffRow, RowKind, longest_of, unfolded

Index = QModelIndex | QPersistentModelIndex
Line = DiffRow | str

LEFT, RIGHT = 0, 1
_READ_CHARACTERS = 400

_SIGNS = {
    RowKind.ADDED: ("", "+"),
    RowKind.REMOVED: ("−", ""),
    RowKind.CHANGED: ("~", "~"),
    RowKind.SAME: ("", ""),
    RowKind.FOLD: ("▸", "▸"),
}


class LinesModel(QAbstractTableModel):
    """A line is a `DiffRow`, or a text that is the same at both sides."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._lines: list[Line] = []
        self.longest = 0
        """Characters of the longest line."""

    def show(self, lines: Sequence[Line], longest: int) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._lines = list(lines)
        self.longest = longest
        self.endResetModel()

    def row(self, number: int) -> DiffRow:
        """Return a line as a row."""
        line = self._lines[number]
        return DiffRow(RowKind.SAME, line, line) if isinstance(line, str) else line

    def unfold(self, number: int) -> int:
        """Put what a fold hides in its place; return how many rows that is, 0 if it is no fold."""
        row = self.row(number)
        if row.hidden is None:
            return 0
        made = unfolded(row)
        is_value = row.left is not None and not row.left.lstrip().startswith("⋯")
        if is_value:
            # The line of the object or array itself stays, to say whose parts follow.
            made = (DiffRow(RowKind.SAME, row.left, row.right), *made)
        self.beginRemoveRows(QModelIndex(), number, number)
        del self._lines[number]
        self.endRemoveRows()
        self.beginInsertRows(QModelIndex(), number, number + len(made) - 1)
        self._lines[number:number] = made
        self.endInsertRows()
        self.longest = max(self.longest, longest_of(made))
        return len(made)

    def sign(self, number: int, side: int) -> str:
        """Return the sign before a line: + added, − removed, ~ changed, ▸ folded."""
        return _SIGNS[self.row(number).kind][side]

    def text(self, number: int, side: int) -> str | None:
        """Return a line as it is; None where there is none at this side."""
        row = self.row(number)
        return row.left if side == LEFT else row.right

    def copied(self, numbers: Sequence[int]) -> str:
        """Return lines for the clipboard; of two texts as a unified difference."""
        if len(self._headings) == 1:
            return "\n".join(self.text(number, LEFT) or "" for number in numbers)
        return "\n".join(line for number in numbers for line in _unified(self.row(number)))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        sign, text = self.sign(index.row(), index.column()), self.text(index.row(), index.column())
        return one_line(f"{sign} {text or ''}".strip() if sign else text or "", _READ_CHARACTERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_text = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headings[section] if is_text and 0 <= section < len(self._headings) else None


def _unified(row: DiffRow) -> list[str]:
    match row.kind:
        case RowKind.SAME | RowKind.FOLD:
            return [f"  {row.left}"]
        case RowKind.ADDED:
            return [f"+ {row.right}"]
        case RowKind.REMOVED:
            return [f"- {row.left}"]
        case _:
            return [f"- {row.left}", f"+ {row.right}"]

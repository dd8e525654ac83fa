"""The tree of changes as a model: a sign, a key, and the value before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.telemetry.junjo.state import ChangeKind, ChangeNode, Changes
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.state_changes.short_text import short_text

Index = QModelIndex | QPersistentModelIndex

KEY, VALUE = 0, 1
_AT_ONCE = 500
_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "−", ChangeKind.CHANGED: "~"}
_WORDS = {ChangeKind.ADDED: "added", ChangeKind.REMOVED: "removed", ChangeKind.CHANGED: "changed"}


@dataclass(slots=True, eq=False)
class ChangeRow:
    """A place with a difference, a part of something added or removed, or ("rest") what did not change beside it."""

    parent: ChangeRow | None
    row: int
    key: str | int
    kind: ChangeKind
    node: ChangeNode | None = None
    value: Any = None
    rest: int = 0
    children: list[ChangeRow] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many children there are, made or not."""
        if self.node is not None and self.node.kind is ChangeKind.WITHIN:
            return len(self.node.children) + bool(self.node.unchanged)
        return len(self.value) if isinstance(self.value, dict | list) and not self.rest else 0

    @property
    def path(self) -> tuple[str | int, ...]:
        """Keys and indexes from the root down to here."""
        return () if self.parent is None else (*self.parent.path, self.key)

    def make_children(self, up_to: int) -> None:
        """Make children until there are `up_to` of them, or all."""
        for made in islice(self._parts(), len(self.children), up_to):
            made.row = len(self.children)
            self.children.append(made)

    def _parts(self) -> Iterator[ChangeRow]:
        if self.node is not None and self.node.kind is ChangeKind.WITHIN:
            for child in self.node.children:
                yield _row_of(self, child)
            yield ChangeRow(self, 0, "", ChangeKind.WITHIN, rest=self.node.unchanged)
        elif isinstance(self.value, dict | list):
            pairs = self.value.items() if isinstance(self.value, dict) else enumerate(self.value)
            for key, value in pairs:
                yield ChangeRow(self, 0, key, self.kind, value=value)


def _row_of(parent: ChangeRow | None, node: ChangeNode) -> ChangeRow:
    value = {ChangeKind.ADDED: node.after, ChangeKind.REMOVED: node.before}.get(node.kind)
    return ChangeRow(parent, 0, node.key, node.kind, node, value)


class ChangeModel(QAbstractItemModel):
    """Rows are made when their parent is opened, 500 at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = ChangeRow(None, 0, "", ChangeKind.WITHIN)
        self._rows: dict[int, ChangeRow] = {}

    def show(self, changes: Changes | None) -> None:
        """Show other changes."""
        self.beginResetModel()
        self._rows.clear()
        root = None if changes is None else changes.root
        if root is not None and root.kind is not ChangeKind.WITHIN:
            # The whole state is another: one row, without a key.
            root = ChangeNode("", ChangeKind.WITHIN, children=(root,))
        self._root = ChangeRow(None, 0, "", ChangeKind.WITHIN, root)
        self._root.make_children(_AT_ONCE)
        self.endResetModel()

    def row_at(self, index: Index) -> ChangeRow:
        """Return the row of an index; the root's for an invalid one."""
        return self._rows[index.internalId()] if index.isValid() else self._root

    def sign(self, index: Index) -> str:
        """Return + − or ~; nothing where the difference is further down, and for what did not change."""
        return _SIGNS.get(self.row_at(index).kind, "")

    def texts(self, index: Index) -> tuple[str, str]:
        """Return the value before and after, for people; one of them is empty where there is no such value."""
        row = self.row_at(index)
        if row.rest:
            return f"{row.rest:,} more, unchanged", ""
        match row.kind:
            case ChangeKind.ADDED:
                return "", short_text(row.value)
            case ChangeKind.REMOVED:
                return short_text(row.value), ""
            case ChangeKind.CHANGED if row.node is not None:
                return short_text(row.node.before), short_text(row.node.after)
            case _:
                return "", ""

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        above = self.row_at(parent or QModelIndex())
        if not (0 <= row < len(above.children) and column in (KEY, VALUE)):
            return QModelIndex()
        found = above.children[row]
        self._rows[id(found)] = found
        return self.createIndex(row, column, id(found))

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent() has the same name
        above = self.row_at(index).parent if index.isValid() else None
        if above is None or above.parent is None:
            return QModelIndex()
        self._rows[id(above)] = above
        return self.createIndex(above.row, KEY, id(above))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.column() > 0 else len(self.row_at(parent or QModelIndex()).children)

    def columnCount(self, _parent: Index | None = None) -> int:
        return 2

    def hasChildren(self, parent: Index | None = None) -> bool:
        return (parent is None or parent.column() <= 0) and self.row_at(parent or QModelIndex()).size > 0

    def canFetchMore(self, parent: Index) -> bool:
        row = self.row_at(parent)
        return parent.column() <= 0 and len(row.children) < row.size

    def fetchMore(self, parent: Index) -> None:
        row = self.row_at(parent)
        first, last = len(row.children), min(len(row.children) + _AT_ONCE, row.size) - 1
        self.beginInsertRows(parent, first, last) if isinstance(parent, QModelIndex) else None
        row.make_children(last + 1)
        self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row_at(index)
        if index.column() == KEY:
            word = _WORDS.get(row.kind, "") if role == Qt.ItemDataRole.AccessibleTextRole else self.sign(index)
            return one_line("…" if row.rest else f"{word} {row.key}".strip())
        before, after = self.texts(index)
        return one_line(f"{before} → {after}" if before and after else before or after)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_text = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return ("Key", "Before → after")[section] if is_text and section in (KEY, VALUE) else None

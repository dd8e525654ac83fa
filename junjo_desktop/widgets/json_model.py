"""A lazy tree model over one JSON value: keys at the left, values at the right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.json_nodes import JsonNode, Keeps, json_inside, kind_of, value_text
from junjo_desktop.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

KEY, VALUE, TYPE = 0, 1, 2
_CHILDREN_AT_ONCE = 500


class JsonModel(QAbstractItemModel):
    """Children are made when their parent is opened, 500 at a time; nodes live as long as the model shows them."""

    def __init__(
        self,
        headings: tuple[str, str] = ("Key", "Value"),
        parent: QObject | None = None,
        type_of: Callable[[Any], str] | None = None,
    ) -> None:
        """`type_of` names the type of a value, for a third column."""
        super().__init__(parent)
        self._type_of = type_of
        self._headings = headings if type_of is None else (*headings, "Type")
        self._root = JsonNode(None, "", {})
        self._nodes: dict[int, JsonNode] = {}

    @property
    def root(self) -> JsonNode:
        """The node of the whole value; its children are the top rows."""
        return self._root

    def show(self, value: Any, only: Keeps | None = None) -> None:
        """Show another value, or what `only` keeps of it. A value without parts is one row without a key."""
        self.beginResetModel()
        self._nodes.clear()
        whole = value if isinstance(value, dict | list | tuple) or json_inside(value) is not None else [value]
        self._root = JsonNode(None, "", whole, 0, json_inside(whole), only)
        self._root.make_children(_CHILDREN_AT_ONCE)
        self.endResetModel()

    def node(self, index: Index) -> JsonNode:
        """Return the node of an index; the root's for an invalid one."""
        return self._nodes[index.internalId()] if index.isValid() else self._root

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        above = self.node(parent or QModelIndex())
        if not (0 <= row < len(above.children) and 0 <= column < len(self._headings)):
            return QModelIndex()
        node = above.children[row]
        self._nodes[id(node)] = node
        return self.createIndex(row, column, id(node))

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent() has the same name
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self._index_of(above)

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is not None and parent.column() > 0:
            return 0
        return len(self.node(parent or QModelIndex()).children)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self._headings)

    def hasChildren(self, parent: Index | None = None) -> bool:
        return (parent is None or parent.column() <= 0) and self.node(parent or QModelIndex()).size > 0

    def canFetchMore(self, parent: Index) -> bool:
        node = self.node(parent)
        return parent.column() <= 0 and len(node.children) < node.size

    def fetchMore(self, parent: Index) -> None:
        node = self.node(parent)
        first, last = len(node.children), min(len(node.children) + _CHILDREN_AT_ONCE, node.size) - 1
        self.beginInsertRows(self._index_of(node), first, last)
        node.make_children(last + 1)
        self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self.node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._cell_text(node, index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._cell_text(node, index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_text = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headings[section] if is_text and 0 <= section < len(self._headings) else None

    def kind(self, index: Index) -> str:
        """Return the JSON type of what is shown at an index."""
        node = self.node(index)
        return kind_of(node.value if node.unfolded is None else node.unfolded)

    def _index_of(self, node: JsonNode) -> QModelIndex:
        if node.parent is None:
            return QModelIndex()
        self._nodes[id(node)] = node
        return self.createIndex(node.row, 0, id(node))

    def _cell_text(self, node: JsonNode, column: int) -> str:
        match column:
            case 0:
                # Nobody would see a key of nothing but spaces.
                return json.dumps(node.key) if isinstance(node.key, str) and not node.key.strip() else str(node.key)
            case 1:
                return self._value_text(node)
            case _:
                return "" if self._type_of is None else self._type_of(node.value)

    @staticmethod
    def _value_text(node: JsonNode) -> str:
        return value_text(node.value if node.unfolded is None else node.unfolded)

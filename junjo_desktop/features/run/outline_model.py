"""The rows in sight of an outline as a Qt list."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.features.run.outline import Cells, Node, Outline
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex


class OutlineModel(QAbstractListModel):
    """Shows an outline, some nodes folded, while filtered only what was found. What a row says is made when asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outline = Outline()
        self._folded: set[Hashable] = set()
        self._kept: Collection[Hashable] | None = None
        self._visible: list[int] = []
        self._rows: dict[int, int] = {}
        self._cells: dict[int, Cells] = {}

    @property
    def outline(self) -> Outline:
        """What is shown."""
        return self._outline

    def set_outline(self, outline: Outline, *, is_update: bool = False, folded: Collection[Hashable] = ()) -> None:
        """Show other rows. An update keeps what is folded; what was not there before begins folded if in `folded`."""
        before = self._outline if is_update else Outline()
        if not is_update:
            self._folded.clear()
        self._folded.update(key for key in folded if before.position_of(key) < 0)
        self._outline = outline
        self._cells.clear()
        self._renew()

    def set_kept(self, kept: Collection[Hashable] | None) -> None:
        """Show only the nodes with these keys and what is around them; None for all."""
        self._kept = kept
        self._renew()

    def forget_kept(self) -> None:
        """Show all nodes of the outline that is set next."""
        self._kept = None

    def _renew(self) -> None:
        self.beginResetModel()
        self._visible = self._outline.visible(self._folded, self._kept)
        self._rows = {position: row for row, position in enumerate(self._visible)}
        self.endResetModel()

    # Folding

    def is_foldable(self, row: int) -> bool:
        """Whether something stands below the row."""
        return self._outline.is_parent(self._visible[row])

    def is_folded(self, row: int) -> bool:
        """Whether what stands below the row is out of sight."""
        return self.node_at(row).key in self._folded

    def fold(self, row: int) -> None:
        """Take out of sight what stands below the row."""
        if self.is_foldable(row) and not self.is_folded(row):
            position = self._visible[row]
            last = row
            while last + 1 < len(self._visible) and self._visible[last + 1] < self._outline.nodes[position].end:
                last += 1
            self._folded.add(self.node_at(row).key)
            if last > row:
                self.beginRemoveRows(QModelIndex(), row + 1, last)
                self._take_visible()
                self.endRemoveRows()
            self.dataChanged.emit(self.index(row), self.index(row))

    def unfold(self, row: int) -> None:
        """Bring into sight what stands below the row."""
        if self.is_folded(row):
            self._folded.discard(self.node_at(row).key)
            count = len(self._outline.visible(self._folded, self._kept)) - len(self._visible)
            if count > 0:
                self.beginInsertRows(QModelIndex(), row + 1, row + count)
                self._take_visible()
                self.endInsertRows()
            self.dataChanged.emit(self.index(row), self.index(row))

    def fold_all(self) -> None:
        """Leave only the topmost rows and what is right below them in sight."""
        nodes = self._outline.nodes
        self._folded = {nodes[at].key for at in range(len(nodes)) if nodes[at].depth and self._outline.is_parent(at)}
        self._renew()

    def unfold_all(self) -> None:
        """Bring everything into sight."""
        self._folded.clear()
        self._renew()

    def reveal(self, key: Hashable) -> int:
        """Unfold what hides a node; return its row, -1 when it is not there or was filtered out."""
        position = self._outline.position_of(key)
        if position < 0:
            return -1
        if position not in self._rows:
            hiding = {self._outline.nodes[at].key for at in self._outline.ancestors(position)} & self._folded
            if hiding:
                self._folded -= hiding
                self._renew()
        return self._rows.get(position, -1)

    def _take_visible(self) -> None:
        self._visible = self._outline.visible(self._folded, self._kept)
        self._rows = {position: row for row, position in enumerate(self._visible)}

    # Rows

    def node_at(self, row: int) -> Node:
        """Return what stands in a row."""
        return self._outline.nodes[self._visible[row]]

    def row_of(self, key: Hashable) -> int:
        """Return the row of a node in sight, else -1."""
        return self._rows.get(self._outline.position_of(key), -1)

    def cells_at(self, row: int) -> Cells:
        """Return what a row says."""
        position = self._visible[row]
        cells = self._cells.get(position)
        if cells is None:
            cells = self._cells[position] = self._outline.nodes[position].item.cells()
        return cells

    # Qt

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._visible)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(self.cells_at(index.row()).sentence)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(self.cells_at(index.row()).tip)
            case Qt.ItemDataRole.AccessibleTextRole:
                return one_line(self._spoken(index.row()))
        return None

    def _spoken(self, row: int) -> str:
        node, cells = self.node_at(row), self.cells_at(row)
        number = f"{cells.number} " if cells.number.isdecimal() else ""
        fold = (", folded" if self.is_folded(row) else ", unfolded") if self.is_foldable(row) else ""
        return f"{number}{cells.sentence}, level {node.depth + 1}{fold}"

"""The rows of a comparison: folds by keyboard, and leads from a row to the step in either run."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStyle, QStyleOptionViewItem, QTreeView, QWidget

from junjo_desktop.features.compare.rows import ComparedRow
from junjo_desktop.features.compare.rows_delegate import RowsDelegate
from junjo_desktop.features.compare.rows_model import BARS, DIFFERENCE, LEFT, NAME, RIGHT, RowsModel

Index = QModelIndex | QPersistentModelIndex

_SIDE_PX, _DIFFERENCE_PX = 84, 88
_BARS_SHARE = 0.24
_WITH_BARS_PX = 560
_LEAST_NAME_PX = 150
_INDENT_PX, _NARROW_INDENT_PX = 15, 9
_NARROW_PX = 480


class RowsTree(QTreeView):
    """`opened` carries a span id and whether it is of the left run; `moved` comes when another row is current."""

    opened = Signal(str, bool)
    moved = Signal()

    def __init__(self, name: str, *, is_nested: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(self)
        self._cells = RowsDelegate(self.rows, self)
        self._unfolded: dict[int, bool] = {}
        self.setModel(self.rows)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(name)
        self.setRootIsDecorated(is_nested)
        self.setIndentation(_INDENT_PX if is_nested else 0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(20)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for folded in (self.expanded, self.collapsed):
            folded.connect(self._remember)
        copy = QAction("Copy row", self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_row)
        self.addAction(copy)

    # What is shown

    def show_rows(self, root: ComparedRow, *, is_update: bool) -> None:
        """Show other rows, the path unfolded; an update keeps folds, the current row and the place."""
        if not is_update:
            self._unfolded.clear()
        key = self.current_key if is_update else None
        at = self.verticalScrollBar().value() if is_update else 0
        self.rows.show(root)
        for index in self._indexes():
            row = self.rows.row_at(index)
            if row.children and row.key is not None and self._unfolded.get(row.key, not row.begins_folded):
                # Nothing is laid out yet, so that this costs next to nothing.
                self.expand(index)
        index = self.rows.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(at)

    def _indexes(self) -> Iterator[QModelIndex]:
        """Yield all rows, those above before those inside."""
        waiting = [QModelIndex()]
        while waiting:
            above = waiting.pop()
            inside = [self.rows.index(number, NAME, above) for number in range(self.rows.rowCount(above))]
            yield from inside
            waiting.extend(inside)

    def _remember(self, index: QModelIndex) -> None:
        key = self.rows.row_at(index).key
        if key is not None:
            self._unfolded[key] = self.isExpanded(index)

    @property
    def current_row(self) -> ComparedRow | None:
        """The current row, None without one and on a sentence."""
        index = self.currentIndex()
        row = self.rows.row_at(index) if index.isValid() else None
        return None if row is None or row.is_sentence else row

    @property
    def current_key(self) -> int | None:
        """Position of the current row in the comparison."""
        row = self.current_row
        return None if row is None else row.key

    def go_to(self, key: int | None) -> None:
        """Make a row current and bring it into sight, with some around it."""
        index = self.rows.index_of(key)
        if index.isValid():
            above = index.parent()
            while above.isValid():
                self.expand(above)
                above = above.parent()
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def copy_row(self) -> None:
        """Copy what the current row says."""
        row = self.current_row
        if row is not None:
            QGuiApplication.clipboard().setText(row.spoken)

    def open_side(self, *, is_left: bool) -> None:
        """Go to the step of the current row in one of the runs."""
        row = self.current_row
        side = None if row is None else row.left if is_left else row.right
        if side is not None and side.span_id is not None:
            self.opened.emit(side.span_id, is_left)

    def open_current(self) -> None:
        """Go to the step of the current row, in the right run where it has it."""
        row = self.current_row
        if row is not None:
            self.open_side(is_left=row.right.span_id is None)

    # Hands

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.open_current()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:
        """Letters are commands here."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_side = index.isValid() and index.column() in (LEFT, RIGHT)
        is_current = index.siblingAtColumn(NAME) == self.currentIndex().siblingAtColumn(NAME)
        if event.button() == Qt.MouseButton.LeftButton and is_side and is_current:
            self.open_side(is_left=index.column() == LEFT)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == NAME:
            self.open_current()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        row = self.rows.row_at(index) if index.isValid() else None
        self._hover(None if row is None else (row, index.column()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def _hover(self, cell: tuple[ComparedRow, int] | None) -> None:
        if cell == self._cells.hovered:
            return
        self._cells.hovered = cell
        is_link = False
        if cell is not None and cell[1] in (LEFT, RIGHT):
            is_link = (cell[0].left if cell[1] == LEFT else cell[0].right).span_id is not None
        shape = Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self.viewport().update()

    def build_menu(self) -> QMenu:
        """Return the context menu of the current row."""
        menu = QMenu(self)
        row = self.current_row
        for words, side, run in (
            ("Open in the left run\tL", row and row.left, self._open_left),
            ("Open in the right run\tR", row and row.right, self._open_right),
        ):
            menu.addAction(words, run).setEnabled(bool(side and side.span_id))
        menu.addSeparator()
        menu.addAction("Copy row\tCtrl+C", self.copy_row)
        return menu

    def _show_menu(self, at: QPoint) -> None:
        if self.current_row is not None:
            menu = self.build_menu()
            menu.exec(self.viewport().mapToGlobal(at))
            menu.deleteLater()

    def _open_left(self) -> None:
        self.open_side(is_left=True)

    def _open_right(self) -> None:
        self.open_side(is_left=False)

    # Looks

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        row = self.rows.row_at(index)
        is_selected = self.selectionModel().isSelected(_plain(index))
        self._cells.paint_row_ground(painter, options.rect, row, is_selected=is_selected)
        if row.is_sentence:
            # Across all columns, which Qt could do by itself, but lays out all rows once more for it.
            place = QRect(options.rect)
            place.setLeft(self.visualRect(_plain(index)).left())
            self._cells.paint_sentence(painter, place, row)
        else:
            super().drawRow(painter, options, index)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if self.rows.row_at(index).children:
            option = QStyleOptionViewItem()
            indent = self.indentation()
            option.rect = QRect(rect.right() - indent + 1, rect.top(), indent, rect.height())
            option.state = QStyle.StateFlag.State_Children
            if self.isExpanded(_plain(index)):
                option.state |= QStyle.StateFlag.State_Open
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorBranch, option, painter, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        if self.rootIsDecorated():
            self.setIndentation(_INDENT_PX if width >= _NARROW_PX else _NARROW_INDENT_PX)
        bars = round(width * _BARS_SHARE) if width >= _WITH_BARS_PX else 0
        self.setColumnHidden(BARS, not bars)
        header = self.header()
        for section, size in ((LEFT, _SIDE_PX), (RIGHT, _SIDE_PX), (DIFFERENCE, _DIFFERENCE_PX), (BARS, bars)):
            if size:
                header.resizeSection(section, size)
        rest = width - 2 * _SIDE_PX - _DIFFERENCE_PX - bars
        header.resizeSection(NAME, max(rest, _LEAST_NAME_PX))


def _plain(index: Index) -> QModelIndex:
    return index if isinstance(index, QModelIndex) else index.model().index(index.row(), index.column(), index.parent())

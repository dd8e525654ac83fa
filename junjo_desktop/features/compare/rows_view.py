"""The rows of a comparison: folds by keyboard, and leads from a row to the span on either side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from junjo_desktop.features.compare.rows import ComparedRow, ComparedRows
from junjo_desktop.features.compare.rows_delegate import RowsDelegate
from junjo_desktop.features.compare.rows_model import BARS, DIFFERENCE, LEFT, NAME, RIGHT, RowsModel
from junjo_desktop.theme.tokens import ROW_PX

Index = QModelIndex | QPersistentModelIndex

_SIDE_PX, _DIFFERENCE_PX = 84, 88
_BARS_SHARE = 0.24
_WITH_BARS_PX = 560
_LEAST_NAME_PX = 150


class RowsView(QTableView):
    """`opened` carries a span id and whether it is of the left side; `moved` comes when another row is current.

    A table, not a tree: Qt asks it only for the rows that are painted, however many there are.
    """

    opened = Signal(str, bool)
    moved = Signal()

    def __init__(
        self, name: str, *, parent: QWidget | None = None, nouns: Sequence[str] = ("left run", "right run")
    ) -> None:
        """`nouns` name both sides in the menu."""
        super().__init__(parent)
        self._nouns = tuple(nouns)
        self.rows = RowsModel(self)
        self._cells = RowsDelegate(self.rows, self)
        self.setModel(self.rows)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self._prepare_headers()
        self.customContextMenuRequested.connect(self._show_menu)
        copy = QAction("Copy row", self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_row)
        self.addAction(copy)

    def _prepare_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setStretchLastSection(False)
        across.setSectionsMovable(False)
        across.setSectionsClickable(False)
        across.setHighlightSections(False)
        across.setMinimumSectionSize(20)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(ROW_PX)
        down.setDefaultSectionSize(ROW_PX)

    # What is shown

    def show_rows(self, rows: ComparedRows, *, is_update: bool) -> None:
        """Show other rows; an update keeps folds, the current row and the place."""
        key, at = self.current_key, self.verticalScrollBar().value()
        self.rows.show(rows, is_update=is_update)
        if is_update:
            self._put_back(key, at)

    def show_only_differing(self, only: bool) -> None:
        """Show only the rows that differ and what is around them; the current one stays, if it is one of them."""
        key = self.current_key
        self.rows.show_only_differing(only)
        self._put_back(key, 0)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _put_back(self, key: int | None, at: int) -> None:
        index = self.rows.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        self.verticalScrollBar().setValue(at)

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
        index = self.rows.reveal(key)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def copy_row(self) -> None:
        """Copy what the current row says."""
        row = self.current_row
        if row is not None:
            QGuiApplication.clipboard().setText(row.spoken)

    def open_side(self, *, is_left: bool) -> None:
        """Go to the span of the current row on one side."""
        row = self.current_row
        side = None if row is None else row.left if is_left else row.right
        if side is not None and side.span_id is not None:
            self.opened.emit(side.span_id, is_left)

    def open_current(self) -> None:
        """Go to the span of the current row, on the right side where that has it."""
        row = self.current_row
        if row is not None:
            self.open_side(is_left=row.right.span_id is None)

    # Hands

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if index.isValid():
                self.open_current()
            case Qt.Key.Key_Left | Qt.Key.Key_Right if index.isValid():
                self._walk(index, is_in=event.key() == Qt.Key.Key_Right)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                # Qt moves between cells here; rows are what is moved through.
                last = self.rows.rowCount() - 1
                self.setCurrentIndex(self.rows.index(0 if event.key() == Qt.Key.Key_Home else last, NAME))
            case _:
                super().keyPressEvent(event)

    def _walk(self, index: QModelIndex, *, is_in: bool) -> None:
        if self.rows.is_foldable(index) and self.rows.is_folded(index) == is_in:
            self.rows.toggle(index)
        elif is_in and self.rows.is_foldable(index):
            self.setCurrentIndex(self.rows.index(index.row() + 1, NAME))
        elif not is_in:
            around = self.rows.index_of(self.rows.around(index))
            if around.isValid():
                self.setCurrentIndex(around)

    def keyboardSearch(self, _text: str) -> None:
        """Letters are commands here."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        is_mark = index.isValid() and self._cells.is_on_fold_mark(self.visualRect(index), index, at)
        if is_mark and event.button() == Qt.MouseButton.LeftButton:
            self.rows.toggle(index)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_side = index.isValid() and index.column() in (LEFT, RIGHT)
        if event.button() == Qt.MouseButton.LeftButton and is_side and index.row() == self.currentIndex().row():
            self.open_side(is_left=index.column() == LEFT)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or index.column() != NAME:
            return
        if self._cells.is_on_fold_mark(self.visualRect(index), index, at):
            self.rows.toggle(index)
        else:
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def build_menu(self) -> QMenu:
        """Return the context menu of the current row."""
        menu = QMenu(self)
        row = self.current_row
        sides = (
            (None if row is None else row.left, self._open_left, "L"),
            (None if row is None else row.right, self._open_right, "R"),
        )
        for noun, (side, go, key) in zip(self._nouns, sides, strict=True):
            if noun:
                menu.addAction(f"Open in the {noun}\t{key}", go).setEnabled(
                    side is not None and side.span_id is not None
                )
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        bars = round(width * _BARS_SHARE) if width >= _WITH_BARS_PX else 0
        self._cells.set_room(width)
        self.setColumnHidden(BARS, not bars)
        header = self.horizontalHeader()
        for section, size in ((LEFT, _SIDE_PX), (RIGHT, _SIDE_PX), (DIFFERENCE, _DIFFERENCE_PX), (BARS, bars)):
            if size:
                header.resizeSection(section, size)
        rest = width - 2 * _SIDE_PX - _DIFFERENCE_PX - bars
        header.resizeSection(NAME, max(rest, _LEAST_NAME_PX))

"""The table view inside a paged table: whole rows, a hover, keys, and a header that sorts in the query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.cell_delegate import PADDING_PX, CellDelegate
from junjo_desktop.widgets.marked_line import LINE_PX, MarkedLine, paint_marked_line
from junjo_desktop.widgets.paged_model import PagedModel
from junjo_desktop.widgets.table_header import TableHeader

Index = QModelIndex | QPersistentModelIndex

_SIGN_PX = 60
_OVERLAP_PX = 4
_FADE_STEP_MS = 60
_FADE_STEPS = 12


class RowTable(QTableView):
    """Enter and a double click open the current row, Space peeks at it, Escape lets go of the selection."""

    opened = Signal()
    peeked = Signal()
    row_changed = Signal()
    selection_moved = Signal()
    header_clicked = Signal(object)

    def __init__(self, model: PagedModel[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = CellDelegate(model, self)
        self.setHorizontalHeader(TableHeader(self))
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self._prepare_header()
        self.doubleClicked.connect(self._open)
        self._fade = QTimer(self)
        self._fade.setInterval(_FADE_STEP_MS)
        self._fade.timeout.connect(self._fade_on)

    def _prepare_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(20)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.sectionClicked.connect(self._announce_header)

    def show_sort(self, section: int, *, descending: bool) -> None:
        """Show in the header by what the rows are sorted; -1 for nothing."""
        header = self.horizontalHeader()
        header.setSortIndicatorShown(section >= 0)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section, order)

    @property
    def row_px(self) -> int:
        """How high rows are."""
        return self._cells.row_px

    def mark(self, texts: Sequence[str]) -> None:
        """Let these texts stand out in cells of text."""
        self._cells.marked = tuple(texts)
        self.viewport().update()

    def set_below(self, below: Callable[[Any], MarkedLine | None] | None) -> None:
        """Show a line below the cells of each row, or (None) none; the row at the top stays there."""
        if below is None and self._cells.below is None:
            return
        top = self.rowAt(0)
        above_px = 0 if top < 0 else self.verticalScrollBar().value() - top * self.row_px
        self._cells.below = below
        self.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.verticalHeader().setDefaultSectionSize(self.row_px)
        self.scroll_to(max(0, top) * self.row_px + min(above_px, self.row_px))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._cells.below is not None:
            self._paint_below(event.rect())

    def _paint_below(self, painted: QRect) -> None:
        """Paint the lines below cells, each once across all of them."""
        below, model, room = self._cells.below, self.model(), self._room_below()
        if below is None or not isinstance(model, PagedModel):
            return
        first, last = self.rowAt(painted.top()), self.rowAt(painted.bottom())
        painter = QPainter(self.viewport())
        for row in range(max(first, 0), (last if last >= 0 else model.rowCount() - 1) + 1):
            line = below(model.id_at(row))
            if line is not None:
                room.moveTop(self.rowViewportPosition(row) + ROW_PX - _OVERLAP_PX)
                paint_marked_line(painter, room, line)
        painter.end()

    def _room_below(self) -> QRect:
        header = self.horizontalHeader()
        shown = [place for place in range(header.count()) if not header.isSectionHidden(header.logicalIndex(place))]
        # Below the first column of text, behind those of signs.
        wide = (header.logicalIndex(place) for place in shown)
        first = next((section for section in wide if header.sectionSize(section) > _SIGN_PX), 0)
        left = header.sectionViewportPosition(first) + PADDING_PX
        return QRect(left, 0, max(0, self.viewport().width() - max(left, 0) - 2 * PADDING_PX), LINE_PX)

    def selected_row_numbers(self, limit: int | None = None) -> list[int]:
        """Return the selected rows in order, at most `limit`, without asking the model for their cells."""
        rows = (row for first, last in self.selected_runs() for row in range(first, last + 1))
        return list(islice(rows, limit))

    def selected_runs(self) -> list[tuple[int, int]]:
        """Return the first and last row of each run of selected rows, in order."""
        return sorted(self._selected_spans())

    def select_rows(self, rows: Sequence[int], current: int) -> None:
        """Select exactly `rows` and make `current` the current one (-1: none), without scrolling."""
        model = self.model()
        selection = QItemSelection()
        last_column = model.columnCount() - 1
        for row in rows:
            selection.select(model.index(row, 0), model.index(row, last_column))
        self.setAutoScroll(False)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        index = model.index(current, 0) if current >= 0 else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.setAutoScroll(True)

    def fade_in(self, rows: int) -> None:
        """Let the first `rows` stand out for a moment: they are new."""
        self._cells.new_rows = rows
        self._cells.newness = 1.0
        self._fade.start()

    def _fade_on(self) -> None:
        fading = QRect(0, self.rowViewportPosition(0), self.viewport().width(), self._cells.new_rows * self.row_px)
        self._cells.newness = max(self._cells.newness - 1 / _FADE_STEPS, 0.0)
        if self._cells.newness == 0.0:
            self._cells.new_rows = 0
            self._fade.stop()
        self.viewport().update(fading)

    def scroll_to(self, value: int) -> None:
        """Scroll to a place in pixels, after the model was reset."""
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        self.verticalScrollBar().setValue(value)

    def _selected_spans(self) -> tuple[tuple[int, int], ...]:
        selection = self.selectionModel().selection()
        parts = [selection.at(number) for number in range(selection.count())]
        return tuple((part.top(), part.bottom()) for part in parts)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._cells.selection = self._selected_spans()
        self.viewport().update()
        self.selection_moved.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._cells.current_row = current.row()
        self.viewport().update()
        self.row_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open()
            case Qt.Key.Key_Space:
                self.peeked.emit()
            case Qt.Key.Key_Escape if self.selectionModel().hasSelection():
                self.clearSelection()
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                # Qt moves between cells here; rows are what is moved through.
                self._move_to_end(first=event.key() == Qt.Key.Key_Home)
            case _:
                super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Qt would ask every row for its text, a million of them; pages have a filter instead."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._cells.has_focus = True
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._cells.has_focus = False
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        current = self.currentIndex()
        bottom = self.rowViewportPosition(current.row()) + self.row_px if current.isValid() else 0
        was_in_sight = self.row_px <= bottom <= event.oldSize().height()
        super().resizeEvent(event)
        hidden_px = bottom - self.viewport().height()
        if was_in_sight and hidden_px > 0:
            # What was opened below the list is of this row.
            self.scroll_to(self.verticalScrollBar().value() + hidden_px)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._cells.hovered_row:
            self._cells.hovered_row = row
            self.viewport().update()

    def _move_to_end(self, *, first: bool) -> None:
        rows = self.model().rowCount()
        if rows:
            self.selectRow(0 if first else rows - 1)
            self.scrollToTop() if first else self.scrollToBottom()

    def _open(self) -> None:
        if self.currentIndex().isValid():
            self.opened.emit()

    def _announce_header(self, section: int) -> None:
        self.header_clicked.emit(section)

"""A short list of rows of text, one of them current: events, exceptions, links."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

Index = QModelIndex | QPersistentModelIndex

_PADDING_PX = 8


class TextRows(QAbstractTableModel):
    """Rows of plain text under fixed headings; `tips` hold what a cell's tooltip says more than the cell."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._tips: tuple[tuple[str, ...], ...] = ()

    def show_rows(self, rows: Sequence[tuple[str, ...]], tips: Sequence[tuple[str, ...]] = ()) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._tips = tuple(tips)
        self.endResetModel()

    def row_text(self, row: int) -> str:
        """Return a row's cells, separated by tabs."""
        return "\t".join(self._rows[row])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            told = self._tips or self._rows
            return plain_tooltip(told[index.row()][index.column()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None


class RowList(QTreeView):
    """`row_chosen` carries the number of the row that became current."""

    row_chosen = Signal(object)

    def __init__(
        self, name: str, headings: Sequence[str], widths: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = TextRows(headings, self)
        self.setModel(self.rows)
        self.setItemDelegate(_RowDelegate(self))
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for section, width in enumerate(widths):
            self.header().resizeSection(section, width)
        self.header().setStretchLastSection(True)
        copy = QAction("Copy row", self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_row)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_rows(self, rows: Sequence[tuple[str, ...]], tips: Sequence[tuple[str, ...]] = ()) -> None:
        """Show other rows, the first one current."""
        self.rows.show_rows(rows, tips)
        if rows:
            self.setCurrentIndex(self.rows.index(0, 0))

    def copy_row(self) -> None:
        """Copy the current row."""
        if self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(self.rows.row_text(self.currentIndex().row()))

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        if now.isValid():
            self.row_chosen.emit(now.row())


class _RowDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(ROW_PX)
        return size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.accent_bg))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(mix(tokens.line, tokens.panel, 0.8)))
        inner = rect.adjusted(_PADDING_PX, 0, -_PADDING_PX, -1)
        text = option.fontMetrics.elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.setPen(QColor(tokens.text))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

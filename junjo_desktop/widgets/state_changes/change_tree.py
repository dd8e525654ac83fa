"""Shows changes as a tree, with signs + − ~ and grounds in the colours of each."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHeaderView, QMenu, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from junjo_desktop.telemetry.junjo.state import ChangeKind, Changes
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import mono_font
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.json_delegate import cut_key
from junjo_desktop.widgets.json_nodes import plain_text
from junjo_desktop.widgets.state_changes.change_model import KEY, ChangeModel
from junjo_desktop.widgets.state_changes.path_menu import PathMenu

Index = QModelIndex | QPersistentModelIndex

_ROW_PX = 23
_SIGN_PX = 16
_KEY_SHARE = 0.36
_LEAST_KEY_PX, _MOST_KEY_PX = 90, 280
_OPENED = 200
_ARROW = " → "


class ChangeTree(QTreeView):
    """`path_pinned` and `history_wanted` carry a JSON pointer."""

    path_pinned = Signal(str)
    history_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, has_history: bool = True) -> None:
        """Without a history of paths neither signal comes."""
        super().__init__(parent)
        self.changes = ChangeModel(self)
        self.setModel(self.changes)
        self.setItemDelegate(_ChangeDelegate(self.changes, self))
        self.setAccessibleName("Changes")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(KEY, QHeaderView.ResizeMode.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.paths = PathMenu(self._path, self.path_pinned.emit, self.history_wanted.emit, has_history=has_history)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self, self.copy_value)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def show_changes(self, changes: Changes | None) -> None:
        """Show other changes, unfolded as far as that is a screen or two."""
        self.changes.show(changes)
        self._open_first()
        if self.changes.rowCount():
            first = self.changes.index(0, KEY)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)

    def copy_value(self) -> None:
        """Copy the value after the change; of something removed that before."""
        row = self.changes.row_at(self.currentIndex())
        value = row.value if row.node is None or row.kind is not ChangeKind.CHANGED else row.node.after
        if row.kind is ChangeKind.WITHIN and row.node is not None:
            value = row.node.after
        QGuiApplication.clipboard().setText(plain_text(value))

    def build_menu(self) -> QMenu:
        """Return the context menu of the current row."""
        menu = QMenu(self)
        self.paths.fill(menu)
        menu.addSeparator()
        menu.addAction("Copy value").triggered.connect(self.copy_value)
        menu.addAction("Fold all").triggered.connect(self.collapseAll)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = round(event.size().width() * _KEY_SHARE)
        self.header().resizeSection(KEY, max(_LEAST_KEY_PX, min(width, _MOST_KEY_PX)))

    def _path(self) -> tuple[str | int, ...] | None:
        row = self.changes.row_at(self.currentIndex())
        return None if row.rest or not self.currentIndex().isValid() else row.path

    def _open_first(self) -> None:
        pending = [self.changes.index(row, KEY) for row in range(self.changes.rowCount())]
        opened = len(pending)
        while pending and opened < _OPENED:
            index = pending.pop(0)
            row = self.changes.row_at(index)
            if row.kind is not ChangeKind.WITHIN or not row.size:
                continue
            if self.changes.canFetchMore(index):
                self.changes.fetchMore(index)
            self.expand(index)
            inner = [self.changes.index(number, KEY, index) for number in range(self.changes.rowCount(index))]
            opened += len(inner)
            pending.extend(inner)

    def _show_menu(self, position: QPoint) -> None:
        if self.currentIndex().isValid():
            menu = self.build_menu()
            menu.exec(self.viewport().mapToGlobal(position))
            menu.deleteLater()

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        ground = _ground(current(), self.changes.row_at(index).kind)
        if ground is not None:
            painter.fillRect(options.rect, QColor(ground))
        super().drawRow(painter, options, index)


def _ground(tokens: Tokens, kind: ChangeKind) -> str | None:
    grounds = {
        ChangeKind.ADDED: tokens.ok_bg,
        ChangeKind.REMOVED: tokens.error_bg,
        ChangeKind.CHANGED: tokens.warning_bg,
    }
    return grounds.get(kind)


class _ChangeDelegate(QStyledItemDelegate):
    def __init__(self, model: ChangeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._font = mono_font()
        self._bold = mono_font(bold=True)
        self._metrics = QFontMetrics(self._font)
        self._bold_metrics = QFontMetrics(self._bold)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(40, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        row = self._model.row_at(index)
        rect: QRect = option.rect
        ground = _ground(tokens, row.kind) or tokens.panel
        painter.fillRect(rect, QColor(ground))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(mix(tokens.accent, ground, 0.22)))
        painter.setFont(self._font)
        is_quiet = row.kind is ChangeKind.WITHIN
        painter.setPen(QColor(tokens.dim if is_quiet else tokens.text))
        inner = rect.adjusted(4, 0, -6, 0)
        if index.column() == KEY:
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self._model.sign(index))
            inner.setLeft(inner.left() + _SIGN_PX)
            room = max(inner.width() // max(self._metrics.horizontalAdvance("0"), 1), 1)
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignVCenter, cut_key("…" if row.rest else one_line(str(row.key)), room)
            )
        else:
            self._paint_value(painter, inner, index)

    def _paint_value(self, painter: QPainter, inner: QRect, index: Index) -> None:
        before, after = (one_line(text) for text in self._model.texts(index))
        if before and after:
            room = (inner.width() - self._metrics.horizontalAdvance(_ARROW)) // 2
            spare = max(room - self._bold_metrics.horizontalAdvance(after), 0)
            cut = self._metrics.elidedText(before, Qt.TextElideMode.ElideRight, room + spare)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, cut + _ARROW)
            inner.setLeft(inner.left() + self._metrics.horizontalAdvance(cut + _ARROW))
        if after:
            painter.setFont(self._bold if before else self._font)
            metrics = self._bold_metrics if before else self._metrics
            painter.drawText(
                inner,
                Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(after, Qt.TextElideMode.ElideRight, inner.width()),
            )
        elif before:
            cut = self._metrics.elidedText(before, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, cut)

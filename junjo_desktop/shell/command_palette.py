"""Ctrl+K: everything that can be done and every place, found by a few letters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.fuzzy import ranked
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX
from junjo_desktop.widgets.display_text import one_line

_WIDTH_PX = 600
_ROW_PX = 34
_ROWS = 11
_TOP_PX = 90
_LISTED = 200
_COMMAND = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Shows commands that are enabled now; Enter runs the chosen one after the palette is gone."""

    def __init__(self, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setWindowTitle("Commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = [command for command in commands if command.enabled()]
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Type a command or a place")
        self.field.setAccessibleName("Command or place")
        self.list = QListView(self)
        self.list.setAccessibleName("Commands and places")
        self.list.setItemDelegate(_CommandDelegate(self.list))
        self.list.setModel(QStandardItemModel(self.list))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = QLabel("Nothing matches.", self)
        self._nothing.setProperty("look", "dim")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out(parent)
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._run_index)
        self._narrow("")

    def _lay_out(self, parent: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)
        width = min(_WIDTH_PX, parent.width() - 40)
        self.resize(width, min(_ROWS * _ROW_PX + 56, max(parent.height() - _TOP_PX - 20, 200)))
        self.move(parent.mapToGlobal(QPoint((parent.width() - width) // 2, _TOP_PX)))

    @property
    def shown(self) -> list[Command]:
        """The commands listed, best first."""
        model = self.list.model()
        return [model.index(row, 0).data(_COMMAND) for row in range(model.rowCount())]

    def run_current(self) -> None:
        """Run the chosen command."""
        self._run_index(self.list.currentIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                    self.list.keyPressEvent(event)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self.run_current()
                    return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        model = QStandardItemModel(self.list)
        for command in ranked(text, self._commands, _searched_text)[:_LISTED]:
            item = QStandardItem(one_line(command.title))
            item.setData(command, _COMMAND)
            item.setAccessibleText(" ".join(filter(None, (command.group, command.title, command.shortcut))))
            model.appendRow(item)
        before = self.list.model()
        self.list.setModel(model)
        before.deleteLater()
        self.list.setCurrentIndex(model.index(0, 0))
        self._nothing.setVisible(model.rowCount() == 0)
        self.list.setVisible(model.rowCount() > 0)

    def _run_index(self, index: QModelIndex) -> None:
        command = index.data(_COMMAND)
        if isinstance(command, Command):
            self.accept()
            command.run()


def _searched_text(command: Command) -> str:
    return f"{command.title} {command.group}"


class _CommandDelegate(QStyledItemDelegate):
    """Icon, title, group in dim, shortcut at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: object) -> QSize:
        return QSize(100, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override] # never called with a persistent one
        command = index.data(_COMMAND)
        tokens = current()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_bg))
            painter.drawRoundedRect(rect.adjusted(6, 1, -6, -1), RADIUS_PX, RADIUS_PX)
        if command.icon:
            paint_icon(painter, QRect(rect.left() + 16, rect.center().y() - 7, 16, 16), command.icon, tokens.dim)
        room = rect.adjusted(42, 0, -16, 0)
        keys = QKeySequence(command.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        painter.setFont(ui_font(size_px=12))
        painter.setPen(QColor(tokens.dim))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(keys) - 12)
        _paint_title(painter, room, command, tokens.text, tokens.dim)
        painter.restore()


def _paint_title(painter: QPainter, room: QRect, command: Command, color: str, group_color: str) -> None:
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(ui_font(weight=QFont.Weight.Medium))
    painter.setPen(QColor(color))
    title = painter.fontMetrics().elidedText(one_line(command.title), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, left, title)
    rest = room.adjusted(painter.fontMetrics().horizontalAdvance(title) + 10, 0, 0, 0)
    painter.setFont(ui_font(size_px=12))
    painter.setPen(QColor(group_color))
    if rest.width() > 40:
        painter.drawText(rest, left, command.group)

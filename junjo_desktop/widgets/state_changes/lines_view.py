"""Shows any number of lines at once, in one or two columns that scroll together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QScrollBar, QTableView, QVBoxLayout, QWidget

from junjo_desktop.widgets.state_changes.lines_delegate import LinesDelegate
from junjo_desktop.widgets.state_changes.lines_model import Line, LinesModel

_ROW_PX = 20
_MARGIN_CHARACTERS = 5


class LinesView(QWidget):
    """Enter or a double click unfolds what is folded; Ctrl+C copies the selected lines, all of them if none are."""

    def __init__(self, name: str, headings: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LinesModel(headings, self)
        self.table = QTableView(self)
        self._delegate = LinesDelegate(self.model, self.table)
        self._across = QScrollBar(Qt.Orientation.Horizontal, self)
        self._prepare(name, shows_headings=len(headings) > 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._across)
        self.setFocusProxy(self.table)

    def _prepare(self, name: str, *, shows_headings: bool) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegate(self._delegate)
        table.setAccessibleName(name)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setMinimumSectionSize(_ROW_PX)
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionsClickable(False)
        table.horizontalHeader().setVisible(shows_headings)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.activated.connect(self._unfold)
        table.doubleClicked.connect(self._unfold)
        self._across.setAccessibleName(f"Scroll {name.lower()} sideways")
        self._across.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._across.valueChanged.connect(self._scroll_across)

    def show_lines(self, lines: Sequence[Line], longest: int) -> None:
        """Show other lines from their start. `longest`: characters of the longest one."""
        self.model.show(lines, longest)
        self._across.setValue(0)
        self._fit_across()
        if lines:
            self.table.selectionModel().setCurrentIndex(
                self.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def copy_lines(self) -> None:
        """Copy the selected lines; all if none are selected."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(self.model.copied(rows or range(self.model.rowCount())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_lines()
        elif event.modifiers() == Qt.KeyboardModifier.ShiftModifier and event.key() in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
        ):
            step = self._across.singleStep() if event.key() == Qt.Key.Key_Right else -self._across.singleStep()
            self._across.setValue(self._across.value() + step)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_across()

    def _fit_across(self) -> None:
        room = int(self.table.viewport().width() / self.model.columnCount() / self._delegate.character_px)
        beyond = self.model.longest + _MARGIN_CHARACTERS - room
        self._across.setRange(0, max(beyond, 0))
        self._across.setPageStep(max(room, 1))
        self._across.setSingleStep(8)
        self._across.setVisible(beyond > 0)

    def _scroll_across(self, characters: int) -> None:
        self._delegate.scrolled = characters
        self.table.viewport().update()

    def _unfold(self, index: QModelIndex) -> None:
        if self.model.unfold(index.row()):
            self.table.setCurrentIndex(self.model.index(index.row(), 0))
            self._fit_across()

    def _show_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Copy lines").triggered.connect(self.copy_lines)
        current = self.table.currentIndex()
        if current.isValid() and self.model.row(current.row()).hidden is not None:
            menu.addAction("Unfold").triggered.connect(self._unfold_current)
        menu.exec(self.table.viewport().mapToGlobal(position))
        menu.deleteLater()

    def _unfold_current(self) -> None:
        self._unfold(self.table.currentIndex())

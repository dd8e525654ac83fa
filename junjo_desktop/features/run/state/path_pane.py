"""The history of pinned paths below a state: which step made what of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from junjo_desktop.features.run.state.path_rows import PathRow, PathSection
from junjo_desktop.telemetry.junjo.state import Certainty
from junjo_desktop.theme.fonts import mono_font, ui_font
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

_NOTES = {Certainty.EXACT: "", Certainty.INFERRED: "(inferred) ", Certainty.UNKNOWN: "(patch only) "}
_STEP_GAP_PX = 14
_ROW_PX = 21
_POSITION = Qt.ItemDataRole.UserRole
_POINTER = Qt.ItemDataRole.UserRole + 1


class PathPane(QTreeWidget):
    """Enter or a click on a row goes to that step; Delete on the title of a path unpins it."""

    step_chosen = Signal(object)
    """The position of a step."""
    pinned = Signal(str)
    unpinned = Signal(str)
    """Also closes a history that was shown without being pinned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections: tuple[PathSection, ...] = ()
        self._pins: frozenset[str] = frozenset()
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setAccessibleName("History of paths")
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.header().setStretchLastSection(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_sections(self, sections: Sequence[PathSection], pins: Sequence[str], position: int | None) -> None:
        """Show other paths; the row of the step at `position` stands out."""
        self._sections, self._pins = tuple(sections), frozenset(pins)
        folded = {self._pointer(item) for item in self._titles() if not item.isExpanded()}
        scrolled = self.verticalScrollBar().value()
        current = self.currentItem()
        kept = None if current is None else (self._pointer(current), current.data(0, _POSITION))
        self.clear()
        self._fit_steps(sections)
        for section in sections:
            item = self._title(section)
            self.addTopLevelItem(item)
            item.setFirstColumnSpanned(True)
            item.addChildren([_row_item(row, is_current=row.position == position) for row in section.rows])
            if section.note:
                note = QTreeWidgetItem(["", section.note])
                note.setDisabled(True)
                item.addChild(note)
            item.setExpanded(section.pointer not in folded)
        self.verticalScrollBar().setValue(scrolled)
        for title in self._titles()[:1]:
            self._show_step(title, position)
        if kept is not None:
            self._put_back(*kept)

    @property
    def lines(self) -> list[str]:
        """What is shown, a line for each row."""
        return [
            " ".join(part for part in (item.text(0), item.text(1)) if part)
            for title in self._titles()
            for item in (title, *(title.child(row) for row in range(title.childCount())))
            if item is not None
        ]

    def build_menu(self) -> QMenu:
        """Return the context menu of the current path."""
        menu = QMenu(self)
        pointer = self._current_pointer()
        if pointer is not None:
            if pointer in self._pins:
                menu.addAction("Unpin path").triggered.connect(self._unpin)
            else:
                menu.addAction("Pin path").triggered.connect(self._pin)
                menu.addAction("Close history").triggered.connect(self._unpin)
            menu.addAction("Copy JSON pointer").triggered.connect(self._copy_pointer)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._current_pointer() is not None:
            self._unpin()
        else:
            super().keyPressEvent(event)

    def _put_back(self, pointer: str | None, position: object) -> None:
        """Make the row current that was it before the rows were made again."""
        for title in self._titles():
            if self._pointer(title) != pointer:
                continue
            rows = [item for row in range(title.childCount()) if (item := title.child(row)) is not None]
            same = [item for item in rows if position is not None and item.data(0, _POSITION) == position]
            self.setCurrentItem(same[0] if same else title)

    def _fit_steps(self, sections: Sequence[PathSection]) -> None:
        last = max((row.sequence for section in sections for row in section.rows), default=0)
        width = QFontMetrics(mono_font(bold=True)).horizontalAdvance(f"step {last:,}")
        self.header().resizeSection(0, 2 * self.indentation() + width + _STEP_GAP_PX)

    def _show_step(self, title: QTreeWidgetItem, position: int | None) -> None:
        """Bring the row of the step into view, if it has one."""
        for row in range(title.childCount()):
            item = title.child(row)
            if item is not None and position is not None and item.data(0, _POSITION) == position:
                self.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _titles(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _title(self, section: PathSection) -> QTreeWidgetItem:
        name = section.pointer or "the whole state"
        changes = f"{section.count:,} change{'' if section.count == 1 else 's'}"
        pinned = " · pinned" if section.pointer in self._pins else ""
        item = QTreeWidgetItem([one_line(f"History of {name} · {changes}{pinned}")])
        item.setFont(0, ui_font(weight=QFont.Weight.DemiBold))
        item.setData(0, _POINTER, section.pointer)
        item.setToolTip(0, plain_tooltip(name))
        item.setSizeHint(0, QSize(0, _ROW_PX))
        return item

    def _pointer(self, item: QTreeWidgetItem | None) -> str | None:
        while item is not None and item.parent() is not None:
            item = item.parent()
        return None if item is None else str(item.data(0, _POINTER))

    def _current_pointer(self) -> str | None:
        return self._pointer(self.currentItem())

    def _choose(self, item: QTreeWidgetItem) -> None:
        position = item.data(0, _POSITION)
        if isinstance(position, int):
            self.step_chosen.emit(position)

    def _pin(self) -> None:
        pointer = self._current_pointer()
        if pointer is not None:
            self.pinned.emit(pointer)

    def _unpin(self) -> None:
        pointer = self._current_pointer()
        if pointer is not None:
            self.unpinned.emit(pointer)

    def _copy_pointer(self) -> None:
        QGuiApplication.clipboard().setText(self._current_pointer() or "")

    def _show_menu(self, position: QPoint) -> None:
        menu = self.build_menu()
        if menu.actions():
            menu.exec(self.viewport().mapToGlobal(position))
        menu.deleteLater()


def _row_item(row: PathRow, *, is_current: bool) -> QTreeWidgetItem:
    change = f"{row.before} → {row.after}" if row.before else f"→ {row.after}"
    unsure = _NOTES[row.certainty]
    item = QTreeWidgetItem([f"step {row.sequence:,}", one_line(unsure + change)])
    item.setSizeHint(0, QSize(0, _ROW_PX))
    item.setData(0, _POSITION, row.position)
    item.setToolTip(1, plain_tooltip(change))
    for column in (0, 1):
        item.setFont(column, mono_font(bold=is_current))
    return item

"""The values of the fields of a list, each with its count: to see what is there, and to narrow the list by a click."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.store.facets import Facets
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.facet_delegate import ROW_ROLE, FacetDelegate
from junjo_desktop.widgets.facet_rows import FacetRow, IsOn, RowKind, rows_of
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.tooltip import plain_tooltip

_LEAST_PX = 180


class FacetPanel(QFrame):
    """`asked` carries a `FacetRow` and whether the list should have only it, or all but it."""

    asked = Signal(object)
    closed = Signal()

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = noun
        self._folded: set[str] = set()
        self.setMinimumWidth(_LEAST_PX)
        self.summary = QLabel(self)
        self.summary.setProperty("look", "dim")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.close_button = QToolButton(self)
        self.tree = FacetTree(self)
        self._lay_out()
        self.tree.asked.connect(self.asked)
        self.tree.itemExpanded.connect(self._remember_folds)
        self.tree.itemCollapsed.connect(self._remember_folds)
        self.close_button.clicked.connect(self.closed)
        self.setFocusProxy(self.tree)

    def _lay_out(self) -> None:
        title = QLabel("Facets", self)
        title.setProperty("look", "heading")
        self.close_button.setIcon(icon("close"))
        self.close_button.setToolTip("Hide the facets (B)")
        self.close_button.setAccessibleName("Hide the facets")
        head = QHBoxLayout()
        head.setContentsMargins(14, 6, 6, 4)
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(self.summary, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tree, 1)

    @property
    def folded(self) -> list[str]:
        """The fields that are folded."""
        return sorted(self._folded)

    def fold(self, fields: Iterable[str]) -> None:
        """Fold these fields whenever they are shown."""
        self._folded = set(fields)
        self._restore_folds()

    def show_facets(self, facets: Facets, is_on: IsOn) -> None:
        """Show counts. What is folded, current and scrolled to stays."""
        self.summary.setText(counted(facets.total, self._noun))
        place, scrolled = self._place(), self.tree.verticalScrollBar().value()
        self.tree.blockSignals(True)
        self.tree.clear()
        for facet in facets.facets:
            head = self._add(None, FacetRow(RowKind.FIELD, facet.title, None, field=facet.field))
            for row in rows_of(facet, facets.total, self._noun, is_on):
                self._add(head, row)
        self._restore_folds()
        self._go_to(place)
        self.tree.blockSignals(False)
        self.tree.verticalScrollBar().setValue(scrolled)

    def _add(self, parent: QTreeWidgetItem | None, row: FacetRow) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree if parent is None else parent, [row.text])
        item.setData(0, ROW_ROLE, row)
        if row.tip:
            item.setToolTip(0, plain_tooltip(row.tip))
        spoken = row.text if row.count is None else f"{row.text}: {counted(row.count, self._noun)}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        if row.kind is RowKind.OTHERS:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        return item

    def _place(self) -> tuple[str, str] | None:
        item = self.tree.currentItem()
        row: FacetRow | None = None if item is None else item.data(0, ROW_ROLE)
        return None if row is None else (row.field, row.value)

    def _go_to(self, place: tuple[str, str] | None) -> None:
        for item in self.tree.all_items():
            row: FacetRow = item.data(0, ROW_ROLE)
            if (row.field, row.value) == place:
                self.tree.setCurrentItem(item)
                return

    def _remember_folds(self, item: QTreeWidgetItem) -> None:
        row: FacetRow = item.data(0, ROW_ROLE)
        if item.isExpanded():
            self._folded.discard(row.field)
        else:
            self._folded.add(row.field)

    def _restore_folds(self) -> None:
        for place in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(place)
            row: FacetRow | None = None if item is None else item.data(0, ROW_ROLE)
            if item is not None and row is not None:
                item.setExpanded(row.field not in self._folded)


class FacetTree(QTreeWidget):
    """Enter and a click ask for only the value, `-` for all but it."""

    asked = Signal(object)
    """`(FacetRow, bool)`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setColumnCount(1)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setAccessibleName("Facets: values of the listed rows")
        self.setItemDelegate(FacetDelegate(self))
        self.itemClicked.connect(self._clicked)
        self.customContextMenuRequested.connect(self._show_menu)

    def all_items(self) -> list[QTreeWidgetItem]:
        """Return every row from top to bottom, also of folded fields."""
        found: list[QTreeWidgetItem | None] = []
        for place in range(self.topLevelItemCount()):
            head = self.topLevelItem(place)
            found.append(head)
            if head is not None:
                found += [head.child(number) for number in range(head.childCount())]
        return [item for item in found if item is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._clicked(item)
        elif item is not None and event.key() == Qt.Key.Key_Minus:
            self._ask(item, wanted=False)
        else:
            super().keyPressEvent(event)

    def _clicked(self, item: QTreeWidgetItem) -> None:
        row: FacetRow = item.data(0, ROW_ROLE)
        if row.kind is RowKind.FIELD:
            item.setExpanded(not item.isExpanded())
        else:
            self._ask(item, wanted=True)

    def _ask(self, item: QTreeWidgetItem, *, wanted: bool) -> None:
        row: FacetRow = item.data(0, ROW_ROLE)
        if row.kind in (RowKind.VALUE, RowKind.CHOSEN):
            self.asked.emit((row, wanted))

    def _show_menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        row: FacetRow | None = None if item is None else item.data(0, ROW_ROLE)
        if item is None or row is None or row.kind not in (RowKind.VALUE, RowKind.CHOSEN):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = row.text.replace("&", "&&")
        verb = "No longer only" if row.kind is RowKind.CHOSEN else "Only"
        only = menu.addAction(icon("filter"), f"{verb} {shown}")
        without = menu.addAction(icon("minus"), f"Not {shown}")
        chosen = menu.exec(self.viewport().mapToGlobal(at))
        if chosen in (only, without):
            self.asked.emit((row, chosen is only))

"""A foldable list of rows, of which one is current: steps, state updates, failures."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from junjo_desktop.features.run.outline import Item, Outline
from junjo_desktop.features.run.outline_delegate import OutlineDelegate
from junjo_desktop.features.run.outline_model import OutlineModel

Index = QModelIndex | QPersistentModelIndex

_FOLDS, _UNFOLDS = Qt.Key.Key_Left, Qt.Key.Key_Right


class OutlineView(QListView):
    """`chosen` carries the `Item` that the user made current; `entered_row` comes on Enter, on the current row."""

    chosen = Signal(object)
    entered_row = Signal()
    menu_asked = Signal(object)
    """A context menu for the current row is being built: add to the `QMenu` it carries."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = OutlineModel(self)
        self._cells = OutlineDelegate(self.rows, self)
        self._is_following = False
        self.setModel(self.rows)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.entered.connect(self._hover)
        copy = QAction("Copy row", self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_row)
        self.addAction(copy)

    # What is shown

    def show_outline(self, outline: Outline, *, is_update: bool = False, folded: Collection[Hashable] = ()) -> None:
        """Show other rows from the top; an update of the same ones keeps folds, the current row and the place.

        Rows with a key in `folded` begin folded.
        """
        kept = self._place() if is_update else None
        self.rows.set_outline(outline, is_update=is_update, folded=folded)
        self._put_back(kept)

    def show_only(self, kept: Collection[Hashable] | None) -> None:
        """Show only the rows with these keys and what is around them; None for all. The current row stays."""
        place = self._place()
        self.rows.set_kept(kept)
        self._put_back(place)

    def fold_all(self) -> None:
        """Fold everything below the topmost rows."""
        place = self._place()
        self.rows.fold_all()
        self._put_back(place)

    def unfold_all(self) -> None:
        """Unfold everything."""
        place = self._place()
        self.rows.unfold_all()
        self._put_back(place)

    def _place(self) -> tuple[Hashable, Hashable, int]:
        """Return the keys of the current row and of the one at the top, and where the latter begins."""
        current, top = self.currentIndex(), self.indexAt(QPoint(1, 1))
        return (
            self.rows.node_at(current.row()).key if current.isValid() else None,
            self.rows.node_at(top.row()).key if top.isValid() else None,
            self.visualRect(top).top() if top.isValid() else 0,
        )

    def _put_back(self, place: tuple[Hashable, Hashable, int] | None) -> None:
        if place is None:
            self.scrollToTop()
            return
        current, top, offset = place
        self._make_current(self.rows.row_of(current), scroll=False)
        row = self.rows.row_of(top)
        if row >= 0:
            self.executeDelayedItemsLayout()
            self.verticalScrollBar().setValue(self._top_of(row) - offset)

    def _top_of(self, row: int) -> int:
        return self.visualRect(self.rows.index(row)).top() + self.verticalScrollBar().value()

    # The current row

    @property
    def current_item(self) -> Item | None:
        """What stands in the current row."""
        index = self.currentIndex()
        return self.rows.node_at(index.row()).item if index.isValid() else None

    def follow(self, key: Hashable | None) -> bool:
        """Make the row with this key current without `chosen`, and bring it into sight; False when it is not there."""
        row = -1 if key is None else self.rows.reveal(key)
        self._make_current(row, scroll=True)
        return row >= 0

    def _make_current(self, row: int, *, scroll: bool) -> None:
        index = self.rows.index(row) if row >= 0 else QModelIndex()
        if index == self.currentIndex():
            return
        self._is_following = True
        self.setAutoScroll(scroll)
        if index.isValid():
            self.setCurrentIndex(index)
        else:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
        self.setAutoScroll(True)
        self._is_following = False

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        if now.isValid() and not self._is_following:
            self.chosen.emit(self.rows.node_at(now.row()).item)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes the first row current when none is; the keyboard only begins there, nobody chose it.
        self._is_following = True
        super().focusInEvent(event)
        self._is_following = False

    def copy_row(self) -> None:
        """Copy what the current row says."""
        if self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(self.rows.cells_at(self.currentIndex().row()).sentence)

    # Hands

    def takes_key(self, key: int) -> bool:
        """Whether ← or → folds or unfolds the current row; else they are the page's."""
        index = self.currentIndex()
        if not index.isValid() or not self.rows.is_foldable(index.row()):
            return False
        return key == (_UNFOLDS if self.rows.is_folded(index.row()) else _FOLDS)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.takes_key(event.key())
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (_FOLDS, _UNFOLDS):
            if self.takes_key(event.key()):
                self.toggle(self.currentIndex().row())
            else:
                event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)

    def toggle(self, row: int) -> None:
        """Fold an unfolded row, or the other way round."""
        (self.rows.unfold if self.rows.is_folded(row) else self.rows.fold)(row)

    def keyboardSearch(self, _text: str) -> None:
        """Letters are commands here; the filter looks for names."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            if self._cells.is_on_fold_mark(self.visualRect(index), index.row(), at):
                self.toggle(index.row())
                return
            if index == self.currentIndex():
                # Pressed again: whoever looked at another part of the page comes back to this row.
                self.chosen.emit(self.rows.node_at(index.row()).item)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.is_foldable(index.row()):
            self.toggle(index.row())
        else:
            super().mouseDoubleClickEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._cells.hovered_row = -1
            self.viewport().update()
        return super().viewportEvent(event)

    def _hover(self, index: QModelIndex) -> None:
        self._cells.hovered_row = index.row()
        self.viewport().update()

    def build_menu(self) -> QMenu:
        """Return the context menu of the current row."""
        menu = QMenu(self)
        menu.addAction("Copy row\tCtrl+C", self.copy_row)
        self.menu_asked.emit(menu)
        return menu

    def _show_menu(self, at: QPoint) -> None:
        if self.currentIndex().isValid():
            menu = self.build_menu()
            menu.exec(self.viewport().mapToGlobal(at))
            menu.deleteLater()

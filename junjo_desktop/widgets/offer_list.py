"""The list below a search field that offers what may be written: chosen by arrows and Enter or Tab, or by mouse.

Nothing is chosen until an arrow is pressed, so Enter searches as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.offer_delegate import ICON_ROLE, ROW_PX, WORDS_ROLE, OfferDelegate
from junjo_desktop.widgets.search_field import SearchField

_ROWS = 10
_LONGEST = 120
_LEAST_PX = 560


class OfferLike(Protocol):
    """What is inserted, what is shown, and what it is; `takes_all`: in place of the whole text."""

    @property
    def text(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def takes_all(self) -> bool: ...


class OfferSource(Protocol):
    """Tells what to offer; `asked`: by a key, not by typing."""

    def offers(self, text: str, cursor: int, *, asked: bool) -> tuple[Sequence[OfferLike], int, int]:
        """Return what may stand at the cursor, and the place it takes, in characters."""

    def take(self, offer: OfferLike, /) -> bool:
        """Do what an offer stands for; False when its text is to be inserted."""

    def focused(self) -> None:
        """The field has the focus: what is offered may be read."""


class OfferList(QTreeWidget):
    """Belongs to the window, so that it may lie over what is below the field; hidden while there is nothing."""

    def __init__(self, field: SearchField, source: OfferSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self._source = source
        self._offers: Sequence[OfferLike] = ()
        self._place = (0, 0)
        self._is_wanted = self._is_asked = False
        self.setAccessibleName("Suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setColumnCount(1)
        self.setUniformRowHeights(True)
        self._cells = OfferDelegate(self)
        self.setItemDelegate(self._cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("look", "offers")
        self.itemPressed.connect(self._pressed)
        field.textEdited.connect(self._edited)
        field.textChanged.connect(self._changed)
        field.installEventFilter(self)
        self.hide()

    def refresh(self) -> None:
        """Offer again: what is known has changed."""
        if self._is_wanted and self._field.hasFocus():
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._field:
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if event.type() == QEvent.Type.FocusIn:
            self._source.focused()
        elif event.type() in {QEvent.Type.FocusOut, QEvent.Type.Hide}:
            self._leave()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        is_shown, row = not self.isHidden(), self._row
        if key == Qt.Key.Key_Down or (
            key == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            if is_shown:
                self._choose(row + 1)
            else:
                self._ask()
            return True
        if not is_shown:
            return False
        if key == Qt.Key.Key_Up:
            self._choose(row - 1)
        elif key == Qt.Key.Key_Escape:
            self._leave()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab} and row >= 0:
            self._take(row)
        else:
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._leave()
            return False
        return True

    @property
    def _row(self) -> int:
        item = self.currentItem()
        return -1 if item is None else self.indexOfTopLevelItem(item)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._offers) and (item := self.topLevelItem(row)) is not None:
            self.setCurrentItem(item)
        elif row < 0:
            self.setCurrentIndex(QModelIndex())

    def _edited(self, _text: str) -> None:
        self._is_wanted, self._is_asked = True, False
        self._show()

    def _changed(self, text: str) -> None:
        if not text:
            self._leave()

    def _ask(self) -> None:
        self._is_wanted = self._is_asked = True
        self._show()
        self._choose(0)

    def _leave(self) -> None:
        self._is_wanted = False
        self.hide()

    def _take(self, row: int) -> None:
        offer = self._offers[row]
        if self._source.take(offer):
            self._leave()
            return
        start, end = (0, len(self._field.text())) if offer.takes_all else self._place
        self._field.put(offer.text, start, end)
        self._edited("")

    def _pressed(self, item: QTreeWidgetItem) -> None:
        self._take(self.indexOfTopLevelItem(item))

    def _show(self) -> None:
        chosen = self._offers[self._row] if self._row >= 0 else None
        self._offers, *place = self._source.offers(self._field.text(), self._field.cursor_place, asked=self._is_asked)
        self._place = (place[0], place[1])
        typed = self._field.text()
        self._cells.typed = typed if not any(place) else typed[place[0] : place[1]]
        self.clear()
        for offer in self._offers:
            item = QTreeWidgetItem([isolated(one_line(offer.shown, _LONGEST))])
            item.setData(0, WORDS_ROLE, offer.words)
            item.setData(0, ICON_ROLE, offer.icon)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{one_line(offer.shown, _LONGEST)}: {offer.words}")
            self.addTopLevelItem(item)
            if offer == chosen:
                self.setCurrentItem(item)
        self._fit()

    def _fit(self) -> None:
        if not self._offers:
            self.hide()
            return
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        rows = min(len(self._offers), _ROWS) * ROW_PX
        width = min(max(self._field.width(), _LEAST_PX), window.width())
        self.resize(width, rows + 2 * self.frameWidth() + 4)
        self.move(self._field.mapTo(window, QPoint(0, self._field.height() + 2)))
        self.show()
        self.raise_()

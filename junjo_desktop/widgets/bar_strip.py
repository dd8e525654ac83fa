"""A strip of bars above a list: what hands do with it. Click a bar or drag over several to choose them.

By keyboard: ← → go from bar to bar, with Shift they extend the range, Enter chooses it, Escape lets go.
"""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from junjo_desktop.widgets.tooltip import plain_tooltip

LEFT_PX, RIGHT_PX = 66, 18
_DRAG_PX = 4


class BarStrip(QWidget):
    """A subclass paints, and says what the bars are. Bars have the same width and are counted from the left."""

    def __init__(
        self, name: str, *, height_px: int, top_px: int, bottom_px: int, parent: QWidget | None = None
    ) -> None:
        """`top_px` and `bottom_px` are what lies above and below the bars."""
        super().__init__(parent)
        self._top_px = top_px
        self._bottom_px = bottom_px
        self._caption = ""
        self.kept_free_px = 0
        self.hovered = -1
        self._cursor: tuple[int, int] | None = None
        self._pressed: QPoint | None = None
        self._dragged: QPoint | None = None
        self.setFixedHeight(height_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)

    # What a subclass says

    @property
    @abstractmethod
    def bar_count(self) -> int:
        """How many bars there are, empty ones too; 0 while nothing is shown."""

    @abstractmethod
    def holds_any(self, place: int) -> bool:
        """Whether a bar stands for anything."""

    @abstractmethod
    def words(self, place: int) -> str:
        """Return what a bar says when it is pointed at."""

    @abstractmethod
    def choose(self, first: int, last: int) -> None:
        """Bars were chosen."""

    def fit(self) -> None:
        """The room is another."""

    # What it shows

    @property
    def caption(self) -> str:
        """What stands above."""
        return self._caption

    @property
    def said(self) -> str:
        """What is written above: of the bar that the keyboard has gone to, else of all."""
        if self._cursor is None:
            return self._caption
        return self.words(self._cursor[1]).replace("\n", " · ")

    def show_caption(self, caption: str) -> None:
        """Say what is shown."""
        self._caption = caption
        self.setAccessibleDescription(caption)
        self.update()

    def keep_free(self, width_px: int) -> None:
        """Leave the right end of the caption to others."""
        self.kept_free_px = width_px
        self.update()

    def plot(self) -> QRectF:
        """Return where the bars stand."""
        return QRectF(self.rect()).adjusted(LEFT_PX, self._top_px, -RIGHT_PX, -self._bottom_px)

    def chosen_bars(self) -> tuple[int, int] | None:
        """Return the first and last bar that are dragged over, or that the keyboard has gone to."""
        if self._pressed is not None and self._dragged is not None:
            ends = sorted((self._nearest(self._pressed), self._nearest(self._dragged)))
            return ends[0], ends[1]
        return None if self._cursor is None else (min(self._cursor), max(self._cursor))

    def forget_hands(self) -> None:
        """Other bars are shown: nothing of them is pointed at or gone to."""
        self.hovered, self._cursor = -1, None
        self.setAccessibleDescription(self._caption)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget_hands()
        self.fit()

    # Hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.bar_count:
            self._pressed = event.position().toPoint()
            self._cursor = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None:
            self._hover(at)
        elif self._dragged is not None or abs(at.x() - self._pressed.x()) >= _DRAG_PX:
            self._dragged = at
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        chosen, pressed = self.chosen_bars(), self._pressed
        self._pressed = self._dragged = None
        self.update()
        if chosen is None and pressed is not None and (place := self._bar_at(pressed)) >= 0:
            chosen = (place, place)
        if chosen is not None:
            self.choose(*chosen)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = -1
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if self.bar_count:
                by = -1 if event.key() == Qt.Key.Key_Left else 1
                self._step(by, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._cursor is not None:
                first, last = min(self._cursor), max(self._cursor)
                self._cursor = None
                self.choose(first, last)
            case Qt.Key.Key_Escape if self._cursor is not None:
                self.forget_hands()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _step(self, by: int, *, extend: bool) -> None:
        """Go to the next bar that holds something."""
        start = self._cursor[1] if self._cursor is not None else (-1 if by > 0 else self.bar_count)
        place = start + by
        while 0 <= place < self.bar_count and not self.holds_any(place):
            place += by
        if 0 <= place < self.bar_count:
            self._cursor = (self._cursor[0] if extend and self._cursor is not None else place, place)
            self.setAccessibleDescription(self.said)
            self.update()

    def _hover(self, at: QPoint) -> None:
        place = self._bar_at(at)
        if place == self.hovered:
            return
        self.hovered = place
        self.setCursor(Qt.CursorShape.ArrowCursor if place < 0 else Qt.CursorShape.PointingHandCursor)
        QToolTip.showText(self.mapToGlobal(at), plain_tooltip(self.words(place) if place >= 0 else ""), self)
        self.update()

    def _bar_at(self, at: QPoint) -> int:
        place = self._nearest(at) if self.bar_count and self.plot().contains(at) else -1
        return place if place >= 0 and self.holds_any(place) else -1

    def _nearest(self, at: QPoint) -> int:
        plot = self.plot()
        place = int((at.x() - plot.left()) * self.bar_count / max(1.0, plot.width()))
        return max(0, min(place, self.bar_count - 1))

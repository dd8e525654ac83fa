"""One entry of a conversation or a definition: a line with tag, title and facts, and its parts below."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.roles import role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.conversation.copying import COPY_FORMS, CopyForm, copied_entries
from junjo_desktop.widgets.conversation.entries import Entry, Way
from junjo_desktop.widgets.conversation.message_text import TextForm
from junjo_desktop.widgets.conversation.part_view import PartView
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

_INDENT_PX = 26
_BAR_PX = 3
_TITLE_CHARACTERS = 120
_SPOKEN_CHARACTERS = 300


class EntryView(QWidget):
    """Each signal but `way_taken` carries the view itself: `chosen` when the user points at it, `left_towards` when the
    arrow keys leave it (`towards` −1 or 1), `opened` when a part was opened, `grown` when it may need another height.
    """

    chosen = Signal(object)
    left_towards = Signal(object)
    way_taken = Signal(object)
    opened = Signal(object)
    grown = Signal()
    link_asked = Signal(str)
    entered = Signal()
    """Enter or Space on an entry that was chosen already: the user wants to see more of it."""

    def __init__(
        self, entry: Entry, work: BackgroundWork, parent: QWidget | None = None, *, form: TextForm = "markdown"
    ) -> None:
        super().__init__(parent)
        self.entry = entry
        self._form: TextForm = form
        self.towards = 0
        self._is_current = False
        self._measured = (-1, 0)
        self.parts: list[PartView] = []
        self.ways: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out(work)
        self._name()

    def _lay_out(self, work: BackgroundWork) -> None:
        self._column.setContentsMargins(12 + self.entry.depth * _INDENT_PX, 7, 12, 8)
        self._column.setSpacing(5)
        self._column.addLayout(self._head())
        for part in self.entry.parts:
            view = PartView(part, work, self, form=self._form)
            view.opened.connect(self._announce_opened)
            view.link_asked.connect(self.link_asked)
            for pressed in view.pressed:
                pressed.installEventFilter(self)
            self.parts.append(view)
            self._column.addWidget(view)
        if self.entry.ways:
            self._column.addLayout(self._way_line())

    def _head(self) -> QHBoxLayout:
        entry = self.entry
        line = QHBoxLayout()
        line.setSpacing(7)
        line.addWidget(Tag(entry.tag, entry.role, self))
        if entry.title:
            line.addWidget(ElidedLabel(one_line(entry.title, _TITLE_CHARACTERS), self, look="heading"))
        for badge in entry.badges:
            tag = Tag(badge.text, badge.role, self)
            tag.setToolTip(plain_tooltip(badge.tip))
            line.addWidget(tag)
        line.addWidget(ElidedLabel(entry.facts, self, look="dim"), 1)
        return line

    def _way_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        for way in self.entry.ways:
            button = _WayButton(way, self)
            button.taken.connect(self.way_taken)
            self.ways.append(button)
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _name(self) -> None:
        entry = self.entry
        texts = " ".join(f"{part.label} {part.shown}".strip() for part in entry.parts)
        badges = ", ".join(badge.text for badge in entry.badges)
        words = [f"{entry.tag} {entry.title}".strip(), badges, entry.facts, texts]
        self.setAccessibleName(one_line(", ".join(word for word in words if word), _SPOKEN_CHARACTERS))

    @property
    def is_current(self) -> bool:
        """Whether it is marked."""
        return self._is_current

    @property
    def is_opened(self) -> bool:
        """Whether the user opened something in it."""
        return any(part.is_opened for part in self.parts)

    @property
    def tab_stops(self) -> list[QWidget]:
        """What Tab goes through, in order: itself and its buttons."""
        return [self, *(button for part in self.parts for button in part.buttons), *self.ways]

    def height_at(self, width_px: int) -> int:
        """Return the height that it needs at a width, in pixels."""
        if self._measured[0] != width_px:
            layout = self._column
            wraps = layout.hasHeightForWidth()
            height = layout.totalHeightForWidth(width_px) if wraps else layout.totalSizeHint().height()
            self._measured = (width_px, height)
        return self._measured[1]

    def is_measured_at(self, width_px: int) -> bool:
        """Whether its height at this width is known."""
        return self._measured[0] == width_px

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self._measured[0] >= 0:
            self._measured = (-1, 0)
            self.grown.emit()
        return super().event(event)

    def set_current(self, is_current: bool) -> None:
        """Mark it, or not."""
        if is_current != self._is_current:
            self._is_current = is_current
            self.update()

    def show_found(self, texts: tuple[str, ...], *, opens: bool) -> None:
        """Mark texts; `opens`: open what is folded and holds one of them."""
        for part in self.parts:
            part.show_found(texts, opens=opens)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy the entry whole."""
        menu = QMenu(self)
        for form, label in COPY_FORMS:
            menu.addAction(icon("copy"), label).triggered.connect(partial(self.copy_as, form))
        menu.exec(event.globalPos())
        menu.deleteLater()

    def copy_as(self, form: CopyForm) -> None:
        """Copy all of the entry."""
        QGuiApplication.clipboard().setText(copied_entries((self.entry,), form))

    def text(self) -> str:
        """Return what it says, for the clipboard: title and the beginning of each part."""
        entry = self.entry
        lines = [" ".join(word for word in (entry.tag, entry.title, entry.facts) if word)]
        lines += [f"{part.label}: {part.copied}" if part.label else part.copied for part in entry.parts if part.shown]
        return "\n".join(lines)

    # Hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                was_current = self._is_current
                self.chosen.emit(self)
                if was_current:
                    self.entered.emit()
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.towards = -1 if event.key() == Qt.Key.Key_Up else 1
                self.left_towards.emit(self)
            case _ if event.matches(QKeySequence.StandardKey.Copy):
                QGuiApplication.clipboard().setText(self.text())
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self)
        super().mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Text that can be marked with the mouse keeps the press for itself.
        if event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.chosen.emit(self)
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _announce_opened(self) -> None:
        self.opened.emit(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = self.entry.depth * _INDENT_PX
        box = QRectF(self.rect()).adjusted(left + 0.5, 0.5, -0.5, -0.5)
        if self._is_current or self.hasFocus():
            painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_bg) if self._is_current else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(role_color(tokens, self.entry.role)))
        painter.drawRoundedRect(QRectF(left + 2, 8, _BAR_PX, self.height() - 16), 1.5, 1.5)
        painter.end()


class _WayButton(QPushButton):
    """Leads to another run."""

    taken = Signal(object)

    def __init__(self, way: Way, parent: QWidget) -> None:
        super().__init__(one_line(way.label, 60).replace("&", "&&"), parent)
        self._way = way
        self.setIcon(icon(way.icon))
        self.setToolTip(plain_tooltip(way.label))
        self.setAccessibleName(one_line(way.label))
        self.clicked.connect(self._take)

    def _take(self) -> None:
        self.taken.emit(self._way.destination)

"""The tags of a trace side by side; what finds no room is in a menu behind the last one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from junjo_desktop.features.trace.head_words import HeadTag
from junjo_desktop.features.trace.tag_button import TagButton
from junjo_desktop.widgets.tag import TAG_HEIGHT_PX, tag_width

_GAP_PX = 6


class TagStrip(QWidget):
    """`oddity_asked` carries the kind of `health.Oddity` whose tag was pressed."""

    oddity_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: tuple[HeadTag, ...] = ()
        self._buttons: list[TagButton] = []
        self._rest = TagButton(self)
        self._rest.clicked.connect(self._show_rest)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> list[str]:
        """All tags, also those in the menu."""
        return [tag.text for tag in self._tags]

    @property
    def rest(self) -> tuple[HeadTag, ...]:
        """The tags that found no room."""
        return self._tags[sum(button.isVisibleTo(self) for button in self._buttons) :]

    def set_tags(self, tags: Sequence[HeadTag]) -> None:
        """Show these tags."""
        if tuple(tags) == self._tags:
            return
        self._tags = tuple(tags)
        while len(self._buttons) < len(self._tags):
            button = TagButton(self)
            button.clicked.connect(self._ask)
            self._buttons.append(button)
        self.updateGeometry()
        self._place()

    def explanation(self, oddity: str) -> str:
        """Return what the tag of a kind means; empty when there is none."""
        return next((tag.explanation for tag in self._tags if tag.oddity == oddity), "")

    def sizeHint(self) -> QSize:
        return QSize(self._width(len(self._tags)), TAG_HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._width(len(self._tags)), self._width(1) + self._rest_px(1)), TAG_HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _width(self, count: int) -> int:
        return sum(tag_width(tag.text) for tag in self._tags[:count]) + _GAP_PX * max(0, count - 1)

    def _rest_px(self, shown: int) -> int:
        return _GAP_PX + tag_width(f"+{len(self._tags) - shown}")

    def _place(self) -> None:
        count = len(self._tags)
        if self._width(count) > self.width():
            while count > 0 and self._width(count) + self._rest_px(count) > self.width():
                count -= 1
        left = 0
        for place, button in enumerate(self._buttons):
            tag = self._tags[place] if place < count else HeadTag("", "node", "")
            button.show_tag(tag.text, tag.role, tag.explanation, leads=bool(tag.oddity))
            button.setGeometry(left, (self.height() - TAG_HEIGHT_PX) // 2, tag_width(tag.text), TAG_HEIGHT_PX)
            left += tag_width(tag.text) + _GAP_PX if tag.text else 0
        hidden = len(self._tags) - count
        words = "\n".join(tag.text for tag in self._tags[count:])
        self._rest.show_tag(f"+{hidden}" if hidden else "", "warning", words, leads=hidden > 0)
        self._rest.setAccessibleName(f"{hidden} more")
        self._rest.setGeometry(left, (self.height() - TAG_HEIGHT_PX) // 2, tag_width(self._rest.text()), TAG_HEIGHT_PX)

    def _ask(self) -> None:
        for tag, button in zip(self._tags, self._buttons, strict=False):
            if button is self.sender():
                self.oddity_asked.emit(tag.oddity)

    def menu(self) -> QMenu:
        """Return a menu of the tags that found no room."""
        menu = QMenu(self)
        for tag in self.rest:
            action = menu.addAction(tag.text)
            action.setEnabled(bool(tag.oddity))
            action.triggered.connect(partial(self.oddity_asked.emit, tag.oddity))
        return menu

    def _show_rest(self) -> None:
        menu = self.menu()
        menu.exec(self._rest.mapToGlobal(self._rest.rect().bottomLeft()))
        menu.deleteLater()

"""A column of entries that is filled as far as it is looked at, in pieces of a few milliseconds."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from junjo_desktop.features.run.agent.entries import Entry
from junjo_desktop.features.run.agent.entry_view import EntryView
from junjo_desktop.features.run.state.background import BackgroundWork

_PIECE_S = 0.005
_AHEAD_SCREENS = 1.5
_WIDEST_PX = 980
_MARGIN_PX = 8


class _Column(QWidget):
    # A scroll area would give wrapped text the height it needs at its least width; at its real width it needs less.
    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class EntriesView(QScrollArea):
    """`chosen` carries the entry that the user points at, `way_taken` the destination of a button."""

    chosen = Signal(object)
    way_taken = Signal(object)

    def __init__(self, name: str, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._entries: tuple[Entry, ...] = ()
        self._current: Hashable | None = None
        self._awaited: Hashable | None = None
        self.views: list[EntryView] = []
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = _Column(self)
        column.setMaximumWidth(_WIDEST_PX)
        self._layout = QVBoxLayout(column)
        self._layout.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        self._layout.setSpacing(2)
        self._more = QLabel(column)
        self._more.setProperty("look", "dim")
        self._more.setContentsMargins(12, 4, 0, 4)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)
        self.setWidget(column)
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill_on)
        self.verticalScrollBar().valueChanged.connect(self._fill_soon)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, made into views or not."""
        return self._entries

    @property
    def is_filling(self) -> bool:
        """Whether views are still being made."""
        return self._filling.isActive()

    def show_entries(self, entries: Sequence[Entry], *, is_update: bool) -> None:
        """Show other entries; an update keeps those that are the same, with what is open in them."""
        self._entries = tuple(entries)
        kept = 0
        if is_update:
            for view, entry in zip(self.views, self._entries, strict=False):
                if view.entry != entry:
                    break
                kept += 1
        else:
            self.verticalScrollBar().setValue(0)
            self._current = self._awaited = None
        for view in self.views[kept:]:
            self._layout.removeWidget(view)
            view.hide()
            view.deleteLater()
        del self.views[kept:]
        self._fill_soon()

    # Filling

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill_soon()

    def _fill_soon(self) -> None:
        if self.isVisible() and self._is_wanting():
            self._filling.start()
        self._say_more()

    def _is_wanting(self) -> bool:
        if len(self.views) >= len(self._entries):
            return False
        bar = self.verticalScrollBar()
        reach = bar.value() + self.viewport().height() * (1 + _AHEAD_SCREENS)
        return self._awaited is not None or self._bottom() < reach

    def _bottom(self) -> int:
        return self.views[-1].geometry().bottom() if self.views else 0

    def _fill_on(self) -> None:
        until = time.perf_counter() + _PIECE_S
        while len(self.views) < len(self._entries) and time.perf_counter() < until:
            self._add(self._entries[len(self.views)])
        self._say_more()
        # Where the last one stands is known once the layout was done.
        self._layout.activate()
        if not self._is_wanting():
            self._filling.stop()

    def _add(self, entry: Entry) -> None:
        view = EntryView(entry, self._work, self.widget())
        view.chosen.connect(self._choose)
        view.left_towards.connect(self._step)
        view.way_taken.connect(self.way_taken)
        view.opened.connect(self._reveal)
        view.set_current(entry.key == self._current)
        self._layout.insertWidget(len(self.views), view)
        view.show()
        self.views.append(view)
        if entry.key == self._awaited:
            self._awaited = None
            QTimer.singleShot(0, view, self._reveal_current)

    def _say_more(self) -> None:
        left = len(self._entries) - len(self.views)
        self._more.setText(f"{left:,} more below …" if left else "")
        self._more.setVisible(bool(left))

    # What is current

    def mark(self, key: Hashable | None, *, reveal: bool = True) -> None:
        """Mark the entry with this key and bring it into view; None for none."""
        if key == self._current:
            return
        self._current = key
        self._awaited = None
        for view in self.views:
            view.set_current(view.entry.key == key)
        if key is None or not reveal:
            return
        if any(view.entry.key == key for view in self.views):
            self._reveal_current()
        elif any(entry.key == key for entry in self._entries):
            self._awaited = key
            self._fill_soon()

    @property
    def current_entry(self) -> Entry | None:
        """The entry that is marked."""
        return next((entry for entry in self._entries if entry.key == self._current), None)

    def take_focus(self) -> None:
        """Give the keyboard to the entry that is marked, else to the first."""
        if self.views:
            self._view_of(self._current, self.views[0]).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _view_of(self, key: Hashable | None, otherwise: EntryView) -> EntryView:
        return next((view for view in self.views if view.entry.key == key), otherwise)

    def _reveal_current(self) -> None:
        view = next((view for view in self.views if view.entry.key == self._current), None)
        if view is not None:
            self._reveal(view)

    def _reveal(self, view: EntryView) -> None:
        self._layout.activate()
        bar, top, height = self.verticalScrollBar(), view.y(), view.height()
        if top < bar.value() or height >= self.viewport().height():
            bar.setValue(top - _MARGIN_PX)
        elif top + height > bar.value() + self.viewport().height():
            bar.setValue(top + height + _MARGIN_PX - self.viewport().height())

    def _choose(self, view: EntryView) -> None:
        self.mark(view.entry.key, reveal=False)
        self.chosen.emit(view.entry)

    def _step(self, view: EntryView) -> None:
        place = self.views.index(view) + view.towards
        if 0 <= place < len(self.views):
            following = self.views[place]
            following.setFocus(Qt.FocusReason.TabFocusReason)
            self._reveal(following)
            self._choose(following)

"""A column of entries of which only those in sight are widgets: hundreds of them open, scroll and resize at once.

One layout over all entries would measure every wrapped text again at each change (90 ms with 200 entries). Here each
entry has a height of its own, estimated until it is made, and what is looked at stays where it is when an estimate
above it turns out wrong.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.conversation.entry_view import EntryView
from junjo_desktop.widgets.conversation.message_text import TextForm

_PIECE_S = 0.004
_AHEAD_SCREENS = 0.6
_MOST_VIEWS = 60
_WIDEST_PX, _MARGIN_PX, _GAP_PX = 980, 8, 2
_HEAD_PX, _PART_PX, _LINE_PX, _LINE_CHARACTERS = 34, 6, 16, 130


class _Anchor(NamedTuple):
    """An entry, and how far below the top of what is seen it begins, in pixels: this does not move."""

    row: int
    offset: int


class EntriesView(QScrollArea):
    """`chosen` carries the entry that the user points at, `way_taken` the destination of a button."""

    chosen = Signal(object)
    way_taken = Signal(object)
    link_asked = Signal(str)
    entered = Signal()

    def __init__(self, name: str, work: BackgroundWork, before: QWidget, parent: QWidget | None = None) -> None:
        """`before` is what Tab reaches before the first entry."""
        super().__init__(parent)
        self._work = work
        self._before = before
        self._entries: tuple[Entry, ...] = ()
        self._rows: dict[Hashable, int] = {}
        self._heights: list[int] = []
        self._views: dict[Hashable, EntryView] = {}
        self._current: Hashable | None = None
        self._form: TextForm = "markdown"
        self._found: tuple[str, ...] = ()
        self._found_keys: frozenset[Hashable] = frozenset()
        self._pending: _Anchor | None = None
        self._refocused: Hashable | None = None
        self._is_placing = False
        self._is_chained = True
        self._canvas = QWidget(self)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._canvas)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._arrange)
        self.verticalScrollBar().setSingleStep(3 * _LINE_PX)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in sight or not."""
        return self._entries

    @property
    def views(self) -> list[EntryView]:
        """The widgets there are, from top to bottom."""
        return [self._views[key] for key in sorted(self._views, key=self._rows.__getitem__)]

    @property
    def is_filling(self) -> bool:
        """Whether what is in sight is still being made."""
        return self._soon.isActive()

    def show_entries(self, entries: Sequence[Entry], *, is_update: bool) -> None:
        """Show other entries; an update keeps the place, and those that are the same with what is open in them."""
        anchor = self._first_in_sight() if is_update else _Anchor(0, _MARGIN_PX)
        key = self._entries[anchor.row].key if is_update and self._entries else None
        heights = {entry.key: self._heights[row] for row, entry in enumerate(self._entries)} if is_update else {}
        self._entries = tuple(entries)
        self._rows = {entry.key: row for row, entry in enumerate(self._entries)}
        self._heights = [heights.get(entry.key) or _estimate(entry) for entry in self._entries]
        # Each that goes hands the keyboard on, maybe to one that goes next.
        focused = self.window().focusWidget() if is_update else None
        self._refocused = next((kept for kept, view in self._views.items() if view is focused), None)
        for kept, view in list(self._views.items()):
            row = self._rows.get(kept)
            if not is_update or row is None or self._entries[row] != view.entry:
                self._drop(kept)
        if not is_update:
            self._current = None
        self._pending = _Anchor(self._rows[key], anchor.offset) if key in self._rows else _Anchor(0, _MARGIN_PX)
        self._arrange_soon()

    # Arranging

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_soon()

    def _scrolled(self) -> None:
        if not self._is_placing:
            self._pending = None
            self._arrange()

    def _arrange_soon(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _arrange(self) -> None:
        """Make and measure what is in sight or near, a few at a time, and put everything in its place."""
        if not self._entries:
            self._canvas.resize(self._width() + 2 * _MARGIN_PX, 0)
            return
        anchor = self._pending or self._first_in_sight()
        is_complete = self._make_around(anchor)
        self._place(anchor)
        self._refocus()
        self._pending = None if is_complete else anchor
        if is_complete:
            self._forget_far()
            if not self._is_chained:
                self._chain()
                self._is_chained = True
        else:
            self._soon.start()

    def _refocus(self) -> None:
        """Give the keyboard back to an entry that was made anew under it."""
        view = self._views.get(self._refocused)
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)
            self._refocused = None

    def _make_around(self, anchor: _Anchor) -> bool:
        """Make what stands around the anchor; False when time ran out before all of it was made."""
        until = time.perf_counter() + _PIECE_S
        height = self.viewport().height()
        ahead = round(height * _AHEAD_SCREENS)
        row, y = anchor.row, anchor.offset
        while row < len(self._entries) and y < height + ahead:
            self._measure(row)
            y += self._heights[row] + _GAP_PX
            row += 1
            if time.perf_counter() > until:
                return row >= len(self._entries)
        row, y = anchor.row - 1, anchor.offset
        while row >= 0 and y > -ahead:
            self._measure(row)
            y -= self._heights[row] + _GAP_PX
            row -= 1
            if time.perf_counter() > until:
                return row < 0
        return True

    def _measure(self, row: int) -> EntryView:
        entry = self._entries[row]
        view = self._views.get(entry.key)
        if view is None:
            view = self._views[entry.key] = self._made(entry)
            self._is_chained = False
        self._heights[row] = view.height_at(self._width())
        return view

    def _made(self, entry: Entry) -> EntryView:
        view = EntryView(entry, self._work, self._canvas, form=self._form)
        view.chosen.connect(self._choose)
        view.left_towards.connect(self._step)
        view.way_taken.connect(self.way_taken)
        view.link_asked.connect(self.link_asked)
        view.entered.connect(self.entered)
        view.opened.connect(self._reveal_view)
        view.grown.connect(self._arrange_soon)
        view.set_current(entry.key == self._current)
        if entry.key in self._found_keys:
            view.show_found(self._found, opens=entry.key == self._current)
        # Fonts come with the style sheet, and heights with the fonts; else it would be measured again once it is shown.
        for part in (view, *view.findChildren(QWidget)):
            part.ensurePolished()
        return view

    def _chain(self) -> None:
        """Let Tab go through the entries in their order, whichever was made first."""
        last = self._before
        for view in self.views:
            for stop in view.tab_stops:
                QWidget.setTabOrder(last, stop)
                last = stop

    def _place(self, anchor: _Anchor) -> None:
        width = self._width()
        tops = self._tops()
        self._is_placing = True
        self._canvas.resize(width + 2 * _MARGIN_PX, tops[-1] - _GAP_PX + _MARGIN_PX)
        focused = self.window().focusWidget()
        for key, view in self._views.items():
            row = self._rows[key]
            # One far away is not laid out again at each width; but it must not lose the keyboard.
            if view.is_measured_at(width) or view is focused or view.isAncestorOf(focused or self):
                view.setGeometry(_MARGIN_PX, tops[row], width, self._heights[row])
                view.show()
            else:
                view.hide()
        self.verticalScrollBar().setValue(tops[anchor.row] - anchor.offset)
        self._is_placing = False

    def _forget_far(self) -> None:
        """Let go of views that are far away, but for those in which something was opened."""
        if len(self._views) <= _MOST_VIEWS:
            return
        middle = self._first_in_sight().row
        focused = self.focusWidget()
        far = sorted(self._views, key=lambda key: abs(self._rows[key] - middle))[_MOST_VIEWS // 2 :]
        for key in far:
            view = self._views[key]
            if not view.is_opened and view is not focused and not view.isAncestorOf(focused or self):
                self._drop(key)

    def _drop(self, key: Hashable) -> None:
        view = self._views.pop(key)
        view.hide()
        view.deleteLater()

    def _width(self) -> int:
        return max(min(self.viewport().width(), _WIDEST_PX) - 2 * _MARGIN_PX, 1)

    def _tops(self) -> list[int]:
        """Where each entry begins, in pixels from the top, and where one more would."""
        return list(accumulate((height + _GAP_PX for height in self._heights), initial=_MARGIN_PX))

    def _first_in_sight(self) -> _Anchor:
        value = self.verticalScrollBar().value()
        for row, top in enumerate(self._tops()[:-1]):
            if top + self._heights[row] > value:
                return _Anchor(row, top - value)
        return _Anchor(0, _MARGIN_PX)

    # How texts are shown, and what is found in them

    def show_form(self, form: TextForm) -> None:
        """Show messages as Markdown, or as they are."""
        if form != self._form:
            self._form = form
            for key in list(self._views):
                self._drop(key)
            self._arrange_soon()

    def show_found(self, texts: str | tuple[str, ...], keys: frozenset[Hashable]) -> None:
        """Mark a text, or several, in the entries that hold one."""
        self._found = (texts,) if isinstance(texts, str) else texts
        self._found_keys = keys
        for key, view in self._views.items():
            view.show_found(self._found if key in keys else (), opens=False)

    # What is current

    @property
    def current_entry(self) -> Entry | None:
        """The entry that is marked."""
        row = self._rows.get(self._current)
        return None if row is None else self._entries[row]

    def mark(self, key: Hashable | None, *, reveal: bool = True) -> None:
        """Mark the entry with this key and bring it into view; None for none."""
        if key == self._current:
            return
        self._current = key
        for known, view in self._views.items():
            view.set_current(known == key)
            if known == key and known in self._found_keys:
                view.show_found(self._found, opens=True)
        if reveal and key in self._rows:
            self._reveal(self._rows[key])

    def take_focus(self) -> None:
        """Give the keyboard to the entry that is marked, else to the first in sight."""
        if self._entries:
            row = self._rows.get(self._current, self._first_in_sight().row)
            self._reveal(row)
            self._measure(row).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _reveal_view(self, view: EntryView) -> None:
        self._reveal(self._rows[view.entry.key])

    def _reveal(self, row: int) -> None:
        """Bring an entry into view with as little movement as it takes."""
        if not self.isVisible():
            self._pending = _Anchor(row, _MARGIN_PX)
            return
        self._measure(row)
        top = self._tops()[row] - self.verticalScrollBar().value()
        room, height = self.viewport().height(), self._heights[row]
        lowest = max(room - height - _MARGIN_PX, _MARGIN_PX)
        self._pending = _Anchor(row, min(max(top, _MARGIN_PX), lowest))
        self._arrange()

    def _choose(self, view: EntryView) -> None:
        self.mark(view.entry.key, reveal=False)
        self.chosen.emit(view.entry)

    def _step(self, view: EntryView) -> None:
        row = self._rows[view.entry.key] + view.towards
        if 0 <= row < len(self._entries):
            self._reveal(row)
            following = self._measure(row)
            following.setFocus(Qt.FocusReason.TabFocusReason)
            self._choose(following)


def _estimate(entry: Entry) -> int:
    lines = sum(
        sum(max(ceil(len(line) / _LINE_CHARACTERS), 1) for line in part.shown.split("\n")) + part.is_cut
        for part in entry.parts
    )
    return _HEAD_PX + len(entry.parts) * _PART_PX + lines * _LINE_PX + bool(entry.ways) * 2 * _LINE_PX

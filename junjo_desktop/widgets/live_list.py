"""Keeps a paged table up to date while telemetry arrives, without taking the processor from everything else."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.widgets.live_source import LiveRows, LiveSource
from junjo_desktop.widgets.paged_table import PagedTable

_HELD_PAUSE_S = 0.25


class LiveList(QObject):
    """Connect `stored` and `list_anew` to the news of the store, and call `shown` and `hidden` with the page.

    A list that is hidden or paused is read again when it is looked at.
    """

    aged = Signal()
    """Some time has passed while the list is shown: what its rows say by the clock may be other now."""

    def __init__(self, table: PagedTable[Any], *, ages_ms: int) -> None:
        """Every `ages_ms` the shown rows are painted again: by the clock alone, running becomes lost."""
        super().__init__(table)
        self._table = table
        self._source: LiveSource[Any, Any] | None = None
        self._is_paused = self._is_stale = False
        self._refreshed_s = 0.0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.refresh)
        self._whole = QTimer(self)
        self._whole.setSingleShot(True)
        self._whole.timeout.connect(self._list_whole)
        self._ages = QTimer(self)
        self._ages.setInterval(ages_ms)
        self._ages.timeout.connect(table.view.viewport().update)
        self._ages.timeout.connect(self.aged)
        table.listed.connect(self._listed)
        table.model.fetched.connect(self._fetched)

    @property
    def source(self) -> LiveSource[Any, Any] | None:
        """What is listed; None before `show_source`."""
        return self._source

    def show_source(
        self, source: LiveSource[Any, Any], *, sort_key: str, descending: bool, in_place: bool = False
    ) -> None:
        """List another source, from its top or `in_place`."""
        self._source = source
        self._is_stale = False
        self._again.stop()
        self._whole.stop()
        self._table.set_source(source, sort_key=sort_key, descending=descending, in_place=in_place)

    def refresh(self) -> None:
        """List again now."""
        self._is_stale = False
        self._refreshed_s = time.monotonic()
        self._table.refresh()

    def stored(self) -> None:
        """Something was stored: list again as soon as the source may be read."""
        if not self._is_live:
            self._is_stale = True
        elif self._source is not None and not self._again.isActive():
            self._again.start(round(self._pause_s(self._source) * 1000))

    def list_anew(self) -> None:
        """Something is not listed any more, and that may be seen at once, paused or not."""
        if self._source is None:
            return
        self._source.ask_whole()
        if self._table.isVisible():
            self.refresh()
        else:
            self._is_stale = True

    def set_live(self, live: bool) -> None:
        """Follow what is stored, or pause."""
        self._is_paused = not live
        if live and self._is_stale and self._source is not None and self._table.isVisible():
            self.refresh()

    def shown(self) -> None:
        """The table can be seen from now on."""
        self._ages.start()
        if self._is_stale and not self._is_paused and self._source is not None:
            self.refresh()

    def hidden(self) -> None:
        """The table cannot be seen any more."""
        self._ages.stop()

    @property
    def _is_live(self) -> bool:
        return not self._is_paused and self._table.isVisible()

    def _pause_s(self, source: LiveSource[Any, Any]) -> float:
        if self._table.is_following:
            return source.rest_s
        # Nothing moves: only figures change, and how many rows are new.
        return max(source.rest_s, self._refreshed_s + _HELD_PAUSE_S - time.monotonic())

    def _list_whole(self) -> None:
        if not self._is_live:
            self._is_stale = True
        elif self._source is not None:
            self._source.ask_whole()
            self._table.refresh()

    def _fetched(self) -> None:
        """List again at once what was listed before the file was rewritten: its rows cannot be told any more."""
        source = self._source
        if source is not None and source.is_outdated:
            source.is_outdated = False
            self.list_anew()

    def _listed(self, listing: LiveRows) -> None:
        if listing.is_partial:
            self._table.refresh()
        elif listing.totals is None and self._source is not None and not self._whole.isActive():
            self._whole.start(round(self._source.whole_rest_s * 1000))

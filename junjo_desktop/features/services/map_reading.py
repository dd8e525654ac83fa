"""Reads a map part by part: the newest spans first, so that there is something to see, then the rest."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.queries import Stored, stored
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.service_calls import PART_SPANS, Part, Parts, parts_of, read_part
from junjo_desktop.store.service_map import ServiceMap, merged

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PAUSE_S = 2.0
_REST_SHARE = 4
_WHOLE_REST_SHARE = 20
"""Between two readings of everything, this many times their own time; between, the newest part is read again."""
_OPEN_END_NS = 2**62


@dataclass(frozen=True, slots=True)
class MapSoFar:
    """What was read of a map: `read` of `total` spans. `is_done`: nothing more will come by itself."""

    found: ServiceMap
    read: int
    total: int
    is_done: bool
    known: Stored


@dataclass(frozen=True, slots=True)
class _Round:
    """One reading of everything, as far as it is. `is_quiet`: the one before is shown until this one is whole."""

    parts: Parts
    maps: tuple[ServiceMap, ...]
    known: Stored
    is_quiet: bool
    began_s: float

    @property
    def is_whole(self) -> bool:
        return len(self.maps) >= len(self.parts.parts)


class MapReading(QObject):
    """`changed` carries a `MapSoFar` after every part."""

    changed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self.part_spans = PART_SPANS
        self.pause_s = _PAUSE_S
        self._reader = workbench.reader(self, self._take)
        self._chosen = ServicesFilter()
        self._with_outside = True
        self._round: _Round | None = None
        self._shown: _Round | None = None
        self._is_stopped = False
        self._rests_until_s = self._whole_rests_until_s = 0.0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._read_again)

    @property
    def busy(self) -> bool:
        """Whether more is on its way."""
        return self._reader.busy

    def read(self, chosen: ServicesFilter, *, with_outside: bool) -> None:
        """Read another map, from its newest part on."""
        self._chosen = replace(chosen, service=None, text="")
        self._with_outside = with_outside
        self._begin(is_quiet=False)

    def go_on(self) -> None:
        """Read what `stop` left out."""
        self._is_stopped = False
        if self._round is not None and not self._round.is_whole:
            self._read_next(self._round)

    def stop(self) -> None:
        """Read no more; what was read stays."""
        self._reader.cancel()
        self._is_stopped = True
        self._tell(is_done=True)

    def cancel(self) -> None:
        """Forget what is under way: nobody looks at it."""
        self._again.stop()
        self._reader.cancel()

    def stored(self) -> None:
        """Something was stored: read again soon, if nothing is under way."""
        if not self._reader.busy and not self._is_stopped and self._shown is not None and not self._again.isActive():
            rest_s = max(0.0, self._rests_until_s - time.monotonic())
            self._again.start(round(max(rest_s, 0.05) * 1000))

    def _read_again(self) -> None:
        shown = self._shown
        if shown is None or self._reader.busy:
            return
        if len(shown.parts.parts) <= 1 or time.monotonic() >= self._whole_rests_until_s:
            self._begin(is_quiet=True)
            return
        newest = replace(shown.parts.parts[0], last_ns=_OPEN_END_NS, around_last_ns=_OPEN_END_NS)
        self._reader.submit(partial(_read_newest, shown, newest, self._with_outside, time.monotonic()))

    def _begin(self, *, is_quiet: bool) -> None:
        self._again.stop()
        self._is_stopped = False
        if not is_quiet:
            self._round = self._shown = None
        self._reader.submit(
            partial(_read_first, self._chosen, self.part_spans, self._with_outside, is_quiet, time.monotonic())
        )

    def _read_next(self, found: _Round) -> None:
        self._reader.submit(partial(_read_one_more, found, self._with_outside))

    def _take(self, found: _Round) -> None:
        self._round = found
        now_s = time.monotonic()
        if found.is_whole:
            took_s = now_s - found.began_s
            is_newest = self._shown is not None and found.parts is self._shown.parts
            if not is_newest:
                self._whole_rests_until_s = now_s + took_s * _WHOLE_REST_SHARE
            self._rests_until_s = now_s + max(self.pause_s, took_s * _REST_SHARE)
        else:
            self._read_next(found)
        if found.is_whole or not found.is_quiet:
            self._shown = found
            self._tell(is_done=found.is_whole)

    def _tell(self, *, is_done: bool) -> None:
        shown = self._shown
        if shown is not None:
            whole = merged(shown.maps)
            total = max(shown.parts.spans, whole.spans)
            self.changed.emit(MapSoFar(whole, whole.spans, total, is_done, shown.known))


def _read_first(
    chosen: ServicesFilter,
    part_spans: int,
    with_outside: bool,
    is_quiet: bool,
    began_s: float,
    cursor: DuckDBPyConnection,
) -> _Round:
    parts = parts_of(cursor, chosen.stretch(time.time_ns()), part_spans)
    maps = _maps(cursor, parts.parts[:1], with_outside)
    return _Round(parts, maps, stored(cursor), is_quiet, began_s)


def _read_one_more(found: _Round, with_outside: bool, cursor: DuckDBPyConnection) -> _Round:
    place = len(found.maps)
    return replace(found, maps=(*found.maps, *_maps(cursor, found.parts.parts[place : place + 1], with_outside)))


def _read_newest(shown: _Round, newest: Part, with_outside: bool, began_s: float, cursor: DuckDBPyConnection) -> _Round:
    maps = (*_maps(cursor, (newest,), with_outside), *shown.maps[1:])
    return replace(shown, maps=maps, known=stored(cursor), is_quiet=True, began_s=began_s)


def _maps(cursor: DuckDBPyConnection, parts: Sequence[Part], with_outside: bool) -> tuple[ServiceMap, ...]:
    return tuple(read_part(cursor, part, with_outside=with_outside) for part in parts)

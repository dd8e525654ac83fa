"""Reads events and log records of the spans in sight, and only of these: a trace may have millions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from junjo_desktop.features.trace.bar_marks import BarMark, ReadMarks

if TYPE_CHECKING:
    from junjo_desktop.features.trace.queries import TraceHead
    from junjo_desktop.features.trace.waterfall import Waterfall
    from junjo_desktop.widgets.background_reads import BackgroundReads

_KEPT = 5_000
"""Spans whose marks are kept when they are out of sight."""
_AGAIN_MS = 1_000
"""Log records may come at any time; so often is looked for those of the spans in sight."""


class MarkReader(QObject):
    """Fills the marks of a waterfall."""

    def __init__(self, reads: BackgroundReads, waterfall: Waterfall) -> None:
        super().__init__(waterfall)
        self._waterfall = waterfall
        self._reader = reads.reader(self, self._found)
        self._head: TraceHead | None = None
        self._known: dict[str, Sequence[BarMark]] = {}
        self._stale: set[str] = set()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._renew)
        waterfall.rows_rested.connect(self._read)

    def show_trace(self, head: TraceHead) -> None:
        """Read marks of another trace."""
        self._reader.cancel()
        self._again.stop()
        self._head, self._known = head, {}
        self._show()

    def grow(self, head: TraceHead) -> None:
        """More of the same trace is stored."""
        self._head = head
        self.renew()

    def renew(self) -> None:
        """Something was stored that may have marks."""
        if self._head is not None and not self._again.isActive():
            self._again.start()

    def _renew(self) -> None:
        self._stale = set(self._known)
        self._read()

    def _read(self) -> None:
        if self._head is None or self._reader.busy or not self._waterfall.isVisible():
            return
        wanted = tuple(
            span_id for span_id in self._ids_in_sight() if span_id not in self._known or span_id in self._stale
        )
        if wanted:
            self._reader.submit(ReadMarks(self._head, wanted))

    def _ids_in_sight(self) -> list[str]:
        ids = self._waterfall.layout_shown.tree.columns.ids
        return [ids.one(position) for position in self._waterfall.visible_positions()]

    def _found(self, marks: Mapping[str, Sequence[BarMark]]) -> None:
        if len(self._known) > _KEPT:
            self._known = {}
        self._known.update(marks)
        self._stale.difference_update(marks)
        self._show()
        # Rows may have come into sight meanwhile.
        self._read()

    def _show(self) -> None:
        self._waterfall.rows_painter.marks = self._known
        self._waterfall.viewport().update()

"""Says below each row that is seen where it has what the query looks for, should its cells not show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.hits import Hit, Mark, find_text, hidden_marks, marks_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.marked_line import MarkedLine
from junjo_desktop.widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SOON_MS = 60
_CHARACTER_PX = 6
"""A little less than a character takes: what is cut off a cell is hidden."""


class RowHits(QObject):
    """Follows a table. What it says is read in the background, for rows that are seen."""

    changed = Signal()

    def __init__(self, workbench: Workbench, table: PagedTable[Any], subject: Subject) -> None:
        super().__init__(table)
        self._table = table
        self._subject = subject
        self._query = ""
        self._marks: tuple[Mark, ...] = ()
        self._known: dict[str, MarkedLine | None] = {}
        self._spans: dict[str, str] = {}
        self._reader = workbench.reader(self, self._found, self._not_found)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._look)
        table.listed.connect(self._look_soon)
        table.model.dataChanged.connect(self._look_soon)
        table.view.verticalScrollBar().valueChanged.connect(self._look_soon)

    @property
    def words(self) -> tuple[str, ...]:
        """What the query looks for as text."""
        return tuple(mark.text for mark in self._marks)

    @property
    def find_text(self) -> str:
        """What to look for within what a row leads to."""
        return find_text(self._query, self._subject)

    def show_query(self, query: str) -> None:
        """Say where this is found, from now on."""
        if query == self._query:
            return
        self._query = query
        self._marks = marks_of(query, self._subject)
        self._known.clear()
        self._spans.clear()
        self._reader.cancel()
        self._table.view.set_below(None)
        self._table.view.mark(self.words)
        self._look_soon()
        self.changed.emit()

    def line_of(self, row_id: str) -> MarkedLine | None:
        """Return what is said of a row; None for nothing, or not yet."""
        return self._known.get(row_id)

    def span_of(self, row_id: str) -> str | None:
        """Return the span in which it stands; None where that is not known."""
        return self._spans.get(row_id)

    def _look_soon(self, *_news: object) -> None:
        if self._marks and not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        if self._reader.busy:
            self._soon.start()
            return
        wanted: dict[str, tuple[Mark, ...]] = {}
        for row_id in self._seen():
            if row_id not in self._known and (row := self._table.model.known_row(row_id)) is not None:
                hidden = self._hidden(row)
                if hidden:
                    wanted[row_id] = hidden
                else:
                    self._known[row_id] = None
        if wanted:
            self._reader.submit(_HitRead(wanted, self._subject))

    def _seen(self) -> list[str]:
        view, model = self._table.view, self._table.model
        first, last = view.rowAt(0), view.rowAt(view.viewport().height() - 1)
        rows = model.rowCount()
        return [model.id_at(row) for row in range(max(first, 0), last + 1 if last >= 0 else rows)]

    def _hidden(self, row: Any) -> tuple[Mark, ...]:
        model, header = self._table.model, self._table.view.horizontalHeader()
        shown = [
            column.text(row)[: header.sectionSize(section) // _CHARACTER_PX]
            for section, column in enumerate(model.columns)
            if not header.isSectionHidden(section)
        ]
        return hidden_marks(self._query, self._subject, "\n".join(shown))

    def _found(self, answer: tuple[Mapping[str, Any], Mapping[str, Hit]]) -> None:
        wanted, hits = answer
        for row_id in wanted:
            hit = hits.get(row_id)
            self._known[row_id] = None if hit is None else MarkedLine(hit.where, hit.text, hit.start, hit.end)
            if hit is not None and hit.span_id:
                self._spans[row_id] = hit.span_id
        if hits:
            self._table.view.set_below(self.line_of)
        self._table.view.viewport().update()
        self._look_soon()

    def _not_found(self, _error: Exception) -> None:
        """Nothing is said then; what is wrong with the store is told by the list."""


@dataclass(frozen=True, slots=True)
class _HitRead:
    wanted: Mapping[str, tuple[Mark, ...]]
    subject: Subject

    def __call__(self, cursor: DuckDBPyConnection) -> tuple[Mapping[str, Any], Mapping[str, Hit]]:
        from junjo_desktop.store.query_hits import read_hits

        return self.wanted, read_hits(cursor, self.wanted, self.subject)

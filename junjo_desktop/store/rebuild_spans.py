"""Rebuilding the derived columns of spans, a range of rows at a time.

Columns are updated where the rows lie: neither their order changes, on which all reading by time relies, nor are their
large texts written again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import duckdb

from junjo_desktop.store.rebuild_services import Difference, adjust_services
from junjo_desktop.store.rebuild_traces import Received, remake_traces
from junjo_desktop.store.summaries import SUMMARY_COLUMNS
from junjo_desktop.store.word_index import forget_words
from junjo_desktop.telemetry.derived import SENT_COLUMNS, DamagedTextError, Derived, derive

MOST_ROWS = 2_048  # one vector of DuckDB: reading less takes the same time
FEWEST_ROWS = 4
# Fewer rows than can be held cost time: DuckDB decompresses what lies before them in their vector, too.
_MUCH_TEXT = 48 << 20
_LITTLE_TEXT = 12 << 20
# The binding holds the GIL while it makes rows: a third of a millisecond for this many.
_ROWS_AT_ONCE = 64

_IDENTITY = ("trace_id", "span_id", "received_ns", "arrival")
DERIVED_COLUMNS = ("service_name", *Derived._fields)
_TYPES = {
    "duration_ns": "BIGINT",
    "is_error": "BOOLEAN",
    "input_tokens": "BIGINT",
    "output_tokens": "BIGINT",
    "event_count": "UINTEGER",
}
_SERVICE = DERIVED_COLUMNS.index("service_name")
_ERROR = DERIVED_COLUMNS.index("is_error")
_SUMMED_UP = [at for at, name in enumerate(DERIVED_COLUMNS) if name in SUMMARY_COLUMNS]


def _columns(*names: str) -> str:
    return ", ".join(f"spans.{name}" for name in names)


# A span whose resource is missing, which nothing of ours brings about, keeps the name it has.
_READ = f"""
SELECT spans.rowid, {_columns(*_IDENTITY, *DERIVED_COLUMNS)},
       coalesce(resources.service_name, spans.service_name), {_columns(*SENT_COLUMNS)}
FROM spans LEFT JOIN resources USING (resource_id)
WHERE spans.rowid >= ? AND spans.rowid < ?
"""  # noqa: S608 - column names are our own constants
_FIND = f"SELECT rowid, {_columns(*_IDENTITY)} FROM spans WHERE rowid >= ? AND rowid <= ?"  # noqa: S608 - our own column names
_DERIVED_AT = 1 + len(_IDENTITY)
_NAME_AT = _DERIVED_AT + len(DERIVED_COLUMNS)


class Change(NamedTuple):
    """A span whose derived columns are wrong."""

    row_id: int
    trace_id: str
    span_id: str
    received_ns: int
    arrival: int
    before: tuple[Any, ...]
    after: tuple[Any, ...]


@dataclass(slots=True)
class Portion:
    """What was read of a range of rows."""

    low_row: int
    below_row: int
    spans: int = 0
    unreadable: int = 0
    text_size: int = 0
    changes: list[Change] = field(default_factory=list)

    def next_size(self) -> int:
        """How many rows to read next, so that large spans do not take much memory at once."""
        rows = self.below_row - self.low_row
        if self.text_size > _MUCH_TEXT:
            return max(FEWEST_ROWS, rows // 4)
        return min(MOST_ROWS, rows * 2) if self.text_size < _LITTLE_TEXT else rows


def read_portion(cursor: duckdb.DuckDBPyConnection, below_row: int, rows: int) -> Portion:
    """Derive the columns of up to `rows` rows, a power of two, below `below_row`, and compare."""
    portion = Portion((below_row - 1) // rows * rows, below_row)
    cursor.execute(_READ, [portion.low_row, below_row])
    while found := cursor.fetchmany(_ROWS_AT_ONCE):
        for row in found:
            _compare(portion, row)
    return portion


def _compare(portion: Portion, row: Sequence[Any]) -> None:
    attributes, events = row[_NAME_AT + 1], row[_NAME_AT + 2]
    portion.spans += 1
    portion.text_size += len(attributes) + len(events)
    before = tuple(row[_DERIVED_AT:_NAME_AT])
    try:
        after = (row[_NAME_AT], *derive(*row[_NAME_AT + 1 :]))
    except DamagedTextError:
        portion.unreadable += 1
        return
    if before != after:
        portion.changes.append(Change._make((*row[:_DERIVED_AT], before, after)))


def write_changes(writer: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> tuple[int, int]:
    """Correct the spans that are still where they were read, and what they add up to.

    Returns how many spans and how many traces were changed.
    """
    current = _still_there(writer, changes)
    written = [change for change in changes if change.row_id in current]
    if not written:
        return 0, 0
    _update(writer, written)
    traces = _remake_traces(writer, written)
    adjust_services(writer, _differences(written))
    return len(written), traces


def _remake_traces(writer: duckdb.DuckDBPyConnection, written: Sequence[Change]) -> int:
    """Sum up the traces for which something was changed that counts for them; return how many were changed by it."""
    received: dict[str, Received] = {}
    is_moved = False
    for change in written:
        if any(change.before[at] != change.after[at] for at in _SUMMED_UP):
            received[change.trace_id] = received.get(change.trace_id, Received()).including(change.received_ns)
            is_moved = is_moved or change.before[_SERVICE] != change.after[_SERVICE]
    return remake_traces(writer, received, services_too=is_moved)


def _still_there(writer: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> Collection[int]:
    """Return the numbers of the rows that still hold what was read: by its key and its arrival a version is known."""
    expected = {change[: 1 + len(_IDENTITY)] for change in changes}
    row_ids = [change.row_id for change in changes]
    found = writer.execute(_FIND, [min(row_ids), max(row_ids)]).fetchall()
    return {row[0] for row in found if row in expected}


def _update(writer: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> None:
    """Update the columns that differ in any of the rows."""
    differing = [at for at in range(len(DERIVED_COLUMNS)) if any(one.before[at] != one.after[at] for one in changes)]
    names = [DERIVED_COLUMNS[at] for at in differing]
    made = ", ".join(f"unnest(?::{_TYPES.get(name, 'VARCHAR')}[]) AS {name}" for name in names)
    query = f"""
        UPDATE spans SET {", ".join(f"{name} = made.{name}" for name in names)}
        FROM (SELECT unnest(?::BIGINT[]) AS row_id, {made}) made
        WHERE spans.rowid = made.row_id AND spans.rowid >= ? AND spans.rowid <= ?
    """  # noqa: S608 - names and types are our own constants
    if "service_name" in names:
        received = [change.received_ns for change in changes]
        forget_words(writer, min(received), max(received))
    row_ids = [change.row_id for change in changes]
    values = [[change.after[at] for change in changes] for at in differing]
    writer.execute(query, [row_ids, *values, min(row_ids), max(row_ids)])


def _differences(written: Sequence[Change]) -> dict[str, Difference]:
    """What each service has more or less of now."""
    spans: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    received: dict[str, Received] = {}
    for change in written:
        old, new = change.before[_SERVICE], change.after[_SERVICE]
        spans[old] -= 1
        spans[new] += 1
        errors[old] -= change.before[_ERROR]
        errors[new] += change.after[_ERROR]
        received[new] = received.get(new, Received()).including(change.received_ns)
    return {
        name: Difference(spans[name], errors[name], received.get(name, Received()))
        for name in spans
        if spans[name] or errors[name]
    }

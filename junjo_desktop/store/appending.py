"""Appends a few rows to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import duckdb

# The binding holds the GIL while it takes rows over: a few milliseconds for this many.
_ROWS_AT_ONCE = 256


def append(writer: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Append rows, in the order of the table's columns. For many rows of spans see `arriving`."""
    remaining = iter(rows)
    portion = list(islice(remaining, _ROWS_AT_ONCE))
    if not portion:
        return
    with writer.appender(table) as appender:
        try:
            while portion:
                appender.append_rows(portion)
                portion = list(islice(remaining, _ROWS_AT_ONCE))
            appender.flush()
        except BaseException:
            appender.clear()
            raise

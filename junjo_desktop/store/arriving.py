"""Hands rows over to DuckDB a column at a time, as Arrow arrays: a third of the time that appending rows takes.

Only making the arrays needs the interpreter; what DuckDB does with them runs beside other threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

import duckdb

from junjo_desktop.store.batch import StoredRow

if TYPE_CHECKING:
    from arro3.core import DataType, Table

ARRIVING = "arriving"
"""The name under which queries find rows within `arriving`."""

_COLUMNS = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'main' AND table_name = ?
ORDER BY column_index
"""

Columns: TypeAlias = "Mapping[str, DataType]"
"""The columns of a table, in order."""


def columns_of(cursor: duckdb.DuckDBPyConnection, table: str) -> Columns:
    """Return the columns of one of our tables."""
    rows = cursor.execute(_COLUMNS, [table]).fetchall()
    arrow_types = _arrow_types()
    return {name: arrow_types[type_] for name, type_ in rows}


def _arrow_types() -> dict[str, DataType]:
    # Loaded when the first large batch comes: a window that is opened to look needs none of it.
    from arro3.core import DataType

    return {
        "VARCHAR": DataType.string(),
        "BLOB": DataType.binary(),
        "BIGINT": DataType.int64(),
        "INTEGER": DataType.int32(),
        "UINTEGER": DataType.uint32(),
        "BOOLEAN": DataType.bool(),
    }


@contextmanager
def arriving(writer: duckdb.DuckDBPyConnection, columns: Columns, rows: Sequence[StoredRow]) -> Iterator[None]:
    """Let queries within the block read `rows` as the relation `ARRIVING`. Raises what Arrow says of unfit rows."""
    writer.register(ARRIVING, _table(columns, rows))
    try:
        yield
    finally:
        # A statement that failed has aborted the transaction, and its end removes the relation, too.
        with suppress(duckdb.TransactionException):
            writer.unregister(ARRIVING)


def insert_arriving(writer: duckdb.DuckDBPyConnection, table: str) -> None:
    """Insert all rows of `ARRIVING`."""
    writer.execute(f"INSERT INTO {table} SELECT * FROM {ARRIVING}")  # noqa: S608 - our own names


def _table(columns: Columns, rows: Sequence[StoredRow]) -> Table:
    from arro3.core import Array, Table

    arrays = [
        Array(list(values), type_) for values, type_ in zip(zip(*rows, strict=True), columns.values(), strict=True)
    ]
    return Table.from_arrays(arrays, names=list(columns))

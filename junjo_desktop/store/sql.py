"""Runs a statement of the user's own: one that reads, over the documented views, with a bounded number of rows.

Four walls, each enough by itself for what it keeps out: the statement's kind is looked at before it runs, the cursor's
transaction is read-only, the database has no access to files and the network, and its settings are locked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from junjo_desktop.errors import UsageError
from junjo_desktop.store.failures import Trouble, trouble_of
from junjo_desktop.store.json_ready import Json, json_ready, readable_column
from junjo_desktop.store.opening import CATALOG, use_catalog

SEARCH_PATH = f"{CATALOG}.friendly,{CATALOG}.main"
"""Schemas in which names are looked up: the documented views first, then the tables behind them."""

VIEWS = ("spans", "traces", "services", "logs", "resources", "scopes", "trace_services", "executions", "calls")
"""The views, the most used ones first."""

DEFAULT_LIMIT = 1_000

_READS = "Give one statement that reads: SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN."
_KINDS_THAT_READ = (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI)  # a PIVOT is of the second kind
_EXPLAIN = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*EXPLAIN\s+(?:ANALYZE\s+)?(?:\([^)]*\)\s*)?", re.IGNORECASE | re.DOTALL
)
_QUOTED_LINE = re.compile(r"\s*\n\s*LINE \d+:.*", re.DOTALL)
_KIND_OF_ERROR = re.compile(r"^(?:[A-Z]\w+ )+Error: ")


@dataclass(frozen=True, slots=True)
class Table:
    """A result. Values are ready for JSON: see `json_ready`. `truncated`: there were more rows than asked for."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Json, ...], ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class DocumentedColumn:
    """A column of one of the views, for help and completion."""

    view: str
    name: str
    type: str
    comment: str


def run_select(cursor: duckdb.DuckDBPyConnection, sql: str, limit: int = DEFAULT_LIMIT) -> Table:
    """Run one reading statement and return at most `limit` rows.

    `cursor` is one of `Store.read`; its transaction is over afterwards. Raises `UsageError` for anything else than such
    a statement, and for its errors.
    """
    if limit < 1:
        raise UsageError(f"The limit {limit} is not at least 1.", "Ask for one row or more.")
    try:
        statement = _the_statement(cursor, sql)
        with _views_in_front(cursor):
            return _run(cursor, statement, limit)
    except duckdb.Error as error:
        if trouble_of(error) is not Trouble.STATEMENT:
            raise
        raise _usage_error(error) from error


def documented_columns(cursor: duckdb.DuckDBPyConnection) -> list[DocumentedColumn]:
    """Return every column of the views with what it means, view by view in their order."""
    rows = cursor.execute(
        """
        SELECT table_name, column_name, data_type, coalesce(comment, '')
        FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'friendly'
        ORDER BY array_position(?, table_name), column_index
        """,
        [list(VIEWS)],
    ).fetchall()
    return [DocumentedColumn(*row) for row in rows]


@contextmanager
def _views_in_front(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    cursor.execute(f"SET search_path = '{SEARCH_PATH}'")
    try:
        yield
    finally:
        # A statement that failed has aborted the transaction; within it not even a setting could be put back.
        with suppress(duckdb.TransactionException):
            cursor.rollback()
        use_catalog(cursor)


def _the_statement(cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = cursor.extract_statements(sql)
    if not statements:
        raise UsageError("There is no statement.", _READS)
    if len(statements) > 1:
        raise UsageError(f"These are {len(statements)} statements.", _READS)
    statement = statements[0]
    kind = statement.type
    if kind == duckdb.StatementType.EXPLAIN:
        # EXPLAIN ANALYZE runs what it explains.
        explained = cursor.extract_statements(_EXPLAIN.sub("", statement.query, count=1))
        kind = explained[0].type if len(explained) == 1 else kind
    if kind not in _KINDS_THAT_READ:
        raise UsageError(f"This is a statement of the kind {kind.name}, which does more than read.", _READS)
    return statement


def _run(cursor: duckdb.DuckDBPyConnection, statement: duckdb.Statement, limit: int) -> Table:
    if statement.type == duckdb.StatementType.EXPLAIN:
        cursor.execute(statement)
        columns = _columns(cursor)
    else:
        body = statement.query.strip().rstrip(";")
        cursor.execute(f"SELECT * FROM (\n{body}\n) LIMIT 0")  # noqa: S608 - it is the user's own statement
        columns = _columns(cursor)
        aliases = [f"c{number}" for number in range(len(columns))]
        values = ", ".join(readable_column(alias, type_) for alias, (_, type_) in zip(aliases, columns, strict=True))
        cursor.execute(
            f"SELECT {values} FROM (\n{body}\n) AS result({', '.join(aliases)}) LIMIT {limit + 1}"  # noqa: S608 - it is the user's own statement
        )
    rows = cursor.fetchmany(limit + 1)
    types = tuple(type_ for _, type_ in columns)
    return Table(
        columns=tuple(name for name, _ in columns),
        types=types,
        rows=tuple(
            tuple(json_ready(value, type_) for value, type_ in zip(row, types, strict=True)) for row in rows[:limit]
        ),
        truncated=len(rows) > limit,
    )


def _columns(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(name, str(type_).strip('"')) for name, type_, *_ in cursor.description or ()]


def _usage_error(error: duckdb.Error) -> UsageError:
    """Turn DuckDB's message (a sentence, sometimes a hint, the line with a caret) into a sentence and a hint."""
    text = _QUOTED_LINE.sub("", str(error)).strip()
    sentence, _, hint = _KIND_OF_ERROR.sub("", text).partition("\n")
    if isinstance(error, duckdb.PermissionException):
        sentence, hint = sentence.partition(" - ")[0], "A statement reads what is stored here, and nothing else."
    sentence = sentence.rstrip("!. ")
    return UsageError(f"{sentence[:1].upper()}{sentence[1:]}.", " ".join(hint.split()))

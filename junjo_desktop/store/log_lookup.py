"""The log records as the command line lists them: newest first, each with a cursor, as `store.lookup` lists spans."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import UsageError
from junjo_desktop.store.keyset import checked_limit, trace_id_of
from junjo_desktop.store.log_rows import MOMENT, SEVERITY
from junjo_desktop.store.lookup import DEFAULT_LIMIT
from junjo_desktop.telemetry.columns import LOG_COLUMNS, RESOURCE_COLUMNS, SCOPE_COLUMNS
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.severity import Severity, severity_of

_KEY = re.compile(r"(\d{1,19})\.(\d{1,18})")


@dataclass(frozen=True, slots=True)
class ListedLog:
    """A record in a list; `number` says where it lies in the store."""

    record: LogRecord
    number: int

    @property
    def cursor(self) -> str:
        """Given as `before`, the list goes on behind this record."""
        moment = self.record.time_ns if self.record.time_ns > 0 else self.record.observed_ns
        return base64.urlsafe_b64encode(f"{moment}.{self.number}".encode()).rstrip(b"=").decode()

    def to_json(self) -> dict[str, object]:
        """The record for JSON, with the word for its severity, its body as people read it, and its cursor."""
        severity = severity_of(self.record.severity_number, self.record.severity_text)
        row = self.record.to_json()
        row.update(severity=severity.word, body_text=self.record.body_text, cursor=self.cursor)
        return row


def logs(
    cursor: DuckDBPyConnection,
    service: str | None = None,
    severity: str | None = None,
    trace_id: str | None = None,
    limit: int = DEFAULT_LIMIT,
    before: str | None = None,
) -> list[ListedLog]:
    """Return log records: of one service, at least so severe, of one trace. Raises `UsageError`."""
    clauses: list[str] = []
    values: list[Any] = []
    if service is not None:
        clauses.append("service_name = ?")
        values.append(service)
    if severity is not None:
        clauses.append(f"{SEVERITY} >= ?")
        values.append(int(least_severity(severity)))
    if trace_id is not None:
        clauses.append("trace_id = ?")
        values.append(trace_id_of(trace_id))
    if before is not None:
        clauses.append(f"({MOMENT}, rowid) < (?, ?)")
        values.extend(place_of(before))
    found = cursor.execute(
        f"SELECT rowid FROM logs WHERE {' AND '.join(clauses) or 'true'} ORDER BY {MOMENT} DESC, rowid DESC LIMIT ?",  # noqa: S608 - constants; values are parameters
        [*values, checked_limit(limit)],
    ).fetchall()
    return listed_logs(cursor, [number for (number,) in found])


def least_severity(word: str) -> Severity:
    """Return the severity that a word names: trace, debug, info, warn, error, fatal. Raises `UsageError`."""
    found = severity_of(0, word)
    if found is Severity.UNKNOWN:
        known = ", ".join(severity.word for severity in Severity if severity is not Severity.UNKNOWN)
        raise UsageError(f"{word!r} is no severity.", f"Give one of {known}.")
    return found


def place_of(text: str) -> tuple[int, int]:
    """Return the moment (ns) and the number that a cursor was made of. Raises `UsageError`."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raw = ""
    found = _KEY.fullmatch(raw)
    if found is None or int(found[1]) >= 2**63:
        raise UsageError(f"{text!r} is not a cursor.", "Give the cursor of a listed record, as it was printed.")
    return int(found[1]), int(found[2])


def listed_logs(cursor: DuckDBPyConnection, numbers: Sequence[int]) -> list[ListedLog]:
    """Return whole records in this order: finding rows first and reading wide columns for them alone is quick."""
    if not numbers:
        return []
    columns = (
        *(f"l.{column}" for column in LOG_COLUMNS),
        *(f"r.{column}" for column in RESOURCE_COLUMNS),
        *(f"o.{column}" for column in SCOPE_COLUMNS),
    )
    rows = cursor.execute(
        f"""
        SELECT l.number, {", ".join(columns)}
        FROM (SELECT *, rowid AS number FROM logs WHERE rowid IN (SELECT unnest(?::BIGINT[]))) l
        JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id)
        """,  # noqa: S608 - column names of the schema
        [list(numbers)],
    ).fetchall()
    by_number = {row[0]: ListedLog(LogRecord.from_row(row[1:]), row[0]) for row in rows}
    return [by_number[number] for number in numbers if number in by_number]

"""What the comparison reads: both runs, and the runs that one may be compared with."""

from __future__ import annotations

import time
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.store import run_queries, runs
from junjo_desktop.store.comparison_answer import read_compared
from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome, RunSort
from junjo_desktop.store.run_listings import RunRow, run_key
from junjo_desktop.telemetry.junjo.comparison_model import ComparedRun

MOST_CANDIDATES = 100
"""How many runs are offered at once; the filter finds all others."""
_VERSION = "SELECT span_count, replaced_count, last_received_ns FROM traces WHERE trace_id = ?"
_THIS = "SELECT type, name, service_name FROM runs WHERE trace_id = ? AND owner_span_id = ?"
_IN_TRACE = """
SELECT owner_span_id FROM executions WHERE trace_id = ? AND runtime_id = ?
ORDER BY start_ns DESC, owner_span_id LIMIT 1
"""

Version = tuple[int, int, int]


@dataclass(frozen=True)
class FoundRun:
    """A run as it is stored now. `version` changes with every change of its trace."""

    version: Version
    compared: ComparedRun


@dataclass(frozen=True, slots=True)
class Candidates:
    """Runs of the same type, name and service, the newest first. `count` is of all of them that match.

    `previous` started right before the run itself, `completed` is the newest other that ended well.
    """

    this: RunRow | None
    rows: tuple[RunRow, ...]
    count: int
    previous: RunRow | None
    completed: RunRow | None


def find_run(cursor: DuckDBPyConnection, wanted: OpenRun) -> FoundRun:
    """Read one of the two runs. Raises `NotFoundError` while nothing of it has arrived."""
    trace_id, span_id = _place(cursor, wanted)
    version = version_of(cursor, trace_id)
    found = None if version is None else read_compared(cursor, trace_id, span_id, time.time_ns())
    if version is None or found is None:
        raise _not_arrived(wanted)
    return FoundRun(version, found)


def version_of(cursor: DuckDBPyConnection, trace_id: str) -> Version | None:
    """Return the version of a trace, None when it is not stored."""
    row = cursor.execute(_VERSION, [trace_id]).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def _place(cursor: DuckDBPyConnection, wanted: OpenRun) -> tuple[str, str | None]:
    if wanted.trace_id is not None and (wanted.span_id is not None or wanted.runtime_id is None):
        return wanted.trace_id, wanted.span_id
    if wanted.trace_id is not None:
        row = cursor.execute(_IN_TRACE, [wanted.trace_id, wanted.runtime_id]).fetchone()
        if row is not None:
            return wanted.trace_id, row[0]
    elif wanted.runtime_id is not None:
        found = runs.find_execution(cursor, wanted.runtime_id)
        if found is not None:
            return found.trace_id, found.owner_span_id
    raise _not_arrived(wanted)


def _not_arrived(wanted: OpenRun) -> NotFoundError:
    name = wanted.runtime_id or wanted.span_id or f"of trace {wanted.trace_id}"
    return NotFoundError(f"Waiting for run {name[:48]} …", "Nothing of it has arrived yet.")


def candidates(cursor: DuckDBPyConnection, run: OpenRun, text: str = "") -> Candidates:
    """Return what a run may be compared with. Raises `NotFoundError` while nothing of it has arrived."""
    now_ns = time.time_ns()
    trace_id, span_id = _place(cursor, run)
    this = cursor.execute(_THIS, [trace_id, span_id]).fetchone()
    if this is None or span_id is None:
        raise _not_arrived(run)
    type_, name, service = this
    key = trace_id + span_id
    chosen = RunFilter(
        kind=RunKind.AGENTS if type_ == "agent" else RunKind.WORKFLOWS,
        with_subflows=type_ == "subflow",
        service=service,
        name=name,
        text=text,
    )
    listing = run_queries.whole_listing(cursor, chosen, RunSort(), now_ns)
    ids = [one for one in (listing.ids[at] for at in range(min(len(listing.ids), MOST_CANDIDATES + 1))) if one != key]
    found = run_queries.rows(cursor, [*ids[:MOST_CANDIDATES], key], now_ns)
    rows = tuple(found[one] for one in ids if one in found)
    around = runs.neighbours(cursor, trace_id, span_id)
    previous = None if around is None or around.older is None else around.older.text()
    completed = _newest_completed(cursor, chosen, key, now_ns)
    more = run_queries.rows(cursor, [one for one in (previous, completed) if one is not None], now_ns)
    return Candidates(
        this=found.get(key),
        rows=rows,
        count=len(listing.ids) - (listing.ids.find(key) >= 0),
        previous=None if previous is None else more.get(previous),
        completed=None if completed is None else more.get(completed),
    )


def _newest_completed(cursor: DuckDBPyConnection, chosen: RunFilter, but: str, now_ns: int) -> str | None:
    only = RunFilter(
        kind=chosen.kind,
        with_subflows=chosen.with_subflows,
        service=chosen.service,
        name=chosen.name,
        outcomes=frozenset((RunOutcome.COMPLETED,)),
    )
    ids = run_queries.first_page(cursor, only, RunSort(), now_ns).ids
    return next((one for one in (ids[at] for at in range(min(len(ids), 2))) if one != but), None)


def place_of(row: RunRow) -> OpenRun:
    """Return where a run of a list is."""
    key = run_key(row.key)
    return OpenRun(key.trace_id, key.owner_span_id)

"""Deletes traces, a service, what is old, or everything, while the store is written and read.

Each transaction takes whole traces (or a service's part of them) with all that was counted of them, is over in some
tens of milliseconds, and leaves a rest for others who write. What arrives meanwhile is stored as new.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from functools import partial

import duckdb

from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.marks import NOTED
from junjo_desktop.store.reach import NONE, reach_of
from junjo_desktop.store.removal import (
    remove_all,
    remove_logs,
    remove_metrics,
    remove_service,
    remove_traces,
    remove_unreferred,
)
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.store.victims import portions

__all__ = ["Selection", "Toll", "delete", "toll_of"]

_ROWS_AT_ONCE = 20_000
# Whoever waits to write gets the lock meanwhile.
_REST_S = 0.002

_TOLL = """
SELECT
    (SELECT count(*) FROM traces WHERE {traces}),
    (SELECT coalesce(sum(span_count), 0)::BIGINT FROM traces WHERE {traces}),
    (SELECT count(*) FROM logs WHERE {logs}),
    (SELECT count(*) FROM metrics WHERE {metrics}),
    (SELECT count(*) FROM traces WHERE {kept}),
    (SELECT count(*) FROM traces WHERE {traces} AND {noted})
"""
_OF_SERVICE = """
SELECT count(*) FILTER (traces.span_count = part.span_count), coalesce(sum(part.span_count), 0)::BIGINT,
    count(*) FILTER (traces.span_count = part.span_count AND {noted})
FROM (SELECT trace_id, span_count FROM trace_services WHERE service_name = ?) part
JOIN (SELECT trace_id, span_count FROM traces WHERE {traces}) traces USING (trace_id)
"""


def toll_of(cursor: duckdb.DuckDBPyConnection, selection: Selection, kept: Collection[str] = ()) -> Toll:
    """Return what deleting `selection` would take now if the traces `kept` are spared (never those selected by id)."""
    reach = reach_of(selection, kept)
    spared = reach.matching & reach.spared
    parts = {"traces": reach.traces, "logs": reach.all_logs, "metrics": reach.metrics, "kept": spared}
    order = ("traces", "traces", "logs", "metrics", "kept", "traces")
    query = _TOLL.format(**{name: part.sql for name, part in parts.items()}, noted=NOTED)
    [row] = cursor.execute(query, [value for name in order for value in parts[name].params]).fetchall()
    toll = Toll(*row)
    if reach.service is None:
        return toll
    query = _OF_SERVICE.format(traces=reach.traces.sql, noted=NOTED)
    [(traces, spans, noted)] = cursor.execute(query, [reach.service, *reach.traces.params]).fetchall()
    return Toll(traces, spans, toll.logs, toll.metrics, toll.kept, noted)


def delete(
    store: Store,
    selection: Selection,
    on_progress: Callable[[Toll], None] | None = None,
    token: CancelToken | None = None,
    kept: Collection[str] = (),
) -> Toll:
    """Delete `selection` but for the traces `kept`; return what was deleted, also when `token` was cancelled.

    `on_progress` is called after each transaction with all that is deleted so far. Raises as `Store.write`; what was
    deleted before stays deleted, and calling again goes on.
    """
    deleted = Toll()
    token = token or CancelToken()
    transactions = _transactions(store, selection, kept)
    while not token.cancelled and (taken := next(transactions, None)) is not None:
        deleted += taken
        if on_progress is not None and taken:
            on_progress(deleted)
        time.sleep(_REST_S)
    return deleted


def _transactions(store: Store, selection: Selection, kept: Collection[str]) -> Iterator[Toll]:
    """Delete; yield after each transaction what it took."""
    if selection.everything and not kept:
        yield _wipe(store, selection)
        return
    reach = reach_of(selection, kept)
    for portion in portions(store, reach):
        with store.write(only_deletes=True) as writer:
            if reach.service is None:
                taken = remove_traces(writer, portion.traces & reach.still, portion.logs)
            else:
                taken = remove_service(writer, portion.traces, reach.service)
        yield taken
    for remove, condition in ((remove_logs, reach.logs), (remove_metrics, reach.metrics)):
        if condition is not NONE:
            yield from _loose(store, partial(remove, condition=condition, limit=_ROWS_AT_ONCE))
    if not selection.trace_ids:
        with store.write(only_deletes=True) as writer:
            remove_unreferred(writer)


def _wipe(store: Store, selection: Selection) -> Toll:
    # One transaction for all is an order of magnitude cheaper than many, and nobody sees a half-empty store.
    with store.write(only_deletes=True) as writer:
        toll = toll_of(writer, selection)
        remove_all(writer)
    return toll


def _loose(store: Store, remove: Callable[[duckdb.DuckDBPyConnection], Toll]) -> Iterator[Toll]:
    """Delete rows until a portion is not full: what comes later is new."""
    while True:
        with store.write(only_deletes=True) as writer:
            taken = remove(writer)
        yield taken
        if taken.logs + taken.metrics < _ROWS_AT_ONCE:
            return

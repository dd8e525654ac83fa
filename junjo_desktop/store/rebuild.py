"""Makes everything derived again from what was sent, while the store is read and written.

Five steps: the names of services that resources give; the derived columns of spans; what the spans of each trace add up
to; the runs that its Junjo spans tell of; what each service has sent. Each transaction takes little and records how far
the rebuild has come, so that it can end at any point, suddenly too, and goes on there. Rows that are right are not
written.

Three things cannot be made again and stay as the old rows have them: how often spans of a trace came again, and the
first and the last time at which anything of a trace or a service was received, where others have replaced that span.

Spans are read from the newest row downwards. New rows come above, and nothing but compaction moves a row, which takes
it further down: so every row that was not read yet is below the recorded one, whatever happens meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import duckdb

from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.derivation import Position, Rebuilt, Step, derivation_of, finish, save
from junjo_desktop.store.failures import log_of
from junjo_desktop.store.occupancy import size_of
from junjo_desktop.store.rebuild_executions import (
    differing_executions,
    next_traces,
    portions,
    remake_stored_executions,
    remove_strays,
    trace_count,
)
from junjo_desktop.store.rebuild_resources import misnamed_resources, rename_resources
from junjo_desktop.store.rebuild_services import count_services, write_counts
from junjo_desktop.store.rebuild_spans import Change, Portion, read_portion, write_changes
from junjo_desktop.store.rebuild_traces import DifferingTrace, differing_traces, part_count, remake_traces
from junjo_desktop.telemetry.semantics import DERIVED_VERSION

OnProgress = Callable[[Position], None]

# What one transaction changes at most, 40 to 60 ms of work; one trace, however large, is never divided.
_TRACES_OF_CHANGED_SPANS = 128
_CHANGED_TRACES = 256
_SPANS_OF_TRACES = 50_000
_RENAMED_RESOURCES = 1_000
_FIRST_PORTION = 64
# Where nothing changes, how far it has come is recorded this often: so much is read again after a sudden end.
_RECORD_S = 0.25
# A checkpoint of so much takes 30 ms; DuckDB's own, when the log is long, would hold others up for 300 ms.
_LONG_LOG_BYTES = 8 << 20
# Whoever waits to write gets the lock meanwhile.
_REST_S = 0.002
# Counting all that is stored is done beside the writers, and again when one of them came in between.
_COUNTING_TRIES = 10


def rebuild(
    store: Store, on_progress: OnProgress | None = None, token: CancelToken | None = None, *, restart: bool = False
) -> Rebuilt:
    """Make all derived data again, or what an unfinished rebuild has left; with `restart`, from the beginning.

    `on_progress` is called after each portion. Raises as `Store.read` and `Store.write`; what was done stays done.
    """
    token = token or CancelToken()
    begun = None if restart else store.read(derivation_of).rebuild
    is_resumed = begun is not None and begun.version == DERIVED_VERSION
    work = _Work(store, begun if begun is not None and is_resumed else _beginning(), is_recorded=is_resumed)
    for _ in work.portions():
        if on_progress is not None:
            on_progress(work.position)
        if token.cancelled:
            work.record()
            return Rebuilt(is_finished=False, is_resumed=is_resumed, position=work.position)
    return Rebuilt(is_finished=True, is_resumed=is_resumed, position=work.position)


def _beginning() -> Position:
    return Position(DERIVED_VERSION, Step.RESOURCES, 0, 0, 0, 0, 0, 0, 0, 0, time.time_ns())


class _Work:
    """A rebuild under way."""

    def __init__(self, store: Store, position: Position, *, is_recorded: bool) -> None:
        self.position = position
        self._store = store
        self._is_recorded = is_recorded
        self._recorded_at = time.monotonic()

    def portions(self) -> Iterator[None]:
        """Do what is left; yield after each portion."""
        steps = {
            Step.RESOURCES: self._resources,
            Step.SPANS: self._spans,
            Step.TRACES: self._traces,
            Step.EXECUTIONS: self._executions,
        }
        self.record()
        while (step := steps.get(self.position.step)) is not None:
            yield from step()
            yield
        self._services()

    def record(self) -> None:
        """Make sure that it is known how far this has come."""
        if not self._is_recorded:
            with self._writing():
                pass

    @contextmanager
    def _writing(self, *, spans_too: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield the writer for a transaction that also records the position as it is at the end of the block."""
        with self._store.write(only_adds=not spans_too) as writer:
            yield writer
            save(writer, self.position)
        self._is_recorded, self._recorded_at = True, time.monotonic()
        if size_of(log_of(self._store.path)) > _LONG_LOG_BYTES:
            self._store.checkpoint()  # where somebody reads, the next transaction tries again
        time.sleep(_REST_S)

    def _advance(self, **changes: Any) -> None:
        self.position = replace(self.position, **changes)
        self._is_recorded = False

    def _resources(self) -> Iterator[None]:
        names = list(self._store.read(misnamed_resources).items())
        for some in _chunks(names, _RENAMED_RESOURCES):
            with self._writing() as writer:
                rename_resources(writer, dict(some))
            yield
        with self._writing() as writer:
            [(rows,)] = writer.execute("SELECT coalesce(max(rowid) + 1, 0) FROM spans").fetchall()
            self._advance(step=Step.SPANS, first_row=rows, below_row=rows)

    def _spans(self) -> Iterator[None]:
        rows = _FIRST_PORTION
        while below_row := self.position.below_row:
            portion = self._store.read(partial(read_portion, below_row=below_row, rows=rows))
            if not self._correct(portion):
                yield
                continue
            self._count(spans=portion.spans, spans_unreadable=portion.unreadable)
            self._advance(below_row=portion.low_row)
            rows = portion.next_size()
            if time.monotonic() > self._recorded_at + _RECORD_S:
                self.record()
            yield
        with self._writing():
            self._advance(step=Step.TRACES)

    def _correct(self, portion: Portion) -> bool:
        """Write what was found wrong; False when rows have gone or moved meanwhile, so that they must be read again."""
        written = 0
        for some in _chunks_of_few_traces(portion.changes):
            with self._writing(spans_too=True) as writer:
                spans, traces = write_changes(writer, some)
                self._count(spans_changed=spans, summaries_changed=traces)
            written += spans
        return written == len(portion.changes)

    def _traces(self) -> Iterator[None]:
        if not self.position.parts:
            self._advance(part=0, parts=self._store.read(part_count))
        while self.position.part < self.position.parts:
            for some in _portions_of_traces(self._store.read(self._differing)):
                with self._writing() as writer:
                    changed = remake_traces(writer, {one.trace_id: one.received for one in some})
                    self._count(summaries_changed=changed)
                yield
            self._advance(part=self.position.part + 1)
            yield
        with self._writing():
            self._advance(step=Step.EXECUTIONS, part=0, parts=0)

    def _executions(self) -> Iterator[None]:
        if not self.position.parts:
            parts, below_ns = self._store.read(trace_count)
            self._advance(part=0, parts=parts, below_row=below_ns)
        while traces := self._store.read(partial(next_traces, below_ns=self.position.below_row)):
            for some, below_ns in portions(traces):
                wrong = self._store.read(partial(differing_executions, traces=some))
                if wrong:
                    with self._writing() as writer:
                        self._count(summaries_changed=remake_stored_executions(writer, wrong))
                self._advance(part=self.position.part + len(some), below_row=below_ns)
                if time.monotonic() > self._recorded_at + _RECORD_S:
                    self.record()
                yield
        with self._writing() as writer:
            remove_strays(writer)
            self._advance(step=Step.SERVICES)

    def _differing(self, cursor: duckdb.DuckDBPyConnection) -> list[DifferingTrace]:
        return differing_traces(cursor, self.position.part, self.position.parts)

    def _services(self) -> None:
        for _ in range(_COUNTING_TRIES):
            commits = self._store.commits
            made = self._store.read(count_services)
            with self._store.write(only_adds=True) as writer:
                if self._store.commits == commits:
                    self._finish(writer, write_counts(writer, made))
                    return
            time.sleep(_REST_S)
        with self._store.write(only_adds=True) as writer:
            self._finish(writer, write_counts(writer, count_services(writer)))

    def _finish(self, writer: duckdb.DuckDBPyConnection, changed: int) -> None:
        self._count(summaries_changed=changed)
        finish(writer)

    def _count(self, **more: int) -> None:
        self._advance(**{name: getattr(self.position, name) + count for name, count in more.items()})


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _chunks_of_few_traces(changes: Sequence[Change]) -> Iterator[list[Change]]:
    chunk: list[Change] = []
    traces: set[str] = set()
    for change in changes:
        traces.add(change.trace_id)
        if len(traces) > _TRACES_OF_CHANGED_SPANS:
            yield chunk
            chunk, traces = [], {change.trace_id}
        chunk.append(change)
    if chunk:
        yield chunk


def _portions_of_traces(found: Sequence[DifferingTrace]) -> Iterator[list[DifferingTrace]]:
    portion: list[DifferingTrace] = []
    spans = 0
    for one in found:
        if portion and (len(portion) == _CHANGED_TRACES or spans + one.span_count > _SPANS_OF_TRACES):
            yield portion
            portion, spans = [], 0
        portion.append(one)
        spans += one.span_count
    if portion:
        yield portion

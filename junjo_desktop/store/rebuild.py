"""Makes everything derived again from what was sent, while the store is read and written.

Four steps: the names of services that resources give; the derived columns of spans; what the spans of each trace add up
to; what each service has sent. Each transaction takes little and records how far the rebuild has come, so that it can
end at any point, suddenly too, and goes on there. Rows that are right are not written.

Three things cannot be made again and stay as the old rows have them: how often spans of a trace came again, and the
first and the last time at which anything of a trace or a service was received, where others have replaced that span.

Spans are read from the newest row downwards. New rows come above, and nothing but compaction moves a row, which takes
it further down: so every row that was not read yet is below the recorded one, whatever happens meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.derivation import Position, Step, derivation_of, finish, save
from junjo_desktop.store.rebuild_resources import misnamed_resources, rename_resources
from junjo_desktop.store.rebuild_services import count_services, write_counts
from junjo_desktop.store.rebuild_spans import read_portion, write_changes
from junjo_desktop.store.rebuild_traces import DifferingTrace, differing_traces, part_count, remake_traces
from junjo_desktop.telemetry.semantics import DERIVED_VERSION

OnProgress = Callable[[Position], None]

# What one transaction changes at most, each 10 to 40 ms; one trace, however large, is never divided.
_CHANGED_SPANS = 1_024
_CHANGED_TRACES = 256
_SPANS_OF_TRACES = 50_000
_RENAMED_RESOURCES = 1_000
_FIRST_PORTION = 256
# Where nothing changes, how far it has come is recorded this often: so much is read again after a sudden end.
_RECORD_S = 0.25
# Whoever waits to write gets the lock meanwhile.
_REST_S = 0.002
# Counting all that is stored is done beside the writers, and again when one of them came in between.
_COUNTING_TRIES = 10


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How a rebuild ended."""

    is_finished: bool
    """False: it was stopped, and the next one goes on where it was."""
    is_resumed: bool
    """Whether it went on where another one was stopped; the counts have what that one did."""
    position: Position


def rebuild(
    store: Store, on_progress: OnProgress | None = None, token: CancelToken | None = None, *, restart: bool = False
) -> Rebuilt:
    """Make all derived data again, or what an unfinished rebuild has left; with `restart`, from the beginning.

    `on_progress` is called after each portion. Raises as `Store.read` and `Store.write`; what was done stays done.
    """
    token = token or CancelToken()
    begun = None if restart else store.read(derivation_of).rebuild
    is_resumed = begun is not None and begun.version == DERIVED_VERSION
    work = _Work(store, begun if begun is not None and is_resumed else _beginning())
    for _ in work.portions():
        if on_progress is not None:
            on_progress(work.position)
        if token.cancelled:
            work.record()
            return Rebuilt(is_finished=False, is_resumed=is_resumed, position=work.position)
    return Rebuilt(is_finished=True, is_resumed=is_resumed, position=work.position)


def _beginning() -> Position:
    return Position(DERIVED_VERSION, Step.RESOURCES, 0, 0, 0, 0, 0, 0, time.time_ns())


class _Work:
    """A rebuild under way."""

    def __init__(self, store: Store, position: Position) -> None:
        self.position = position
        self._store = store
        self._is_recorded = False
        self._recorded_at = 0.0

    def portions(self) -> Iterator[None]:
        """Do what is left; yield after each portion."""
        steps = {Step.RESOURCES: self._resources, Step.SPANS: self._spans, Step.TRACES: self._traces}
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
    def _writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield the writer for a transaction that also records the position as it is at the end of the block."""
        with self._store.write() as writer:
            yield writer
            save(writer, self.position)
        self._is_recorded, self._recorded_at = True, time.monotonic()
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
            portion = self._store.read(lambda cursor, below=below_row, size=rows: read_portion(cursor, below, size))  # type: ignore[misc]  # bound now, not when called
            for some in _chunks(portion.changes, _CHANGED_SPANS):
                with self._writing() as writer:
                    spans, traces = write_changes(writer, some)
                    self._count(spans_changed=spans, summaries_changed=traces)
            self._count(spans=portion.spans, spans_unreadable=portion.unreadable)
            self._advance(below_row=portion.low_row)
            rows = portion.next_size()
            if time.monotonic() > self._recorded_at + _RECORD_S:
                self.record()
            yield
        with self._writing():
            self._advance(step=Step.TRACES)

    def _traces(self) -> Iterator[None]:
        parts = self._store.read(part_count)
        for part in range(parts):
            for some in _portions_of_traces(self._differing(part, parts)):
                with self._writing() as writer:
                    changed = remake_traces(writer, {one.trace_id: one.received for one in some})
                    self._count(summaries_changed=changed)
                yield
            yield
        with self._writing():
            self._advance(step=Step.SERVICES)

    def _differing(self, part: int, parts: int) -> list[DifferingTrace]:
        return self._store.read(lambda cursor: differing_traces(cursor, part, parts))

    def _services(self) -> None:
        for _ in range(_COUNTING_TRIES):
            commits = self._store.commits
            made = self._store.read(count_services)
            with self._store.write() as writer:
                if self._store.commits == commits:
                    self._finish(writer, write_counts(writer, made))
                    return
            time.sleep(_REST_S)
        with self._store.write() as writer:
            self._finish(writer, write_counts(writer, count_services(writer)))

    def _finish(self, writer: duckdb.DuckDBPyConnection, changed: int) -> None:
        self._count(summaries_changed=changed)
        finish(writer)

    def _count(self, **more: int) -> None:
        self._advance(**{name: getattr(self.position, name) + count for name, count in more.items()})


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


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

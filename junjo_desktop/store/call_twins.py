"""Finds calls that count in another trace already: two instrumentations without a common parent tell of one call."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter
from typing import TypeAlias

import duckdb

from junjo_desktop.store.call_rows import CallRow

_NEARLY_NS = 10**9
_LONGEST_NS = 600 * 10**9
"""Of a call that lasts longer no second telling is looked for."""
_MOST_LOOKED_AT = 200
"""Calls of one usage that were under way at once."""

_Sums: TypeAlias = tuple[int | None, int | None]

_COLUMNS = """trace_id, span_id, parent_span_id, operation, request_model, response_model, response_id, start_ns,
    duration_ns, is_error, input_tokens, output_tokens, scope_name"""
_ELSEWHERE = """start_ns BETWEEN $first_ns AND $last_ns AND is_counted
  AND trace_id NOT IN (SELECT unnest($traces::VARCHAR[]))"""
_OF_IDS = f"SELECT {_COLUMNS} FROM calls WHERE {_ELSEWHERE} AND response_id IN (SELECT unnest($ids::VARCHAR[]))"  # noqa: S608 - our own words
_ROOTS = f"""
SELECT {_COLUMNS} FROM calls
WHERE {_ELSEWHERE} AND parent_span_id IS NULL
  AND ($scope IS NULL OR scope_name <> $scope)
  AND coalesce(input_tokens, -1) IN (SELECT unnest($input_tokens::BIGINT[]))
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class _Told:
    """A call that counts. Times in ns."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    operation: str
    request_model: str | None
    response_model: str | None
    response_id: str | None
    start_ns: int
    duration_ns: int
    is_error: bool
    input_tokens: int | None
    output_tokens: int | None
    scope_name: str | None

    @property
    def end_ns(self) -> int:
        return self.start_ns + max(0, self.duration_ns)

    @property
    def sums(self) -> _Sums:
        return self.input_tokens, self.output_tokens

    @property
    def kind(self) -> object:
        """What twins have in common."""
        return self.operation, self.is_error, self.sums


_told_of = attrgetter(*_Told.__slots__)


def without_twins(cursor: duckdb.DuckDBPyConnection, rows: Sequence[CallRow]) -> list[CallRow]:
    """Count no call that counts in another trace, stored or before it in `rows`, which are by trace.

    The same id says it where both tell the same usage, or are of two instrumentations, and are under way at once: small
    servers on this computer give the same few ids again and again. Where one has no id, two root spans are one call
    when two instrumentations tell them with one model and one usage, and one lasts within the other.
    """
    known = _Known(_stored(cursor, rows))
    kept: list[CallRow] = []
    for _, of_trace in groupby(rows, attrgetter("trace_id")):
        counting: list[_Told] = []
        for row in of_trace:
            if not row.is_counted:
                kept.append(row)
                continue
            told = _Told(*_told_of(row))
            is_repeated = known.has(told)
            kept.append(replace(row, is_counted=False) if is_repeated else row)
            counting += () if is_repeated else (told,)
        known.add(counting)
    return kept


def _stored(cursor: duckdb.DuckDBPyConnection, rows: Sequence[CallRow]) -> list[_Told]:
    counting = [row for row in rows if row.is_counted]
    if not counting:
        return []
    at_once = {
        "traces": sorted({row.trace_id for row in rows}),
        "first_ns": min(row.start_ns for row in counting) - _LONGEST_NS,
        "last_ns": max(row.start_ns + max(0, row.duration_ns) for row in counting) + _NEARLY_NS,
    }
    found: list[_Told] = []
    if ids := sorted({row.response_id for row in counting if row.response_id}):
        found += [_Told(*row) for row in cursor.execute(_OF_IDS, {**at_once, "ids": ids}).fetchall()]
    if roots := [row for row in counting if row.parent_span_id is None]:
        scopes = {row.scope_name for row in roots}
        asked = {
            **at_once,
            "scope": scopes.pop() if len(scopes) == 1 else None,
            "input_tokens": sorted({-1 if row.input_tokens is None else row.input_tokens for row in roots}),
        }
        found += [_Told(*row) for row in cursor.execute(_ROOTS, asked).fetchall()]
    return found


class _Known:
    """The calls that count in other traces, by id, and root spans by what twins have in common and by start."""

    def __init__(self, told: Iterable[_Told]) -> None:
        self._by_id: dict[str, list[_Told]] = {}
        self._roots: dict[object, list[_Told]] = {}
        self._taken: set[tuple[str, str]] = set()
        self.add({(one.trace_id, one.span_id): one for one in told}.values())

    def add(self, told: Iterable[_Told]) -> None:
        """Add calls of a trace."""
        changed: set[object] = set()
        for one in told:
            if one.response_id:
                self._by_id.setdefault(one.response_id, []).append(one)
            if one.parent_span_id is None:
                self._roots.setdefault(one.kind, []).append(one)
                changed.add(one.kind)
        for kind in changed:
            self._roots[kind].sort(key=attrgetter("start_ns"))

    def has(self, told: _Told) -> bool:
        """Whether a call is one of these."""
        if told.response_id:
            alike = islice(self._by_id.get(told.response_id, ()), _MOST_LOOKED_AT)
            if any(_is_one_answer(told, other) for other in alike):
                return True
        twin = self._twin(told) if told.parent_span_id is None else None
        if twin is not None:
            self._taken.add((twin.trace_id, twin.span_id))
        return twin is not None

    def _twin(self, told: _Told) -> _Told | None:
        roots = self._roots.get(told.kind, [])
        at = bisect_left(roots, told.end_ns + 1, key=attrgetter("start_ns"))
        for other in reversed(roots[max(0, at - _MOST_LOOKED_AT) : at]):
            if (other.trace_id, other.span_id) not in self._taken and _are_twins(told, other):
                return other
        return None


def _is_one_answer(one: _Told, other: _Told) -> bool:
    first, second = sorted((one, other), key=attrgetter("start_ns"))
    is_at_once = second.start_ns <= first.end_ns + _NEARLY_NS
    return is_at_once and (one.sums == other.sums or one.scope_name != other.scope_name)


def _are_twins(one: _Told, other: _Told) -> bool:
    if one.scope_name == other.scope_name or (one.response_id and other.response_id):
        return False
    outer, inner = sorted((one, other), key=lambda told: (told.start_ns, -told.end_ns))
    models = {one.request_model, one.response_model} & {other.request_model, other.response_model}
    return inner.end_ns <= outer.end_ns and bool(models - {None})

"""Which spans can hold what a query asks for, by the index of words: the others need not be read. Never too few.

Sets of slots are numbers with a bit for each slot there is, so that `&` and `|` are fast.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from itertools import chain
from math import inf
from operator import and_, or_

import duckdb

from junjo_desktop.store.query_rows import SPAN_KEY, Parameters, id_prefix, log_has
from junjo_desktop.store.word_index import BEGINNING_NS, END_NS, SLOTS
from junjo_desktop.store.words import parts_in_any_case, parts_of_words
from junjo_desktop.telemetry.query.checking import number_as_written
from junjo_desktop.telemetry.query.fields import EVENT_NAME
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Leaf,
    Not,
    OneOf,
    Operator,
    Or,
    Path,
    Scope,
    Text,
    Value,
    leaves,
    parts_of,
)

_TOO_MANY_WORDS = 4_000
_TOO_MANY_SPANS = 1_000
_MOST_RANGES = 128
# Reading nearly all in parts takes longer than reading all at once.
_WORTHWHILE = 0.7

_WORDS = """
SELECT part, list(id) FROM words, (SELECT unnest($parts::VARCHAR[]) AS part)
WHERE contains(word, part) OR word = '' GROUP BY part
"""
_PLACES = """
SELECT part, group_number, bit_or(slots)
FROM word_places JOIN (SELECT unnest($ids::INTEGER[]) AS word_id, unnest($parts::VARCHAR[]) AS part) USING (word_id)
GROUP BY part, group_number
"""
_OF_ID = f"""
SELECT received_ns FROM spans WHERE starts_with(trace_id, $prefix) OR starts_with(span_id, $prefix)
LIMIT {_TOO_MANY_SPANS}
"""  # noqa: S608 - our own number
_OF_LOG = f"""
SELECT received_ns FROM spans WHERE {SPAN_KEY} IN (SELECT {SPAN_KEY} FROM logs WHERE span_id IS NOT NULL AND {{}})
LIMIT {_TOO_MANY_SPANS}
"""  # noqa: S608 - our own names


class Reach:
    """What the index says of one query, read once."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, query: Condition, subject: Subject) -> None:
        """Look up the words of `query`: some 10 ms where a million spans are stored."""
        groups = cursor.execute("SELECT number, after_ns, ends_ns FROM word_groups ORDER BY after_ns").fetchall()
        self._groups: Sequence[tuple[int, int, Sequence[int]]] = groups
        self._all = (1 << len(groups) * SLOTS) - 1
        self._most = _WORTHWHILE * sum(len(ends_ns) for _, _, ends_ns in groups)
        self._of_part: dict[str, int] = {}
        self._of_id: dict[str, int] = {}
        asked = tuple(leaves(query)) if groups else ()
        self._read_parts(cursor, {part for leaf in asked for part in chain.from_iterable(_parts(leaf))})
        texts = {leaf.text for leaf in asked if isinstance(leaf, Text)}
        # Of a trace, log records are looked at beside its spans; of a span, they tell which spans to look at.
        is_of_spans = subject in (Subject.SPANS, Subject.CALLS) or _has_path(query)
        has_logs = bool(texts) and is_of_spans and cursor.execute("SELECT 1 FROM logs LIMIT 1").fetchone() is not None
        self._in_logs: dict[str, int] = {}
        for text in texts:
            if (prefix := id_prefix(text)) is not None:
                self._of_id[prefix] = self._spans_found(cursor, _OF_ID, {"prefix": prefix})
            if has_logs:
                parameters = Parameters()
                of_log = _OF_LOG.format(log_has(text, parameters.bound))
                self._in_logs[text] = self._spans_found(cursor, of_log, parameters.values)

    def among(self, conditions: Collection[Condition], *, in_logs: bool = True) -> str:
        """Return a condition that every row of `spans` meets which meets any of `conditions`; empty: all may do so.

        `in_logs`: a span has a word also by the log records that were written in it.
        """
        if not self._groups:
            return ""
        slots = reduce(or_, (self._slots(condition, in_logs=in_logs) for condition in conditions), 0)
        if slots.bit_count() > self._most:
            return ""
        return received_between(self._ranges(slots))

    def narrows(self, condition: Condition) -> bool:
        """Tell whether only some spans can meet a condition by themselves."""
        return bool(self._groups) and self._slots(condition, in_logs=False).bit_count() <= self._most

    def slots_read(self, query: Condition) -> float:
        """Return how many slots are read at most to answer a query; infinity when it may be any number."""
        match query:
            case And():
                return min(map(self.slots_read, query.operands))
            case Or():
                return sum(map(self.slots_read, query.operands))
            case Path():
                return min((self.slots_read(span) for span in query.spans if span is not None), default=inf)
            case Not():
                return inf
            case _:
                return self._slots(query, in_logs=True).bit_count() if self.narrows(query) else inf

    def _slots(self, condition: Condition, *, in_logs: bool) -> int:
        match condition:
            case And():
                return reduce(and_, (self._slots(each, in_logs=in_logs) for each in condition.operands))
            case Or():
                return reduce(or_, (self._slots(each, in_logs=in_logs) for each in condition.operands))
            case Path() if condition.spans[-1] is not None:
                return self._slots(condition.spans[-1], in_logs=in_logs)
            case Not() | Path():
                return self._all
            case _:
                held = (reduce(and_, (self._of_part[part] for part in way), self._all) for way in _parts(condition))
                found = reduce(or_, held, 0)
                if isinstance(condition, Text):
                    found |= self._of_id.get(id_prefix(condition.text) or "", 0)
                    found |= self._in_logs.get(condition.text, 0) if in_logs else 0
                return found

    def _ranges(self, slots: int) -> list[tuple[int, int]]:
        """Return the times of reception of `slots`, and of what no group covers, in order."""
        found: list[tuple[int, int]] = []
        begin: int | None = BEGINNING_NS
        bit = 1
        reached_ns = BEGINNING_NS
        for _, after_ns, ends_ns in self._groups:
            if begin is None and after_ns > reached_ns:
                begin = reached_ns + 1
            reached_ns = after_ns
            for place, end_ns in enumerate(ends_ns):
                is_read = bool(slots & bit << place)
                if is_read and begin is None:
                    begin = reached_ns + 1
                elif not is_read and begin is not None:
                    found.append((begin, reached_ns))
                    begin = None
                reached_ns = end_ns
            bit <<= SLOTS
        found.append((reached_ns + 1 if begin is None else begin, END_NS))
        return [(first, last) for first, last in found if first <= last]

    def _read_parts(self, cursor: duckdb.DuckDBPyConnection, parts: Collection[str]) -> None:
        self._of_part = dict.fromkeys(parts, 0)
        if not parts:
            return
        pairs: list[tuple[int, str]] = []
        for part, ids in cursor.execute(_WORDS, {"parts": list(parts)}).fetchall():
            if len(ids) > _TOO_MANY_WORDS:
                self._of_part[part] = self._all
            else:
                pairs += [(word_id, part) for word_id in ids]
        if not pairs:
            return
        places = {number: place * SLOTS for place, (number, _, _) in enumerate(self._groups)}
        asked = {"ids": [word_id for word_id, _ in pairs], "parts": [part for _, part in pairs]}
        for part, number, bits in cursor.execute(_PLACES, asked).fetchall():
            self._of_part[part] |= bits << places[number]

    def _spans_found(self, cursor: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]) -> int:
        found = cursor.execute(query, dict(parameters)).fetchall()
        if len(found) == _TOO_MANY_SPANS:
            return self._all
        return reduce(or_, (self._slot_at(received_ns) for (received_ns,) in found), 0)

    def _slot_at(self, received_ns: int) -> int:
        """Return the slot that covers a time of reception; nothing where no group does, which is read anyway."""
        at = bisect_left(self._groups, received_ns, key=lambda group: group[1]) - 1
        if at < 0:
            return 0
        place = bisect_left(self._groups[at][2], received_ns)
        return 1 << at * SLOTS + place if place < len(self._groups[at][2]) else 0


def _has_path(condition: Condition) -> bool:
    return isinstance(condition, Path) or any(map(_has_path, parts_of(condition)))


def received_between(ranges: Iterable[tuple[int, int]]) -> str:
    """Return the condition on `spans` that they were received in one of these ranges of time (ns), both ends included.

    What lies between the nearest of very many is included.
    """
    named = _joined(sorted(ranges))
    return f"({' OR '.join(f'received_ns BETWEEN {first:d} AND {last:d}' for first, last in named) or 'false'})"


def _joined(ranges: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    if len(ranges) <= _MOST_RANGES:
        return ranges
    gaps = sorted(range(1, len(ranges)), key=lambda at: ranges[at][0] - ranges[at - 1][1], reverse=True)
    cuts = sorted(gaps[: _MOST_RANGES - 1])
    parts = zip((0, *cuts), (*cuts, len(ranges)), strict=True)
    return [(ranges[first][0], ranges[last - 1][1]) for first, last in parts]


def _parts(leaf: Leaf) -> Sequence[frozenset[str]]:
    """Return in which ways a span can meet a leaf: each by words that have all of some parts; no part: by any words."""
    match leaf:
        case Text():
            return (parts_of_words(leaf.text.lower()),)
        case Comparison():
            return (_of_key(leaf.field) | _of_value(leaf.field, leaf.operator, leaf.value),)
        case OneOf():
            return [_of_key(leaf.field) | _of_value(leaf.field, Operator.EQUAL, each) for each in leaf.values]
        case Exists():
            return (_of_key(leaf.field),)


def _of_key(field: Field) -> frozenset[str]:
    is_key = field.scope is Scope.ATTRIBUTE or (field.scope is Scope.EVENT and field.name != EVENT_NAME)
    return parts_in_any_case(field.name) if is_key else frozenset()


def _of_value(field: Field, operator: Operator, value: Value) -> frozenset[str]:
    if field.scope is Scope.RESOURCE or field.scope is Scope.KNOWN:
        return frozenset()  # columns of their own, which are read in no time
    match operator:
        case Operator.CONTAINS:
            return parts_of_words(value.text.lower())
        case Operator.EQUAL if number_as_written(value) is None:
            return parts_in_any_case(value.text)
        case _:
            return frozenset()


class Among:
    """Which spans are looked at for a condition, as the beginning of a condition on `spans`."""

    def __init__(self, given: str = "", reach: Reach | None = None) -> None:
        """`given` holds for all spans that are looked at."""
        self._given = f"{given} AND " if given else ""
        self._reach = reach

    def all(self) -> str:
        """Return it for everything."""
        return self._given

    def any_of(self, *conditions: Condition, in_logs: bool = True) -> str:
        """Return it for what may meet any of the conditions (see `Reach.among`)."""
        found = "" if self._reach is None else self._reach.among(conditions, in_logs=in_logs)
        return f"{self._given}{found} AND " if found else self._given

    def narrows(self, condition: Condition) -> bool:
        """Tell whether only some spans can meet a condition by themselves."""
        return self._reach is not None and self._reach.narrows(condition)

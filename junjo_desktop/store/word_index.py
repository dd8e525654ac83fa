"""The index of words in spans: made of what is stored, a group of spans at a time, never while a request is stored.

A group covers a range of times of reception, which rows keep through deletion and rewriting. Whatever adds a span to
a range that is covered, or changes its texts, forgets the group first; deleted spans only make it say too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import duckdb

from junjo_desktop.store.arriving import ARRIVING, Columns, arriving, record_batch

GROUP_SPANS = 8_192
"""Their words are fewer rows than a row group has: more would be written to blocks of their own, mostly empty ones."""
SLOT_SPANS = 512
"""What is decompressed to look at one span is 2,048 at least; smaller slots lie in one such vector more often."""
SLOTS = 16
BEGINNING_NS = -(1 << 63)
END_NS = (1 << 63) - 1

_STATE = "SELECT count(*), coalesce(sum(arrival), 0)::BIGINT FROM spans WHERE received_ns > ? AND received_ns <= ?"
_ADD_WORDS = f"""
INSERT INTO words
SELECT (SELECT coalesce(max(id), 0) FROM words) + row_number() OVER (), word
FROM {ARRIVING} ANTI JOIN words USING (word)
"""  # noqa: S608 - our own name
_ADD_PLACES = f"""
INSERT INTO word_places SELECT ?, id, slots FROM {ARRIVING} JOIN words USING (word) ORDER BY id
"""  # noqa: S608 - our own name


class Group(NamedTuple):
    """Spans received after `after_ns` and until the last of `ends_ns`; each of these ends a slot."""

    after_ns: int
    ends_ns: tuple[int, ...]

    @property
    def last_ns(self) -> int:
        """When the last of its spans was received."""
        return self.ends_ns[-1]


class GroupState(NamedTuple):
    """Tells whether the spans of a group are still the same."""

    span_count: int
    arrivals: int


class GroupWords(NamedTuple):
    """What was read of a group."""

    group: Group
    state: GroupState
    words: Sequence[tuple[str, int]]
    """Each with the bits of its slots."""


def next_group(cursor: duckdb.DuckDBPyConnection) -> Group | None:
    """Return the first group of spans that the index does not cover; None when there is none that is full.

    What lies between groups counts as full.
    """
    for after_ns, until_ns in _uncovered(cursor):
        found = cursor.execute(
            "SELECT received_ns FROM spans WHERE received_ns > ? AND received_ns <= ? ORDER BY received_ns LIMIT ?",
            [after_ns, until_ns, GROUP_SPANS + 1],
        ).fetchall()
        times = [received_ns for (received_ns,) in found]
        is_more = len(times) > GROUP_SPANS
        if is_more or (times and until_ns < END_NS):
            # All spans of one moment, however many, are in the same slot; of the last one there may be more.
            complete = [each for each in times if each < times[-1]] if is_more else times
            return Group(after_ns, _slots(complete or times))
    return None


def _uncovered(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    covered = cursor.execute("SELECT after_ns, ends_ns[-1] AS last_ns FROM word_groups ORDER BY last_ns").fetchall()
    edges = [(BEGINNING_NS, BEGINNING_NS), *covered, (END_NS, END_NS)]
    for (_, after_ns), (until_ns, _) in pairwise(edges):
        if after_ns < until_ns:
            yield after_ns, until_ns


def _slots(times_ns: Sequence[int]) -> tuple[int, ...]:
    ends: list[int] = []
    size = 0
    for moment_ns, same in groupby(times_ns):
        size += len(list(same))
        if size >= SLOT_SPANS:
            ends.append(moment_ns)
            size = 0
    if size:
        ends.append(times_ns[-1])
    return (*ends[: SLOTS - 1], ends[-1]) if len(ends) > SLOTS else tuple(ends)


def state_of(cursor: duckdb.DuckDBPyConnection, group: Group) -> GroupState:
    """Return what its spans are now; it reads none of their texts."""
    [state] = cursor.execute(_STATE, [group.after_ns, group.last_ns]).fetchall()
    return GroupState(*state)


def write_words(writer: duckdb.DuckDBPyConnection, found: GroupWords) -> bool:
    """Add a group to the index, in its transaction; False when its spans have changed since it was read."""
    group = found.group
    if state_of(writer, group) != found.state:
        return False
    [(number,)] = writer.execute("SELECT coalesce(max(number), 0) + 1 FROM word_groups").fetchall()
    if found.words:
        with arriving(writer, [record_batch(_columns(), found.words)]):
            writer.execute(_ADD_WORDS)
            writer.execute(_ADD_PLACES, [number])
    row = [number, group.after_ns, list(group.ends_ns), found.state.span_count]
    writer.execute("INSERT INTO word_groups VALUES (?, ?, ?, ?)", row)
    return True


def forget_words(writer: duckdb.DuckDBPyConnection, first_ns: int, last_ns: int) -> None:
    """Have the index no longer cover spans received in this time; called before they are added or changed."""
    overlapping = "SELECT number FROM word_groups WHERE ends_ns[-1] >= ? AND after_ns < ?"
    numbers = [number for (number,) in writer.execute(overlapping, [first_ns, last_ns]).fetchall()]
    if numbers:
        _remove(writer, numbers)


def changed_groups(cursor: duckdb.DuckDBPyConnection) -> Sequence[int]:
    """Return the groups of which spans were deleted since they were read; half a millisecond for each group."""
    groups = cursor.execute("SELECT number, after_ns, ends_ns, span_count FROM word_groups").fetchall()
    return [
        number
        for number, after_ns, ends_ns, span_count in groups
        if state_of(cursor, Group(after_ns, tuple(ends_ns))).span_count != span_count
    ]


def remove_groups(writer: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> None:
    """Take groups out of the index, and what words only they had: no word is kept of what was deleted."""
    _remove(writer, numbers)
    writer.execute("DELETE FROM words WHERE id NOT IN (SELECT word_id FROM word_places)")


def _remove(writer: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> None:
    writer.execute("DELETE FROM word_places WHERE group_number IN (SELECT unnest(?::INTEGER[]))", [list(numbers)])
    writer.execute("DELETE FROM word_groups WHERE number IN (SELECT unnest(?::INTEGER[]))", [list(numbers)])


def _columns() -> Columns:
    from arro3.core import DataType

    return {"word": DataType.string(), "slots": DataType.uint32()}

"""Reads the words of a group of spans for the index, within a memory that does not depend on how large they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import duckdb

from junjo_desktop.store.word_index import Group, GroupWords, state_of
from junjo_desktop.store.words import LETTERS, LONGEST, NO_LETTER

MOST_WORDS = 150_000
"""Of one group; more are no words but data, such as pictures as text."""
LARGE = 16 << 10
"""Bytes of text. DuckDB makes all words of 2,048 spans at once, four times the size of their texts: larger spans are
read alone, in Python, and where many are nearly as large, a slot at a time."""
_MUCH = 24 << 20
_PIECE = 64 << 10

# The binding holds the GIL while it makes rows.
_ROWS_AT_ONCE = 1_024

_TEXTS = "concat_ws(' ', name, status_message, service_name, attributes, CASE WHEN event_count > 0 THEN events END)"
_SIZE = "(strlen(attributes) + strlen(events) + strlen(status_message) + strlen(name))"
_AMONG = "FROM spans WHERE received_ns > ? AND received_ns <= ?"
_TEXT = f"SELECT lower({_TEXTS}) FROM spans WHERE rowid = ?"  # noqa: S608 - our own constants

_LETTERS = re.compile(LETTERS)
_NO_LETTER = re.compile(NO_LETTER)


def read_words(cursor: duckdb.DuckDBPyConnection, group: Group) -> GroupWords:
    """Read the words of a group: some 18 µs of processor a span of 1 KB, in DuckDB."""
    state = state_of(cursor, group)
    found: dict[str, int] = {}
    ranges = _ranges(cursor, group)
    pairs = (pair for after_ns, last_ns in ranges for pair in _words_between(cursor, group, after_ns, last_ns))
    too_long = 0
    for word, bits in pairs:
        if len(word) > LONGEST:
            too_long |= bits
        else:
            found[word] = found.get(word, 0) | bits
            if len(found) > MOST_WORDS:
                return GroupWords(group, state, [("", (1 << len(group.ends_ns)) - 1)])
    return GroupWords(group, state, [*found.items(), *([("", too_long)] if too_long else [])])


def _ranges(cursor: duckdb.DuckDBPyConnection, group: Group) -> Sequence[tuple[int, int]]:
    [(size,)] = cursor.execute(f"SELECT sum({_SIZE}) {_AMONG}", [group.after_ns, group.last_ns]).fetchall()
    edges = (group.after_ns, *group.ends_ns) if (size or 0) > _MUCH else (group.after_ns, group.last_ns)
    return list(pairwise(edges))


def _words_between(
    cursor: duckdb.DuckDBPyConnection, group: Group, after_ns: int, last_ns: int
) -> Iterator[tuple[str, int]]:
    """Yield words with the bits of their slots; one may come again."""
    cases = " ".join(f"WHEN received_ns <= {end_ns:d} THEN {1 << place}" for place, end_ns in enumerate(group.ends_ns))
    small = f"""
        SELECT unnest(regexp_extract_all(lower({_TEXTS}), $letters)) AS word, received_ns
        FROM spans WHERE received_ns > $after_ns AND received_ns <= $last_ns AND {_SIZE} <= {LARGE}
    """  # noqa: S608 - our own constants
    cursor.execute(
        f"SELECT word, bit_or(CASE {cases} END)::UINTEGER FROM ({small}) GROUP BY word",  # noqa: S608 - our own numbers
        {"letters": LETTERS, "after_ns": after_ns, "last_ns": last_ns},
    )
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows
    query = f"SELECT rowid, received_ns {_AMONG} AND {_SIZE} > {LARGE}"
    for row_id, received_ns in cursor.execute(query, [after_ns, last_ns]).fetchall():
        bit = next(1 << place for place, end_ns in enumerate(group.ends_ns) if received_ns <= end_ns)
        [(text,)] = cursor.execute(_TEXT, [row_id]).fetchall()
        for words in _words_of(text):
            yield from ((word, bit) for word in words)


def _words_of(text: str) -> Iterator[set[str]]:
    """Yield the words of a piece of the text after the other: the GIL is held for one."""
    start = 0
    while start < len(text):
        cut = _NO_LETTER.search(text, start + _PIECE)
        end = len(text) if cut is None else cut.start()
        yield set(_LETTERS.findall(text, start, end))
        start = end

"""The index of words: it leads to the spans that have a word, never past one, whatever is added or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import duckdb
import pytest

from junjo_desktop.store import word_index, word_reading
from junjo_desktop.store.deletion import Selection, delete
from junjo_desktop.store.query_reach import Reach
from junjo_desktop.store.query_sql import matching
from junjo_desktop.store.quiet_work import QuietRhythm
from junjo_desktop.store.word_indexing import WordIndexing
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Text
from tests.store.indexed import index_words
from tests.support import otlp
from tests.support.eventually import eventually
from tests.support.stored import StoredTelemetry

FIRST_NS = 1_795_000_000_000_000_000


@pytest.fixture
def telemetry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoredTelemetry]:
    """A store whose index takes four spans to a group, and two to a slot."""
    monkeypatch.setattr(word_index, "GROUP_SPANS", 4)
    monkeypatch.setattr(word_index, "SLOT_SPANS", 2)
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.close()


def add(telemetry: StoredTelemetry, *texts: str, first_ns: int = FIRST_NS) -> list[str]:
    """Store a trace of one span for each text, received one after the other; return their ids."""
    ids = [otlp.trace_id() for _ in texts]
    for moment, trace_id, text in zip(count(first_ns), ids, texts, strict=False):
        span = otlp.span("work", trace=trace_id, attributes={"said": text})
        telemetry.add(otlp.trace_request(span), received_ns=moment)
    return [trace_id.hex() for trace_id in ids]


def asked(telemetry: StoredTelemetry, text: str) -> tuple[set[str], str]:
    """Return the traces that are found, and which spans are looked at."""
    query = parse(text)
    assert query is not None

    def read(cursor: duckdb.DuckDBPyConnection) -> tuple[set[str], str]:
        condition = matching(cursor, query, 0)
        rows = cursor.execute(f"SELECT trace_id FROM traces WHERE {condition.sql}", condition.parameters).fetchall()  # noqa: S608 - a compiled query
        return {trace_id for (trace_id,) in rows}, Reach(cursor, query, Subject.SPANS).among([query])

    return telemetry.read(read)


def spans_read(telemetry: StoredTelemetry, text: str) -> int:
    """Return how many spans are looked at for a text."""
    among = asked(telemetry, text)[1] or "true"
    [(number,)] = telemetry.read(lambda cursor: cursor.execute(f"SELECT count(*) FROM spans WHERE {among}").fetchall())  # noqa: S608 - of our own numbers
    return int(number)


def words(telemetry: StoredTelemetry) -> set[str]:
    return {word for (word,) in telemetry.read(lambda cursor: cursor.execute("SELECT word FROM words").fetchall())}


def test_a_rare_word_is_looked_for_only_where_it_is(telemetry: StoredTelemetry) -> None:
    ids = add(telemetry, *("tea",) * 10, "Kettle-4711 order", *("tea",) * 9, "unread")
    index_words(telemetry.store)
    # 20 are read, and one is not: it is looked at whatever is asked for.
    for text in ("kettle", "ETTL", '"kettle-4711 or"', "said:kettle", 'said = "Kettle-4711 order"'):
        assert asked(telemetry, text)[0] == {ids[10]}, text
        assert spans_read(telemetry, text) == 3, text
    assert spans_read(telemetry, "samovar") == 1
    assert asked(telemetry, "nrea")[0] == {ids[20]}


@pytest.mark.parametrize("text", ["tea", "4711", "-kettle", "service:shop", "{kettle} >> {}", "said exists"])
def test_what_is_everywhere_or_has_no_word_is_looked_for_everywhere(telemetry: StoredTelemetry, text: str) -> None:
    add(telemetry, *("tea",) * 10, "Kettle-4711 order tea")
    index_words(telemetry.store)
    assert spans_read(telemetry, text) == 11


def test_what_comes_late_for_its_time_is_found(telemetry: StoredTelemetry) -> None:
    add(telemetry, *("tea",) * 12)
    groups = index_words(telemetry.store)
    [late] = add(telemetry, "kettle", first_ns=groups[1].last_ns)
    assert asked(telemetry, "kettle")[0] == {late}
    index_words(telemetry.store)
    assert asked(telemetry, "kettle")[0] == {late}
    assert spans_read(telemetry, "kettle") < 13


def test_a_group_that_has_changed_since_it_was_read_is_not_written(telemetry: StoredTelemetry) -> None:
    add(telemetry, *("tea",) * 5)
    group = telemetry.read(word_index.next_group)
    assert group is not None
    found = telemetry.read(lambda cursor: word_reading.read_words(cursor, group))
    add(telemetry, "kettle", first_ns=group.last_ns)
    with telemetry.store.write() as writer:
        assert not word_index.write_words(writer, found)


def test_no_word_is_kept_of_what_was_deleted(telemetry: StoredTelemetry) -> None:
    ids = add(telemetry, "tea", "kettle", "tea", "tea", "samovar", *("tea",) * 8)
    with_index = WordIndexing(telemetry.store, QuietRhythm(first_s=0.0, look_s=0.01))
    with_index.start()
    assert eventually(lambda: {"kettle", "samovar"} <= words(telemetry))
    delete(telemetry.store, Selection(trace_ids=(ids[1],)))
    assert eventually(lambda: "kettle" not in words(telemetry))
    assert eventually(lambda: "samovar" in words(telemetry))
    with_index.stop()
    assert asked(telemetry, "samovar")[0] == {ids[4]}
    delete(telemetry.store, Selection(everything=True))
    assert words(telemetry) == set()


def test_large_spans_and_long_words_are_read_too(telemetry: StoredTelemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_reading, "_PIECE", 1_000)
    large = " ".join(f"word{letter}x" for letter in "abcdefghij" * 2_000)
    long = "abc" * 40 + "kettle"
    ids = add(telemetry, "tea", "tea", f"{large} kettle", "tea", "tea", "tea", long, "tea", *("tea",) * 5)
    index_words(telemetry.store)
    assert max(map(len, words(telemetry))) <= 64
    assert asked(telemetry, "kettle")[0] == {ids[2], ids[6]}
    assert asked(telemetry, "samovar")[0] == set()
    # The slot with the long word is looked at whatever is asked for.
    assert spans_read(telemetry, "samovar") < spans_read(telemetry, "kettle") < 13


def test_what_has_more_words_than_any_language_is_always_looked_at(
    telemetry: StoredTelemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_reading, "MOST_WORDS", 30)
    letters = "abcdefghijklmnopqrstuvwxyz"
    many = " ".join(f"{one}{two}xx" for one in letters for two in letters)
    add(telemetry, many, *("tea",) * 12)
    index_words(telemetry.store)
    assert words(telemetry) < {"", "tea", "work", "shop", "said"} | {"tests"}
    assert 4 < spans_read(telemetry, "kettle") < 13


def test_the_words_of_a_group_with_much_text_are_those_of_its_slots(
    telemetry: StoredTelemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(telemetry, "tea", "tea", "kettle", "tea", "tea")
    group = telemetry.read(word_index.next_group)
    assert group is not None
    at_once = telemetry.read(lambda cursor: word_reading.read_words(cursor, group))
    monkeypatch.setattr(word_reading, "_MUCH", 1)
    by_slots = telemetry.read(lambda cursor: word_reading.read_words(cursor, group))
    assert dict(by_slots.words) == dict(at_once.words)
    assert dict(at_once.words)["kettle"] == 0b10


def test_a_store_without_an_index_is_read_whole(telemetry: StoredTelemetry) -> None:
    [kettle, _] = add(telemetry, "kettle", "tea")
    found = telemetry.read(lambda cursor: Reach(cursor, Text("kettle"), Subject.SPANS).among([Text("kettle")]))
    assert (asked(telemetry, "kettle")[0], found) == ({kettle}, "")

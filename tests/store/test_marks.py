"""Stars, tags and comments in queries."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from junjo_desktop.state.notes import Note, NotedPlace, Notes
from junjo_desktop.state.stars import Stars
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import toll_of
from junjo_desktop.store.marks import Mark, MarkKeeper
from junjo_desktop.store.query_offers import stored_values
from junjo_desktop.store.query_sql import compiled
from junjo_desktop.store.selection import Selection
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field, Scope
from tests.support import otlp
from tests.support.stored import StoredTelemetry

TRACES = {number: otlp.trace_id(number).hex() for number in (1, 2, 3)}
ROOTS = {number: otlp.span_id(number * 10).hex() for number in TRACES}
CHILDREN = {number: otlp.span_id(number * 10 + 1).hex() for number in TRACES}


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """Three traces of two spans: the first is tagged, of the second the child, and that and the third have notes."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("marked"))
    for number in TRACES:
        root = otlp.span("root", trace=otlp.trace_id(number), id=otlp.span_id(number * 10))
        child = otlp.span("child", trace=otlp.trace_id(number), id=otlp.span_id(number * 10 + 1), parent=root.span_id)
        stored.add(otlp.trace_request(root, child))
    stored.notes.write(NotedPlace(TRACES[1]), Note(("slow", "to do")))
    stored.notes.write(NotedPlace(TRACES[2], CHILDREN[2]), Note(("Slow",), "why so long?"))
    stored.notes.write(NotedPlace(TRACES[3]), Note((), "fine"))
    stored.set_starred(TRACES[3], True)
    yield stored
    stored.close()


def traces(telemetry: StoredTelemetry, text: str) -> list[int]:
    query = parse(text)
    assert query is not None
    condition = compiled(query, 0)
    sql = f"SELECT trace_id FROM traces WHERE {condition.sql}"  # noqa: S608 - values are parameters
    found = telemetry.read(lambda cursor: cursor.execute(sql, condition.parameters).fetchall())
    return sorted(number for number, trace_id in TRACES.items() if (trace_id,) in found)


def spans(telemetry: StoredTelemetry, text: str) -> set[str]:
    query = parse(text, Subject.SPANS)
    assert query is not None
    condition = compiled(query, 0, subject=Subject.SPANS)
    sql = f"SELECT span_id FROM spans WHERE {condition.sql}"  # noqa: S608 - values are parameters
    return {row[0] for row in telemetry.read(lambda cursor: cursor.execute(sql, condition.parameters).fetchall())}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tag:slow", [1, 2]),
        ('tag = "to do"', [1]),
        ("tag:SLOW tag:do", [1]),
        ("-tag:slow", [3]),
        ("tag exists", [1, 2]),
        ("tag in (slow, other)", [1]),
        ("tag != slow", [1, 2]),
        ("tag ~ ^to", [1]),
        ("note:long", [2]),
        ("note exists", [2, 3]),
        ("starred = true", [3]),
        ("starred = false name:root", [1, 2]),
        ("starred exists OR tag:do", [1, 3]),
        ("{tag:slow name:child}", [1, 2]),
        ("{name:root} > {tag:slow}", [1, 2]),
        ("{starred = true note:fine}", [3]),
    ],
)
def test_traces_are_found_by_what_stands_on_them_or_on_their_spans(
    telemetry: StoredTelemetry, text: str, found: list[int]
) -> None:
    assert traces(telemetry, text) == found


def test_spans_are_found_by_what_stands_on_them_or_on_their_trace(telemetry: StoredTelemetry) -> None:
    assert spans(telemetry, "tag:slow") == {ROOTS[1], CHILDREN[1], CHILDREN[2]}
    assert spans(telemetry, "note:long") == {CHILDREN[2]}
    assert spans(telemetry, "starred = true name:child") == {CHILDREN[3]}


@pytest.mark.parametrize("subject", [Subject.RUNS, Subject.LOGS])
def test_runs_and_logs_can_be_asked_for_marks_too(telemetry: StoredTelemetry, subject: Subject) -> None:
    query = parse("tag:slow OR starred = true", subject)
    assert query is not None
    condition = compiled(query, 0, subject=subject)
    table = "runs" if subject is Subject.RUNS else "logs"
    sql = f"SELECT count(*) FROM {table} WHERE {condition.sql}"  # noqa: S608 - values are parameters
    assert telemetry.read(lambda cursor: cursor.execute(sql, condition.parameters).fetchall()) == [(0,)]


def test_tags_are_offered_as_values(telemetry: StoredTelemetry) -> None:
    found = telemetry.read(partial(stored_values, field=Field(Scope.KNOWN, "tag")))
    assert set(found) == {"slow", "Slow", "to do"}


def test_the_toll_of_a_deletion_counts_traces_with_notes(telemetry: StoredTelemetry) -> None:
    def noted(selection: Selection) -> int:
        return telemetry.read(partial(toll_of, selection=selection)).noted

    assert noted(Selection(everything=True)) == 3
    assert noted(Selection(trace_ids=(TRACES[2],))) == 1
    assert noted(Selection(service="shop")) == 3
    assert noted(Selection(service="other")) == 0


def marked(store: Store) -> list[Mark]:
    sql = "SELECT * FROM memory.main.marks ORDER BY ALL"
    return [Mark(*row) for row in store.read(lambda cursor: cursor.execute(sql).fetchall())]


def test_what_another_process_writes_is_known_with_the_next_refresh(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    store = Store.open(tmp_path / "telemetry.duckdb")
    notes, stars = Notes(state), Stars(state)
    keeper = MarkKeeper(store, notes, stars.starred)
    keeper.refresh()
    assert marked(store) == []
    other, other_stars = Notes(state), Stars(state)
    other.write(NotedPlace("a"), Note(("x",), "'; DROP TABLE spans; --"))
    other_stars.star("b")
    keeper.refresh()
    expected = [
        Mark("a", None, "note", "'; DROP TABLE spans; --"),
        Mark("a", None, "tag", "x"),
        Mark("b", None, "star", ""),
    ]
    assert marked(store) == expected
    # Exchanging the file opens another database; what stands on traces is known to it, too.
    with store.frozen():
        store.exchange_file(lambda: None)
    assert marked(store) == expected
    for each in (notes, stars, other, other_stars, store):
        each.close()


def test_marks_need_not_wait_for_whoever_writes_the_file(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "telemetry.duckdb")
    with ThreadPoolExecutor(1) as aside, store.frozen():
        aside.submit(store.set_marks, [Mark("a", None, "tag", "x")]).result(timeout=30)
    assert marked(store) == [Mark("a", None, "tag", "x")]
    store.close()


def test_a_store_that_is_only_read_knows_marks_too(tmp_path: Path) -> None:
    path = tmp_path / "telemetry.duckdb"
    Store.open(path).close()
    store = Store.open(path, read_only=True)
    store.set_marks([Mark("a", "b", "tag", "x")])
    assert marked(store) == [Mark("a", "b", "tag", "x")]
    store.set_marks([])
    assert marked(store) == []
    store.close()

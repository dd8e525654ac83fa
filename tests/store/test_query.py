"""Compiled queries: they find what the slow evaluator finds, and carry every text as a parameter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junjo_desktop.store import query_newest, run_queries, word_index
from junjo_desktop.store.log_rows import MOMENT
from junjo_desktop.store.lookup import trace
from junjo_desktop.store.query_newest import Newest, newest_matches
from junjo_desktop.store.query_sql import Compiled, check_patterns, compiled, matching
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Condition
from tests.store.indexed import index_words
from tests.store.query_reference import Stored, matches, span_matches
from tests.store.query_reference_rows import log_matches, run_matches
from tests.store.query_telemetry import NOW, Made, traces
from tests.support import otlp
from tests.support.stored import StoredTelemetry
from tests.telemetry.query.trees import any_queries, queries, queries_of_known_words


@pytest.fixture(scope="module", autouse=True)
def tiny_groups() -> Iterator[None]:
    """The index of words takes few spans together, so that it leaves many out; and few rows are looked at first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_index, "GROUP_SPANS", 5)
        patch.setattr(word_index, "SLOT_SPANS", 1)
        patch.setattr(query_newest, "_FEW_SLOTS", 3)
        patch.setattr(query_newest, "_FIRST_ROWS", dict.fromkeys(Subject, 1))
        patch.setattr(query_newest, "_MOST_CANDIDATES", 4)
        yield


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """A store that all tests write their own traces to."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("queries"))
    yield stored
    stored.close()


_ROWS = {
    Subject.TRACES: Newest(Subject.TRACES, "trace_id", "start_ns", "start_ns DESC, trace_id"),
    Subject.SPANS: Newest(Subject.SPANS, "trace_id || span_id", "start_ns", "start_ns DESC, rowid"),
    Subject.RUNS: Newest(
        Subject.RUNS, "trace_id || owner_span_id", "start_ns", "start_ns DESC, trace_id, owner_span_id"
    ),
    Subject.LOGS: Newest(Subject.LOGS, "rowid", MOMENT, f"{MOMENT} DESC, rowid"),
}


def ids_of(
    cursor: duckdb.DuckDBPyConnection, subject: Subject, condition: Compiled, more: dict[str, int] | None = None
) -> list[Any]:
    """The ids of the rows that meet a condition, newest first."""
    rows = _ROWS[subject]
    query = f"SELECT {rows.columns} FROM {subject} WHERE {condition.sql} ORDER BY {rows.order}"  # noqa: S608 - that it has no text of a query is tested below
    return [row_id for (row_id,) in cursor.execute(query, {**condition.parameters, **(more or {})}).fetchall()]


def found_by(
    telemetry: StoredTelemetry, query: Condition, subject: Subject = Subject.TRACES, *, limit: int = 3
) -> set[Any]:
    """The ids of what SQL finds: the same without the index of words and with it, and the newest are the first."""

    def read(cursor: duckdb.DuckDBPyConnection) -> set[Any]:
        found = ids_of(cursor, subject, compiled(query, NOW, subject=subject))
        assert ids_of(cursor, subject, matching(cursor, query, NOW, subject=subject)) == found, query
        newest = newest_matches(cursor, _ROWS[subject], query, NOW, limit)
        assert [row_id for (row_id,) in newest] == found[:limit], query
        return set(found)

    return telemetry.read(read)


class Known:
    """What a store has of some traces, as the reference reads it."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, trace_ids: Collection[str], first_log: int) -> None:
        of_log = """
            SELECT l.rowid, l.*, r.*, s.* FROM logs l
            JOIN resources r USING (resource_id) JOIN scopes s USING (scope_id) WHERE l.rowid >= ?
        """
        self.logs = {row[0]: LogRecord.from_row(row[1:]) for row in cursor.execute(of_log, [first_log]).fetchall()}
        self.traces = {
            trace_id: Stored(
                [listed.span for listed in trace(cursor, trace_id)],
                [log for log in self.logs.values() if log.trace_id == trace_id],
                NOW,
            )
            for trace_id in trace_ids
        }
        runs = [row_id for row_id in ids_of(cursor, Subject.RUNS, Compiled("true", {})) if row_id[:32] in trace_ids]
        self.runs = run_queries.rows(cursor, runs, NOW)
        spans = {span.trace_id + span.span_id for of in self.traces.values() for span in of.spans}
        self.ids: dict[Subject, set[Any]] = {
            Subject.TRACES: set(self.traces),
            Subject.SPANS: spans,
            Subject.RUNS: set(runs),
        }
        self.ids[Subject.LOGS] = set(self.logs)

    def matching(self, query: Condition, subject: Subject) -> set[Any]:
        """The ids of what the reference finds."""
        match subject:
            case Subject.TRACES:
                return {trace_id for trace_id, of in self.traces.items() if matches(query, of)}
            case Subject.SPANS:
                return {
                    span.trace_id + span.span_id
                    for of in self.traces.values()
                    for span in of.spans
                    if span_matches(query, span, of)
                }
            case Subject.RUNS:
                return {key for key, run in self.runs.items() if run_matches(query, run, self.traces[run.trace_id])}
            case Subject.LOGS:
                return {key for key, log in self.logs.items() if log_matches(query, log, self._of(log))}
            case _:
                raise AssertionError(subject)

    def _of(self, log: LogRecord) -> Stored:
        return self.traces.get(log.trace_id or "", Stored((), (), NOW))


@pytest.mark.parametrize("subject", tuple(_ROWS))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(traces(), min_size=4, max_size=6), st.data())
def test_sql_finds_what_the_reference_finds(
    telemetry: StoredTelemetry, subject: Subject, made: list[Made], data: st.DataObject
) -> None:
    [(first_log,)] = telemetry.read(lambda cursor: cursor.execute("SELECT count(*) FROM logs").fetchall())
    for each in made:
        each.add_to(telemetry)
    index_words(telemetry.store)
    known = telemetry.read(lambda cursor: Known(cursor, {each.trace_id.hex() for each in made}, first_log))
    for query in data.draw(st.lists(queries_of_known_words[subject], min_size=10, max_size=15)):
        found = found_by(telemetry, query, subject) & known.ids[subject]
        assert found == known.matching(query, subject), query


_MARK = "Zq7"
_marked = st.text(st.characters(codec="utf-8"), max_size=12).map(lambda text: f"{text}{_MARK}'\"{text}")


@pytest.mark.parametrize("subject", tuple(Subject))
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_text_and_no_key_of_a_query_gets_into_sql(subject: Subject, data: st.DataObject) -> None:
    condition = compiled(data.draw(queries(_marked, _marked, subject)), NOW, subject=subject)
    assert _MARK.lower() not in condition.sql.lower()
    assert all(f"${name}" in condition.sql for name in condition.parameters)


@settings(max_examples=60, deadline=None)
@given(any_queries)
def test_whatever_is_asked_can_be_asked(telemetry: StoredTelemetry, query: Condition) -> None:
    found_by(telemetry, query)


def test_a_pattern_that_only_the_store_refuses_is_told_with_its_place(telemetry: StoredTelemetry) -> None:
    query = parse('service:shop name ~ "(a{1000}){1000}"')
    assert query is not None
    with pytest.raises(QueryError) as raised:
        telemetry.read(lambda cursor: check_patterns(cursor, query))
    assert (raised.value.start, raised.value.end) == (20, 37)


def test_an_id_is_found_by_its_beginning(telemetry: StoredTelemetry) -> None:
    spans = [
        otlp.span("idle", trace=bytes.fromhex("fe" * 15 + end), id=bytes.fromhex("ab" * 7 + end))
        for end in ("01", "02")
    ]
    telemetry.add(otlp.trace_request(*spans))
    both = {"fe" * 15 + "01", "fe" * 15 + "02"}
    found = {text: found_by(telemetry, query) for text in _IDS if (query := parse(text)) is not None}
    assert found == {text: both if len(text.split(":")[-1]) < 16 else {"fe" * 15 + "02"} for text in _IDS} | {
        "fef": set()
    }


_IDS = (
    "fefe",
    "FEFEFE",
    "abab",
    "abababababababab"[:14] + "02",
    "trace_id:fe",
    "span_id:ABAB",
    "fef",
    "trace_id:" + "fe" * 15 + "02",
)


def test_an_attribute_may_have_the_name_of_a_list_of_pairs(telemetry: StoredTelemetry) -> None:
    one, several = otlp.trace_id(), otlp.trace_id()
    telemetry.add(
        otlp.trace_request(otlp.span("x", trace=one, attributes={"kvlistValue": [{"key": "pear"}], "plum": 1}))
    )
    doubled = otlp.span("x", trace=several, attributes={"plum": 1})
    doubled.attributes.extend(otlp.key_values({"plum": 2}))
    telemetry.add(otlp.trace_request(doubled))
    found = {
        text: found_by(telemetry, _parsed(text)) for text in ("plum = 1", "plum = 2", "plum exists", "pear exists")
    }
    both = {one.hex(), several.hex()}
    assert found == {"plum = 1": {one.hex()}, "plum = 2": {several.hex()}, "plum exists": both, "pear exists": set()}


def test_a_word_in_braces_is_about_one_span(telemetry: StoredTelemetry) -> None:
    trace_id = otlp.trace_id()
    telemetry.add(otlp.trace_request(otlp.span("kettle", trace=trace_id), otlp.span("teapot", trace=trace_id)))
    answers = {
        text: trace_id.hex() in found_by(telemetry, _parsed(text)) for text in ("kettle teapot", "{kettle teapot}")
    }
    assert answers == {"kettle teapot": True, "{kettle teapot}": False}


def test_only_the_spans_that_are_named_are_looked_at(telemetry: StoredTelemetry) -> None:
    old, new = otlp.trace_id(), otlp.trace_id()
    telemetry.add(otlp.trace_request(otlp.span("x", trace=old, start_ns=NOW, attributes={"among": 1})))
    telemetry.add(otlp.trace_request(otlp.span("x", trace=new, start_ns=NOW + 1, attributes={"among": 1})))
    for text in ("among = 1", "{among = 1}", "among exists"):
        condition = compiled(_parsed(text), NOW, among="start_ns > $since_ns")
        found = telemetry.read(partial(ids_of, subject=Subject.TRACES, condition=condition, more={"since_ns": NOW}))
        assert found == [new.hex()], text


def _parsed(text: str) -> Condition:
    found = parse(text)
    assert found is not None
    return found

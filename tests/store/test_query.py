"""Compiled queries: they find what the slow evaluator finds, and carry every text as a parameter."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.store.lookup import trace
from junjo_desktop.store.query_sql import check_patterns, compiled
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.tree import Condition
from junjo_desktop.telemetry.span import Span
from tests.store.query_reference import matches
from tests.support import otlp
from tests.support.stored import StoredTelemetry
from tests.telemetry.query.trees import (
    KEYS,
    MODELS,
    NAMES,
    SERVICES,
    TEXTS,
    any_queries,
    queries,
    queries_of_known_words,
)

NOW = 1_795_183_378_000_000_000  # 2026-11-20T14:02:58Z
MINUTE = 60 * 10**9


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """A store that all tests write their own traces to."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("queries"))
    yield stored
    stored.close()


_KINDS = (
    OtlpSpan.SPAN_KIND_UNSPECIFIED,
    OtlpSpan.SPAN_KIND_INTERNAL,
    OtlpSpan.SPAN_KIND_CLIENT,
    OtlpSpan.SPAN_KIND_CONSUMER,
)
_SCALARS: tuple[otlp.Value, ...] = (*TEXTS, 0, 1, 500, -3, 1.5, 0.25, True, None, b"\x00\xff", "1.5", "500")
scalars = st.sampled_from(_SCALARS)
values: st.SearchStrategy[otlp.Value] = st.one_of(
    scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from(KEYS), scalars, max_size=2)
)
pairs = st.lists(st.tuples(st.sampled_from(KEYS), values), max_size=4)
llm = st.fixed_dictionaries(
    {"gen_ai.operation.name": st.just("chat"), "gen_ai.request.model": st.sampled_from(MODELS)},
    optional={"gen_ai.usage.input_tokens": st.sampled_from((1, 500)), "gen_ai.usage.output_tokens": st.just(1)},
)


@st.composite
def otlp_spans(draw: st.DrawFn, trace_id: bytes, number: int) -> OtlpSpan:
    """A span of a trace; its parent is any span of the first six, itself included, or one that never came."""
    parent = draw(st.sampled_from((0, 1, 2, 3, 4, 5, 6, 99)))
    start_ns = draw(st.sampled_from((0, NOW, NOW - 20 * MINUTE, NOW - 2 * 60 * MINUTE)))
    found = otlp.span(
        draw(st.sampled_from(NAMES)),
        trace=trace_id,
        id=otlp.span_id(number),
        parent=otlp.span_id(parent) if parent else b"",
        start_ns=start_ns,
        duration_ns=draw(st.sampled_from((0, 1_000_000, 2 * 10**9, 90 * 10**9))),
        attributes=draw(st.just({}) | llm),
        error=draw(st.sampled_from((None, None, "", "GET failed"))),
    )
    found.kind = draw(st.sampled_from(_KINDS))
    for key, value in draw(pairs):
        found.attributes.extend(otlp.key_values({key: value}))
    for name, more in draw(st.lists(st.tuples(st.sampled_from((*NAMES, "exception")), pairs), max_size=2)):
        event = found.events.add(name=name, time_unix_nano=start_ns)
        for key, value in more:
            event.attributes.extend(otlp.key_values({key: value}))
    return found


@st.composite
def traces(draw: st.DrawFn) -> list[tuple[OtlpSpan, str, dict[str, otlp.Value]]]:
    """Spans of one new trace, with their service and what their resource says."""
    trace_id = otlp.trace_id()
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        resource = draw(st.dictionaries(st.sampled_from(KEYS), scalars, max_size=2))
        found.append((draw(otlp_spans(trace_id, number)), draw(st.sampled_from(SERVICES)), resource))
    return found


def matching(telemetry: StoredTelemetry, query: Condition, *, among: str = "", since_ns: int | None = None) -> set[str]:
    """The ids of the traces that SQL finds."""
    condition = compiled(query, NOW, among=among)
    more = {} if since_ns is None else {"since_ns": since_ns}

    def read(cursor: duckdb.DuckDBPyConnection) -> set[str]:
        check_patterns(cursor, query)
        rows = cursor.execute(
            f"SELECT trace_id FROM traces WHERE {condition.sql}",  # noqa: S608 - that it has no text of a query is tested below
            {**condition.parameters, **more},
        ).fetchall()
        return {trace_id for (trace_id,) in rows}

    return telemetry.read(read)


def spans_of(telemetry: StoredTelemetry, trace_id: str) -> list[Span]:
    return [listed.span for listed in telemetry.read(lambda cursor: trace(cursor, trace_id))]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(traces(), min_size=4, max_size=6), st.lists(queries_of_known_words, min_size=15, max_size=25))
def test_sql_finds_what_the_reference_finds(
    telemetry: StoredTelemetry,
    made: list[list[tuple[OtlpSpan, str, dict[str, otlp.Value]]]],
    asked: list[Condition],
) -> None:
    telemetry.add(
        *(
            otlp.trace_request(span, service=service, resource=resource)
            for each in made
            for span, service, resource in each
        )
    )
    stored = {each[0][0].trace_id.hex(): spans_of(telemetry, each[0][0].trace_id.hex()) for each in made}
    for query in asked:
        expected = {trace_id for trace_id, spans in stored.items() if matches(query, spans, NOW)}
        assert matching(telemetry, query) & set(stored) == expected, query


_MARK = "Zq7"
_marked = st.text(st.characters(codec="utf-8"), max_size=12).map(lambda text: f"{text}{_MARK}'\"{text}")


@settings(max_examples=100, deadline=None)
@given(queries(_marked, _marked))
def test_no_text_and_no_key_of_a_query_gets_into_sql(query: Condition) -> None:
    condition = compiled(query, NOW)
    assert _MARK.lower() not in condition.sql.lower()
    assert all(f"${name}" in condition.sql for name in condition.parameters)


@settings(max_examples=60, deadline=None)
@given(any_queries)
def test_whatever_is_asked_can_be_asked(telemetry: StoredTelemetry, query: Condition) -> None:
    matching(telemetry, query)


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
    found = {text: matching(telemetry, query) for text in _IDS if (query := parse(text)) is not None}
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
        text: matching(telemetry, _parsed(text)) for text in ("plum = 1", "plum = 2", "plum exists", "pear exists")
    }
    both = {one.hex(), several.hex()}
    assert found == {"plum = 1": {one.hex()}, "plum = 2": {several.hex()}, "plum exists": both, "pear exists": set()}


def test_a_word_in_braces_is_about_one_span(telemetry: StoredTelemetry) -> None:
    trace_id = otlp.trace_id()
    telemetry.add(otlp.trace_request(otlp.span("kettle", trace=trace_id), otlp.span("teapot", trace=trace_id)))
    answers = {
        text: trace_id.hex() in matching(telemetry, _parsed(text)) for text in ("kettle teapot", "{kettle teapot}")
    }
    assert answers == {"kettle teapot": True, "{kettle teapot}": False}


def test_only_the_spans_that_are_named_are_looked_at(telemetry: StoredTelemetry) -> None:
    old, new = otlp.trace_id(), otlp.trace_id()
    telemetry.add(otlp.trace_request(otlp.span("x", trace=old, start_ns=NOW, attributes={"among": 1})))
    telemetry.add(otlp.trace_request(otlp.span("x", trace=new, start_ns=NOW + 1, attributes={"among": 1})))
    for text in ("among = 1", "{among = 1}", "among exists"):
        found = matching(telemetry, _parsed(text), among="start_ns > $since_ns", since_ns=NOW)
        assert found == {new.hex()}, text


def _parsed(text: str) -> Condition:
    found = parse(text)
    assert found is not None
    return found

"""Queries asked of calls of models: their own fields, else those of the span that tells of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import duckdb
import pytest

from junjo_desktop.store import query_newest, word_index
from junjo_desktop.store.call_lookup import ListedCall
from junjo_desktop.store.finding import find
from junjo_desktop.store.query_hits import read_hits
from junjo_desktop.store.query_offers import stored_values, values_holding
from junjo_desktop.store.query_sql import compiled, matching
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.fields import field_named
from junjo_desktop.telemetry.query.hits import hidden_marks
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.printing import text_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field, Scope
from tests.store.indexed import index_words
from tests.support.model_calls import SECOND, chat, hour_ago, read_all_calls
from tests.support.otlp import log, log_request, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry


@pytest.fixture(scope="module", autouse=True)
def tiny_groups() -> Iterator[None]:
    """The index of words takes few spans together, so that it leaves many out; and few rows are looked at first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_index, "GROUP_SPANS", 2)
        patch.setattr(word_index, "SLOT_SPANS", 1)
        patch.setattr(query_newest, "_FIRST_ROWS", dict.fromkeys(Subject, 1))
        yield


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """Four calls: of a node, of a conversation, one that failed, one that is repeated; and a span that is no call."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("calls"))
    start = hour_ago()
    stored.add(
        trace_request(
            span("checkout", trace=trace_id(1), id=span_id(101), start_ns=start, attributes=_junjo("workflow")),
            span("pay", trace=trace_id(1), id=span_id(102), parent=span_id(101), attributes=_junjo("node")),
            chat(1, "Pay the teapot", trace=trace_id(1), parent=span_id(102), attributes={"shop.basket": "Zanzibar"}),
            chat(
                2,
                "Is it on its way?",
                model="claude-sonnet-4-5",
                conversation="thread-7",
                finish="length",
                tokens=(9_000, 400),
                attributes={
                    "gen_ai.usage.cache_read.input_tokens": 5_000,
                    "gen_ai.request.temperature": 0.2,
                    "user.id": "ada",
                },
            ),
            chat(3, model="my-own", error="out of tea", tokens=None),
            chat(4, "Tell me twice", duration_ms=5_000),
            chat(5, "Tell me twice", trace=trace_id(4), parent=span_id(4), duration_ms=100, tokens=(1_000, 100)),
            span("refund", trace=trace_id(6), id=span_id(6), attributes={"user": "ada", "shop.basket": "Zanzibar"}),
        )
    )
    stored.add(log_request(log("the kettle is cold", trace=trace_id(3), span=span_id(3), time_ns=start + SECOND)))
    read_all_calls(stored)
    index_words(stored.store)
    yield stored
    stored.close()


def _junjo(kind: str) -> dict[str, str]:
    return {"junjo.span_type": kind, "junjo.id": f"{kind}-1"}


def found(telemetry: StoredTelemetry, query: str) -> list[int]:
    """The numbers of the calls that are found, newest first."""
    rows: list[ListedCall] = telemetry.read(lambda cursor: find(cursor, query, "calls"))
    return [int(row.row["span_id"], 16) for row in rows]


def found_in_all(telemetry: StoredTelemetry, query: str, *, indexed: bool) -> list[int]:
    """The same of a condition on all rows, with the index of words or without."""
    tree = parse(query, Subject.CALLS)
    assert tree is not None

    def read(cursor: duckdb.DuckDBPyConnection) -> list[int]:
        ask = partial(matching, cursor) if indexed else compiled
        condition = ask(tree, time.time_ns(), subject=Subject.CALLS)
        rows = f"SELECT span_id FROM calls WHERE {condition.sql} ORDER BY start_ns DESC"  # noqa: S608 - a compiled query
        return [int(span_id, 16) for (span_id,) in cursor.execute(rows, condition.parameters).fetchall()]

    return telemetry.read(read)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("model:claude", [2]),
        ("cost > $0.0001 (workflow exists OR conversation exists)", [2, 1]),
        ("counted = false", [4]),
        ("conversation = thread-7", [2]),
        ("user = ada", [2]),
        ("workflow:checkout node = pay", [1]),
        ("finish:length OR error = true", [3, 2]),
        ("cache_read >= 5k temperature < 0.5", [2]),
        ("tokens > 9k", [2]),
        ("NOT tokens exists", [3]),
        ("duration >= 5s", [4]),
        ("shop.basket = Zanzibar", [1]),
        ("zanzibar", [1]),
        ("kettle", [3]),
        ("teapot", [1]),
        ("status:error", [3]),
        ("{type:workflow} >> {type:llm}", [1]),
        ("resource.service.name exists checkout", [1]),
    ],
)
def test_calls_are_found(telemetry: StoredTelemetry, query: str, wanted: list[int]) -> None:
    assert found(telemetry, query) == wanted
    for indexed in (True, False) if query else ():
        assert found_in_all(telemetry, query, indexed=indexed) == wanted


def test_a_field_of_calls_alone_is_the_key_of_an_attribute_elsewhere(telemetry: StoredTelemetry) -> None:
    traces = telemetry.read(lambda cursor: find(cursor, "user = ada", "traces"))
    assert [row.span.trace_id for row in traces] == [trace_id(6).hex()]
    for text, subject in (("user = ada", Subject.SPANS), ("node exists", Subject.LOGS)):
        tree = parse(text, subject)
        assert tree is not None
        assert parse(text_of(tree), subject) == tree
    inside = parse("{user = ada} user = ada", Subject.CALLS)
    assert inside is not None
    assert text_of(inside) == '{"user" = ada} user = ada'


def test_what_makes_no_sense_of_a_call_is_told_with_its_place() -> None:
    with pytest.raises(QueryError) as raised:
        parse("severity:warn", Subject.CALLS)
    assert "Calls have no field `severity`" in str(raised.value)


def test_values_of_calls_are_offered(telemetry: StoredTelemetry) -> None:
    field = Field(*field_named("finish"))
    values = telemetry.read(partial(stored_values, field=field, subject=Subject.CALLS))
    assert set(values) == {"stop", "length"}
    held = telemetry.read(partial(values_holding, text="check", subject=Subject.CALLS))
    assert (Field(Scope.KNOWN, "workflow"), "checkout") in {(each.field, each.value) for each in held}


def test_where_a_word_was_found_is_said_below_a_call(telemetry: StoredTelemetry) -> None:
    [(number,)] = telemetry.read(
        lambda cursor: cursor.execute("SELECT rowid FROM calls WHERE node_name = 'pay'").fetchall()
    )
    wanted = {str(number): hidden_marks("zanzibar", Subject.CALLS, "")}
    hits = telemetry.read(partial(read_hits, wanted=wanted, subject=Subject.CALLS))
    assert hits[str(number)].where.endswith("shop.basket")

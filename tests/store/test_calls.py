"""Calls of models out of what is stored: each once, with its cost, as its whole trace tells; never of what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.samples import read_recording
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.call_pricing import pricer
from junjo_desktop.store.call_reading import read_calls
from junjo_desktop.store.call_rows import forget_calls, forget_looks, looked_until_ns, stale_traces, write_calls
from junjo_desktop.store.deletion import Selection
from junjo_desktop.store.rebuild import rebuild
from junjo_desktop.telemetry.intake import Signal
from tests.captures.load import captures
from tests.support.otlp import Value, log, log_request, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

SECOND = 10**9
START = 1_795_000_000 * SECOND


class Calls:
    """A store, and what reads its calls."""

    def __init__(self, telemetry: StoredTelemetry) -> None:
        self.telemetry = telemetry
        self.changes = 0
        self.indexing = CallIndexing(telemetry.store, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    def read(self) -> None:
        """Read all there is to read."""
        while self.indexing.step():
            pass

    def rows(self, columns: str = "span_id", order: str = "start_ns, span_id") -> list[Any]:
        """Read, and return columns of `calls`: values, or tuples where several are asked for."""
        self.read()
        query = f"SELECT {columns} FROM calls ORDER BY {order}"  # noqa: S608 - our own words
        found = self.telemetry.read(lambda cursor: cursor.execute(query).fetchall())
        return [row[0] if len(row) == 1 else row for row in found]

    def sums(self) -> dict[str, Any]:
        """The sums of each trace."""
        self.read()
        query = (
            "SELECT trace_id, call_count, without_usage, unpriced, input_tokens, output_tokens, cost FROM call_traces"
        )
        return {row[0]: row[1:] for row in self.telemetry.read(lambda cursor: cursor.execute(query).fetchall())}


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    """An empty store."""
    telemetry = StoredTelemetry(tmp_path / "data")
    yield Calls(telemetry)
    telemetry.close()


def chat(
    number: int,
    *,
    trace: int = 1,
    parent: int | None = None,
    model: str = "gpt-4o-mini",
    tokens: tuple[int, int] | None = (1000, 100),
    second: int = 0,
    **more: Value,
) -> Any:
    """A call of a model as OpenTelemetry's conventions tell it."""
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.response.model": model,
        **{key.replace("__", "."): value for key, value in more.items()},
    }
    if tokens is not None:
        attributes |= {"gen_ai.usage.input_tokens": tokens[0], "gen_ai.usage.output_tokens": tokens[1]}
    return span(
        f"chat {model}",
        trace=trace_id(trace),
        id=span_id(number),
        parent=b"" if parent is None else span_id(parent),
        start_ns=START + second * SECOND,
        duration_ns=SECOND,
        attributes=attributes,
    )


def inner(number: int, **more: Any) -> Any:
    """A call in a trace of its own, within the time of another."""
    call = chat(number, trace=number, **more)
    call.start_time_unix_nano += SECOND // 4
    call.end_time_unix_nano -= SECOND // 4
    return call


def test_a_call_is_read_with_its_tokens_cost_and_place(calls: Calls) -> None:
    flow = span("Answer", trace=trace_id(1), id=span_id(1), attributes={"junjo.span_type": "workflow"})
    node = span("Draft", trace=trace_id(1), id=span_id(2), parent=span_id(1), attributes={"junjo.span_type": "node"})
    asked = '[{"role":"user","parts":[{"type":"text","content":"Is  tea\\nin stock?"}]}]'
    calls.telemetry.add(trace_request(flow, node, chat(3, parent=2, gen_ai__input__messages=asked)))
    columns = "provider, request_model, input_tokens, output_tokens, workflow_name, node_name, first_words, cost_origin"
    assert calls.rows(columns) == [("openai", "gpt-4o-mini", 1000, 100, "Answer", "Draft", "Is tea in stock?", "table")]
    [cost] = calls.rows("cost")
    assert cost == pytest.approx(1000 * 0.15e-6 + 100 * 0.6e-6, abs=1e-9)
    assert calls.sums() == {trace_id(1).hex(): (1, 0, 0, 1000, 100, cost)}


def test_a_call_that_is_told_by_two_spans_counts_once_also_when_the_second_comes_late(calls: Calls) -> None:
    outer = chat(1, gen_ai__response__id="r1")
    calls.telemetry.add(trace_request(outer))
    assert calls.rows("is_counted") == [True]
    calls.telemetry.add(trace_request(chat(2, parent=1, second=0, gen_ai__response__id="r1")))
    assert sorted(calls.rows("is_counted")) == [False, True]
    assert calls.sums()[trace_id(1).hex()][3:5] == (1000, 100)


def test_an_answer_with_the_same_id_in_another_trace_is_the_same_call(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1, trace=1, gen_ai__response__id="r1")))
    calls.read()
    calls.telemetry.add(trace_request(chat(2, trace=2, gen_ai__response__id="r1")))
    assert sorted(calls.rows("is_counted")) == [False, True]
    assert calls.sums()[trace_id(2).hex()] == (0, 0, 0, None, None, None)


def test_the_same_id_at_another_time_or_with_other_usage_is_another_call(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1, trace=1, gen_ai__response__id="r1")))
    calls.read()
    calls.telemetry.add(
        trace_request(chat(2, trace=2, second=60, gen_ai__response__id="r1")),
        trace_request(chat(3, trace=3, tokens=(7, 8), gen_ai__response__id="r1")),
        trace_request(chat(4, trace=3, tokens=(9, 8), gen_ai__response__id="r1")),
    )
    assert calls.rows("is_counted") == [True] * 4


def test_two_instrumentations_that_tell_of_a_call_in_traces_of_their_own_count_it_once(calls: Calls) -> None:
    calls.telemetry.add(
        trace_request(chat(1, trace=1, gen_ai__response__id="r1")),
        trace_request(inner(2), scope="other.sdk"),
    )
    assert calls.rows("is_counted") == [True, False]
    calls.telemetry.add(
        trace_request(inner(3), scope="third"),
        trace_request(inner(4, tokens=(1000, 101)), scope="third"),
        trace_request(chat(5, trace=5, second=9), scope="third"),
        trace_request(inner(6, model="gpt-4o"), scope="third"),
        trace_request(inner(7, parent=8), scope="third"),
        trace_request(chat(9, trace=9)),
    )
    assert calls.rows("is_counted", "span_id") == [True, False, False, True, True, True, True, True]


def test_two_instrumentations_may_count_the_tokens_of_one_answer_otherwise(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1, trace=1, gen_ai__response__id="r1")))
    calls.read()
    told = chat(2, trace=2, tokens=(1000, 101), gen_ai__response__id="r1")
    calls.telemetry.add(trace_request(told, scope="other.sdk"))
    assert calls.rows("is_counted") == [True, False]


@pytest.mark.parametrize("package", ["openinference-anthropic", "traceloop-anthropic", "otel-genai-anthropic"])
def test_calls_that_their_sdk_tells_of_besides_the_instrumentation_count_once(calls: Calls, package: str) -> None:
    told = [capture for capture in captures() if capture.package == package]
    for capture in told:
        for signal, body in read_recording(capture.path):
            if signal is Signal.TRACES:
                calls.telemetry.add(ExportTraceServiceRequest.FromString(body))
    assert sum(calls.rows("is_counted")) == sum(len(capture.exchanges) for capture in told)


def test_what_tells_calls_apart_is_kept(calls: Calls) -> None:
    call = chat(1, gen_ai__prompt__name="greet", gen_ai__prompt__version="3", server__address="api.openai.com")
    calls.telemetry.add(trace_request(call, scope="an.sdk"))
    columns = "server_address, prompt_name, prompt_version, scope_name"
    assert calls.rows(columns) == [("api.openai.com", "greet", "3", "an.sdk")]


def test_what_is_not_known_is_unknown_and_counted_as_such(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1, tokens=None), chat(2, model="unheard-of-9")))
    assert calls.rows("input_tokens, cost, cost_origin") == [(None, None, "unknown"), (1000, None, "unknown")]
    assert calls.sums()[trace_id(1).hex()] == (2, 1, 2, 1000, 100, None)


def test_words_may_come_in_a_log_record(calls: Calls) -> None:
    call = chat(1)
    calls.telemetry.add(
        log_request(
            log(
                {"content": "Where is my order?"},
                trace=trace_id(1),
                span=span_id(1),
                event="gen_ai.user.message",
                attributes={"gen_ai.system": "openai"},
            )
        )
    )
    calls.telemetry.add(trace_request(call))
    assert calls.rows("first_words") == ["Where is my order?"]


def test_a_span_that_comes_again_has_one_row(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1)))
    calls.read()
    calls.telemetry.add(trace_request(chat(1, tokens=(5, 6))))
    assert calls.rows("input_tokens, output_tokens") == [(5, 6)]


def test_nothing_is_read_twice_and_traces_without_calls_are_not_looked_into(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1)), trace_request(span("plain", trace=trace_id(2))))
    calls.read()
    assert calls.changes == 1
    calls.telemetry.add(trace_request(span("plain", trace=trace_id(3))))
    calls.read()
    assert calls.changes == 1
    assert list(calls.sums()) == [trace_id(1).hex()]


def test_calls_go_with_their_trace(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1)), trace_request(chat(2, trace=2)))
    calls.read()
    calls.telemetry.delete(Selection(trace_ids=(trace_id(1).hex(),)))
    assert calls.rows("trace_id") == [trace_id(2).hex()]
    calls.telemetry.delete(Selection(everything=True))
    assert calls.rows("trace_id") == []
    assert calls.sums() == {}


def test_without_a_service_its_calls_are_gone_and_the_others_count_anew(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1, gen_ai__response__id="r1"), service="proxy"))
    calls.telemetry.add(trace_request(chat(2, parent=1, gen_ai__response__id="r1"), service="shop"))
    calls.read()
    calls.telemetry.delete(Selection(service="proxy"))
    assert calls.rows("service_name, is_counted") == [("shop", True)]


def test_what_was_deleted_meanwhile_does_not_come_back(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1)))
    store, price = calls.telemetry.store, pricer({})
    stale = store.read(lambda cursor: stale_traces(cursor, 0, 10))
    found = store.read(lambda cursor: read_calls(cursor, stale, price))
    calls.telemetry.delete(Selection(everything=True))
    with store.write() as writer:
        write_calls(writer, found)
    assert calls.rows() == []


def test_forgotten_calls_are_read_again_when_everything_is_looked_at(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1)))
    calls.read()
    with calls.telemetry.store.write() as writer:
        forget_calls(writer, [trace_id(1).hex()])
    assert calls.rows("input_tokens") == [1000]


def test_many_traces_are_read_in_portions(calls: Calls) -> None:
    of_traces = [[chat(100 * trace + each, trace=trace) for each in range(85)] for trace in range(1, 21)]
    calls.telemetry.add(*(trace_request(*told) for told in of_traces))
    assert len(calls.rows()) == 1700
    assert calls.changes > 1


def test_a_rebuild_has_all_calls_read_again(calls: Calls) -> None:
    calls.telemetry.add(trace_request(chat(1)))
    calls.read()
    with calls.telemetry.store.write() as writer:
        writer.execute("UPDATE calls SET input_tokens = 7")
    rebuild(calls.telemetry.store)
    calls.indexing.look_at_all()
    assert calls.rows("input_tokens") == [1000]


def test_calls_that_stay_the_same_keep_their_rows_when_more_of_their_trace_comes(calls: Calls) -> None:
    trace = trace_id(77)
    chat: dict[str, Value] = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o"}
    calls.telemetry.add(trace_request(span("one", trace=trace, id=span_id(1), start_ns=START, attributes=chat)))
    before = calls.rows("rowid, span_id")
    later = span("two", trace=trace, id=span_id(2), parent=span_id(1), start_ns=START + SECOND)
    calls.telemetry.add(trace_request(later))
    assert calls.rows("rowid, span_id") == before
    assert [row[0] for row in calls.sums().values()] == [1]


def embedding(number: int) -> Any:
    """A call of which the traces do not tell: no chat is beside it."""
    return chat(number, trace=number, tokens=(7, 0), gen_ai__operation__name="embeddings")


def test_what_was_looked_at_is_remembered_and_looked_at_again_where_it_may_be_another(calls: Calls) -> None:
    calls.telemetry.add(trace_request(embedding(1), service="a"), trace_request(embedding(2), service="b"))
    assert len(calls.rows()) == 2
    store = calls.telemetry.store
    assert store.read(looked_until_ns) > 0
    again = Calls(calls.telemetry)
    calls.telemetry.add(trace_request(embedding(3)))
    assert len(again.rows()) == 3, "what came since is found after a restart, too"
    with store.write() as writer:
        forget_calls(writer, [trace_id(1).hex()])
        forget_looks(writer)
    assert len(Calls(calls.telemetry).rows()) == 3
    calls.telemetry.delete(Selection(service="a"))
    assert store.read(looked_until_ns) == 0, "of traces that lost spans all are looked at"


def test_it_is_not_remembered_before_all_that_was_found_is_read(calls: Calls) -> None:
    calls.telemetry.add(
        *(
            trace_request(*(span("x", trace=trace_id(each)) for _ in range(900)), embedding(each))
            for each in range(1, 6)
        )
    )
    assert calls.indexing.step()
    assert calls.telemetry.store.read(looked_until_ns) == 0
    calls.read()
    assert calls.telemetry.store.read(looked_until_ns) > 0

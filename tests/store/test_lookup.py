"""The six queries: newest first, every row reachable, filters by what a trace holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.errors import UsageError
from junjo_desktop.store import lookup
from junjo_desktop.store.database import Store
from junjo_desktop.store.keyset import MAX_LIMIT, Key, key_of
from junjo_desktop.store.lookup import ListedSpan
from junjo_desktop.telemetry.encode import encode_span
from tests.store.entries import Source
from tests.support.otlp import Value, span, span_id, trace_id, trace_request

Drain = Callable[[], None]
Page = Callable[..., list[ListedSpan]]

LLM: dict[str, Value] = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"}
WORKFLOW: dict[str, Value] = {"junjo.span_type": "workflow"}


def ask(store: Store, query: Page, *args: Any, **kwargs: Any) -> list[ListedSpan]:
    return store.read(lambda cursor: query(cursor, *args, **kwargs))


def names(store: Store, query: Page, *args: Any, **kwargs: Any) -> list[str]:
    return [row.span.name for row in ask(store, query, *args, **kwargs)]


def test_an_empty_store_has_nothing_to_list(store: Store) -> None:
    assert store.read(lookup.services) == []
    for query in (
        lookup.traces,
        lookup.workflows,
        partial(lookup.spans, service="s"),
        partial(lookup.trace, trace_id="a" * 32),
    ):
        assert ask(store, query) == []
    assert store.read(lambda cursor: lookup.span(cursor, "a" * 32, "b" * 16)) is None


def test_services_are_listed_by_name_page_by_page(store: Store, source: Source, index: Drain) -> None:
    for service in ("c", "a", "b"):
        source.append_spans(span(error="x"), service=service)
    index()
    listed = store.read(lookup.services)
    assert [(one.service_name, one.span_count, one.error_count) for one in listed] == [
        ("a", 1, 1),
        ("b", 1, 1),
        ("c", 1, 1),
    ]
    assert store.read(lambda cursor: lookup.services(cursor, limit=1, before=listed[0].cursor)) == [listed[1]]


def test_spans_of_a_service_are_listed_newest_first(store: Store, source: Source, index: Drain) -> None:
    source.append_spans(*(span(f"{start}", start_ns=start) for start in (3, 1, 2)), service="mine")
    source.append_spans(span("other", start_ns=9), service="other")
    index()
    assert names(store, lookup.spans, "mine") == ["3", "2", "1"]
    assert names(store, lookup.spans, "mine", limit=2) == ["3", "2"]
    assert names(store, lookup.spans, "nobody") == []


def test_pages_hold_every_span_once_even_when_all_start_together(store: Store, source: Source, index: Drain) -> None:
    traces = [trace_id() for _ in range(3)]
    source.append_spans(*(span(trace=traces[n % 3], start_ns=n // 10) for n in range(50)))
    index()
    whole = [(row.span.start_ns, row.span.trace_id, row.span.span_id) for row in ask(store, lookup.spans, "shop")]
    assert whole == sorted(whole, reverse=True)
    assert len(set(whole)) == 50
    paged: list[tuple[int, str, str]] = []
    before: str | None = None
    while page := ask(store, lookup.spans, "shop", limit=7, before=before):
        paged += [(row.span.start_ns, row.span.trace_id, row.span.span_id) for row in page]
        before = page[-1].cursor
        source.append_spans(span(start_ns=100))
        index()
    assert paged == whole


def test_traces_are_their_roots_and_where_none_has_arrived_the_earliest_span(
    store: Store, source: Source, index: Drain
) -> None:
    whole, rootless, double = trace_id(), trace_id(), trace_id()
    source.append_spans(
        span("root", trace=whole, start_ns=50),
        span("child", trace=whole, parent=span_id(), start_ns=10),
        span("later orphan", trace=rootless, parent=span_id(), start_ns=40),
        span("orphan", trace=rootless, parent=span_id(), start_ns=30),
        span("first root", trace=double, start_ns=20),
        span("second root", trace=double, start_ns=60),
    )
    index()
    listed = ask(store, lookup.traces)
    assert [(row.span.name, row.root_missing) for row in listed] == [
        ("second root", False),
        ("root", False),
        ("orphan", True),
        ("first root", False),
    ]
    assert listed[1].trace is not None
    assert listed[1].trace.span_count == 2
    paged = [ask(store, lookup.traces, limit=1, before=before) for before in [None, *(row.cursor for row in listed)]]
    assert [[row.span.name for row in page] for page in paged] == [
        ["second root"],
        ["root"],
        ["orphan"],
        ["first root"],
        [],
    ]


def test_traces_are_filtered_by_any_of_their_spans(store: Store, source: Source, index: Drain) -> None:
    shared, plain, call = trace_id(), trace_id(), trace_id()
    source.append_spans(span("shared", trace=shared, start_ns=3), service="front")
    source.append_spans(span("call", trace=shared, parent=span_id(), attributes=LLM), service="back")
    source.append_spans(span("plain", trace=plain, start_ns=2), service="front")
    source.append_spans(span("orphaned call", trace=call, parent=span_id(), attributes=LLM, start_ns=1), service="back")
    index()
    assert names(store, lookup.traces, service="front") == ["shared", "plain"]
    assert names(store, lookup.traces, service="back") == ["shared", "orphaned call"]
    assert names(store, lookup.traces, has_llm=True) == ["shared", "orphaned call"]
    assert names(store, lookup.traces, service="front", has_llm=True) == ["shared"]
    assert names(store, lookup.traces, service="nobody") == []


def test_workflows_are_those_of_junjo(store: Store, source: Source, index: Drain) -> None:
    source.append_spans(
        span("a", attributes=WORKFLOW, start_ns=1), span("node", attributes={"junjo.span_type": "node"})
    )
    source.append_spans(span("b", attributes=WORKFLOW, parent=span_id(), start_ns=2), service="other")
    index()
    assert names(store, lookup.workflows) == ["b", "a"]
    assert names(store, lookup.workflows, service="shop") == ["a"]


def test_a_trace_has_all_its_spans_newest_first(store: Store, source: Source, index: Drain) -> None:
    trace = trace_id()
    for start in (5, 1, 9):
        source.append_spans(span(f"{start}", trace=trace, start_ns=start))
        source.append_spans(span("other", start_ns=start))
        index()
    assert names(store, lookup.trace, trace.hex()) == ["9", "5", "1"]
    assert names(store, lookup.trace, trace.hex().upper()) == ["9", "5", "1"]
    [newest] = ask(store, lookup.trace, trace.hex(), limit=1)
    assert names(store, lookup.trace, trace.hex(), before=newest.cursor) == ["5", "1"]


def test_one_span_comes_back_whole(store: Store, source: Source, index: Drain) -> None:
    sent = span("one", attributes={"k": [1, {"a": b"x"}]}, error="boom")
    source.append(trace_request(sent, resource={"host.name": "h"}))
    index()
    found = store.read(lambda cursor: lookup.span(cursor, sent.trace_id.hex(), sent.span_id.hex()))
    assert found is not None
    assert encode_span(found) == sent
    assert found.resource.attributes_json == {"service.name": "shop", "host.name": "h"}
    assert found.scope.name == "tests"
    assert store.read(lambda cursor: lookup.span(cursor, sent.trace_id.hex(), "b" * 16)) is None


def test_rows_are_ready_for_json(store: Store, source: Source, index: Drain) -> None:
    source.append_spans(span("root", attributes=LLM, start_ns=2**62))
    index()
    [row] = orjson.loads(orjson.dumps([row.to_json() for row in ask(store, lookup.traces)]))
    assert row["start_time_unix_nano"] == str(2**62)
    assert (row["span_type"], row["is_error"], row["root_missing"]) == ("llm", False, False)
    assert row["trace"]["llm_count"] == 1
    assert row["trace"]["start_time_unix_nano"] == str(2**62)
    [plain] = ask(store, lookup.spans, "shop")
    assert "trace" not in plain.to_json()


@pytest.mark.parametrize("limit", [0, -1, MAX_LIMIT + 1])
def test_a_limit_out_of_range_is_refused(store: Store, limit: int) -> None:
    for query in (lookup.traces, lookup.workflows, partial(lookup.spans, service="s"), lookup.services):
        with pytest.raises(UsageError, match=str(limit)):
            store.read(lambda cursor, query=query: query(cursor, limit=limit))  # type: ignore[misc]  # bound per turn


@pytest.mark.parametrize("wrong", ["", "abc", "g" * 32, "a" * 31, "a" * 33, "a" * 32 + "\n-"])
def test_an_id_that_is_none_is_refused(store: Store, wrong: str) -> None:
    def one(cursor: DuckDBPyConnection) -> object:
        return lookup.span(cursor, wrong, "a" * 16)

    def other(cursor: DuckDBPyConnection) -> object:
        return lookup.span(cursor, "a" * 32, wrong)

    with pytest.raises(UsageError, match="is not a trace id"):
        store.read(one)
    with pytest.raises(UsageError, match="is not a span id"):
        store.read(other)
    with pytest.raises(UsageError, match="32 hexadecimal digits"):
        store.read(lambda cursor: lookup.trace(cursor, wrong))


@pytest.mark.parametrize("wrong", ["", "x", "not base64 !", "é", "AAAA", Key(1, "a" * 32, "b" * 16).text()[:-3]])
def test_a_cursor_that_is_none_is_refused(store: Store, wrong: str) -> None:
    with pytest.raises(UsageError, match="is not a cursor"):
        ask(store, lookup.traces, before=wrong)


@given(st.integers(-(2**63), 2**63 - 1), st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1))
def test_a_cursor_survives_its_text(start_ns: int, trace: int, one: int) -> None:
    key = Key(start_ns, f"{trace:032x}", f"{one:016x}")
    assert key_of(key.text()) == key
    assert key.text().isascii()
    assert not set(key.text()) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

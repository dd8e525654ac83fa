"""Every question that a page or a command asks the store, by name. Used by `growth`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from duckdb import DuckDBPyConnection

from junjo_desktop.app import Engine
from junjo_desktop.features.trace import queries as trace_page
from junjo_desktop.features.trace.bar_marks import ReadMarks
from junjo_desktop.features.trace.loading import LoadTrace
from junjo_desktop.features.traces import queries as traces_page
from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.store.answers import answer
from junjo_desktop.store.deletion import Selection
from junjo_desktop.widgets.time_range import TimeRange
from tests.bench import span_questions
from tests.bench.span_questions import of_lists

Ask: TypeAlias = Callable[[], object]

NEWEST = (
    "window: newest traces",
    "window: newest traces again, when some arrived",
    "command: traces",
    *(f"window: {name}" for name in span_questions.NEWEST),
)
"""The questions that must not take longer the more is stored."""
_HOUR_NS = 3_600_000_000_000
_SERVICE = "checkout-agent"
_RARE = "kettle-that-nobody-sells"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its name."""

    name: str
    ask: Ask


def questions(engine: Engine) -> Iterator[Question]:
    """Yield all questions, about traces and spans that are stored: a few spans at least."""
    trace_id, span_id = engine.read(_newest)
    yield from (Question(f"window: {name}", ask) for name, ask in _of_traces_page(engine))
    yield from (Question(f"window: {name}", ask) for name, ask in of_lists(engine))
    yield from (Question(f"window: {name}", ask) for name, ask in _of_trace_page(engine, trace_id, span_id))
    yield from (Question(f"command: {name}", ask) for name, ask in _of_commands(engine, trace_id, span_id))
    yield Question("window and command: stats", engine.storage)
    toll = partial(engine.toll_of, Selection(service=_SERVICE))
    yield Question("window and command: what deleting a service takes", toll)


def _newest(cursor: DuckDBPyConnection) -> tuple[str, str]:
    [(trace_id, span_id)] = cursor.execute(
        "SELECT trace_id, lead_span_id FROM traces ORDER BY start_ns DESC LIMIT 1"
    ).fetchall()
    return trace_id, span_id


def _of_traces_page(engine: Engine) -> Iterator[tuple[str, Ask]]:
    now = time.time_ns()
    hour = TimeRange(last_ns=_HOUR_NS)
    newest = Sort()
    whole = engine.read(lambda cursor: traces_page.whole_listing(cursor, TraceFilter(), newest, now))

    def first(chosen: TraceFilter, sort: Sort = newest) -> Ask:
        return lambda: engine.read(lambda cursor: traces_page.first_page(cursor, chosen, sort, now))

    def all_of(chosen: TraceFilter, sort: Sort = newest) -> Ask:
        return lambda: engine.read(lambda cursor: traces_page.whole_listing(cursor, chosen, sort, now))

    def again() -> object:
        return engine.read(lambda cursor: traces_page.renewed_listing(cursor, TraceFilter(), whole, now, whole))

    def scrolled() -> object:
        middle = len(whole.ids) // 2
        return engine.read(lambda cursor: traces_page.rows(cursor, whole.ids.page(middle, 256)))

    yield "newest traces", first(TraceFilter())
    yield "newest traces again, when some arrived", again
    yield "newest traces of a service", first(TraceFilter(service=_SERVICE))
    yield "newest failed traces", first(TraceFilter(errors_only=True))
    yield "newest traces of an hour", first(TraceFilter(time_range=hour))
    yield "longest traces", first(TraceFilter(), Sort(SortBy.DURATION))
    yield "first look for a rare text", first(TraceFilter(text=_RARE))
    yield "a page in the middle of the list", scrolled
    yield "all traces, with figures and scatter", all_of(TraceFilter())
    yield "all traces of a service", all_of(TraceFilter(service=_SERVICE))
    yield "all traces with a rare text", all_of(TraceFilter(text=_RARE))
    yield "all traces with a rare text, of an hour", all_of(TraceFilter(text=_RARE, time_range=hour))


def _of_trace_page(engine: Engine, trace_id: str, span_id: str) -> Iterator[tuple[str, Ask]]:
    head = engine.read(lambda cursor: trace_page.trace_head(cursor, trace_id))
    yield "open a trace", lambda: engine.read(LoadTrace(trace_id))
    yield "marks of a span", lambda: engine.read(ReadMarks(head, (span_id,)))
    yield "one span", lambda: engine.read(lambda cursor: trace_page.span_detail(cursor, head, span_id))
    yield "find in a trace", lambda: engine.read(lambda cursor: trace_page.find_spans(cursor, head, "answer"))


def _of_commands(engine: Engine, trace_id: str, span_id: str) -> Iterator[tuple[str, Ask]]:
    commands: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("services", "services", {}),
        ("spans --service", "spans", {"service": _SERVICE, "limit": 100}),
        ("traces", "traces", {"limit": 100}),
        ("traces --service", "traces", {"service": _SERVICE, "limit": 100}),
        ("traces --has-llm", "traces", {"has_llm": True, "limit": 100}),
        ("workflows", "workflows", {"limit": 100}),
        ("trace", "trace", {"trace_id": trace_id}),
        ("span", "span", {"trace_id": trace_id, "span_id": span_id}),
        ("sql, newest spans", "sql", {"sql": "SELECT * FROM spans ORDER BY start_ns DESC LIMIT 10", "limit": 10}),
        ("sql, tokens of each model", "sql", {"sql": _TOKENS, "limit": 100}),
    )
    for title, name, params in commands:
        yield title, partial(_answer, engine, name, params)


_TOKENS = "SELECT llm_model, count(*), sum(input_tokens), sum(output_tokens) FROM spans GROUP BY llm_model"


def _answer(engine: Engine, name: str, params: dict[str, Any]) -> bytes:
    return engine.read(lambda cursor: answer(cursor, name, params))

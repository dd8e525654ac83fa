"""The questions of the Spans and Logs pages, by name. Used by `questions`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from junjo_desktop.app import Engine
from junjo_desktop.features.logs.filters import LogFilter
from junjo_desktop.features.logs.filters import Sort as LogSort
from junjo_desktop.features.logs.source import LogSource
from junjo_desktop.features.spans import queries
from junjo_desktop.features.spans.filters import Sort, SortBy, SpanFilter
from junjo_desktop.features.spans.source import SpanSource
from junjo_desktop.telemetry.severity import Severity

Ask: TypeAlias = Callable[[], object]

NEWEST = ("newest spans", "newest spans again, when some arrived", "newest log records")
"""Those that must not take longer the more is stored."""
_SERVICE = "checkout-agent"
_OF_ONE_NAME = SpanFilter(service=_SERVICE, name="load_order", span_type="node")
_PAGE = 256


def of_lists(engine: Engine) -> Iterator[tuple[str, Ask]]:
    """Yield the questions of both pages."""
    yield from _of_spans(engine)
    yield "newest log records", partial(engine.read, LogSource(LogFilter(), LogSort()).read_top)
    errors = LogSource(LogFilter(least=Severity.ERROR), LogSort())
    yield "all log records of errors, with figures", lambda: engine.read(lambda cursor: errors.read_whole(cursor, None))


def _of_spans(engine: Engine) -> Iterator[tuple[str, Ask]]:
    source = SpanSource(SpanFilter(), Sort())
    whole = engine.read(lambda cursor: source.read_whole(cursor, None))
    middle = [whole.ids[row] for row in range(len(whole.ids) // 2, min(len(whole.ids) // 2 + _PAGE, len(whole.ids)))]
    now_ns = time.time_ns()

    def first(chosen: SpanFilter, by: SortBy = SortBy.STARTED) -> Ask:
        return partial(engine.read, SpanSource(chosen, Sort(by)).read_top)

    def all_of(chosen: SpanFilter, by: SortBy = SortBy.STARTED) -> Ask:
        asked = SpanSource(chosen, Sort(by))
        return lambda: engine.read(lambda cursor: asked.read_whole(cursor, None))

    yield "newest spans", first(SpanFilter())
    yield (
        "newest spans again, when some arrived",
        lambda: engine.read(lambda cursor: source.read_newest(cursor, whole, whole)),
    )
    yield "longest spans", first(SpanFilter(), SortBy.DURATION)
    yield "spans by name", first(SpanFilter(), SortBy.NAME)
    yield "newest failed spans", first(SpanFilter(failed=True))
    yield "a page in the middle of the spans", lambda: engine.read(lambda cursor: source.load_rows(cursor, middle))
    yield "all spans, with figures and scatter", all_of(SpanFilter())
    yield "all spans by name, with figures and scatter", all_of(SpanFilter(), SortBy.NAME)
    yield "all spans of a name", all_of(_OF_ONE_NAME)
    for title, chosen in (("all spans", SpanFilter()), ("all spans of a name", _OF_ONE_NAME)):
        yield f"distribution of {title}", partial(engine.read, partial(queries.durations, chosen=chosen, now_ns=now_ns))
    yield (
        "where a span stands",
        partial(engine.read, partial(queries.rank, chosen=_OF_ONE_NAME, duration_ns=1_500_000, now_ns=now_ns)),
    )

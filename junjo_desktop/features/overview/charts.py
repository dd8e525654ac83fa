"""The charts of the Overview, made of what was read. Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from junjo_desktop.store.overview import OverTime, Overview, Sums
from junjo_desktop.widgets.charts.stacked import HUES, Series, StackedBars
from junjo_desktop.widgets.figures import cost_text, count_text, counted, duration_text

_OTHERS = "other models"
_UNNAMED = "(no model named)"


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One chart: its name, what it says when there is nothing to show, and how it is made."""

    key: str
    name: str
    empty: str
    make: Callable[[Overview], StackedBars]


def _calls(overview: Overview) -> StackedBars:
    parts = overview.over_time.parts
    done = Series("answered", "workflow", [float(part.calls - part.failed) for part in parts])
    failed = Series("failed", "error", [float(part.failed) for part in parts])
    sums = overview.sums
    words = counted(sums.calls, "call") + (f" · {count_text(sums.failed)} failed" if sums.failed else "")
    return _bars(overview.over_time, "Calls", (done, failed), _whole, words)


def _cost(overview: Overview) -> StackedBars:
    sums = overview.sums
    words = cost_text(sums.cost) + (f" · {counted(sums.unpriced, 'call')} unpriced" if sums.unpriced else "")
    return _bars(
        overview.over_time, "Cost by model", _by_model(overview.over_time, lambda one: one.cost), cost_text, words
    )


def _tokens(overview: Overview) -> StackedBars:
    parts, sums = overview.over_time.parts, overview.sums
    fresh = Series("input", "workflow", [_less(part.input_tokens, part.cache_read_tokens) for part in parts])
    cached = Series("from cache", "tool", [_some(part.cache_read_tokens) for part in parts])
    out = Series("output", "llm", [_some(part.output_tokens) for part in parts])
    missing = f" · {counted(sums.without_usage, 'call')} without usage" if sums.without_usage else ""
    words = f"{count_text(sums.tokens)} tokens{missing}" if sums.tokens is not None else "no call told any"
    return _bars(overview.over_time, "Tokens", (fresh, cached, out), _whole, words)


def _latency(overview: Overview) -> StackedBars:
    parts, sums = overview.over_time.parts, overview.sums
    slow = Series("p95", "llm/soft", [_some(part.p95_ns) for part in parts])
    usual = Series("p50", "llm", [_some(part.p50_ns) for part in parts])
    words = f"p50 {_duration(sums.p50_ns)} · p95 {_duration(sums.p95_ns)}"
    return _bars(overview.over_time, "Latency", (slow, usual), lambda value: duration_text(round(value)), words, False)


CHARTS = (
    ChartKind("calls", "Calls", "No calls in this time", _calls),
    ChartKind("cost", "Cost by model", "No call of this time has a known price", _cost),
    ChartKind("tokens", "Tokens", "No call of this time told its tokens", _tokens),
    ChartKind("latency", "Latency", "No calls in this time", _latency),
)


def _bars(
    times: OverTime,
    title: str,
    series: tuple[Series, ...],
    write: Callable[[float], str],
    summary: str,
    is_stacked: bool = True,
) -> StackedBars:
    return StackedBars(title, series, times.first_ns, times.step_ns, write, is_stacked, summary)


def _by_model(times: OverTime, value: Callable[[Sums], float | None]) -> tuple[Series, ...]:
    found = []
    for model, hue in zip((*times.models, ""), HUES, strict=False):
        values = [None if (sums := part.get(model)) is None else value(sums) for part in times.by_model]
        if any(values):
            is_rest = model == "" and "" not in times.models
            found.append(Series(model or (_OTHERS if is_rest else _UNNAMED), hue, values))
    return tuple(found)


def _some(value: int | None) -> float | None:
    return None if value is None else float(value)


def _less(whole: int | None, part: int | None) -> float | None:
    return None if whole is None else float(max(0, whole - (part or 0)))


def _whole(value: float) -> str:
    return count_text(round(value))


def _duration(value: int | None) -> str:
    return "unknown" if value is None else duration_text(value)

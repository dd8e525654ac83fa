"""The tables of the Overview: what calls share, what stands out, which workflows fail. Qt-free but for the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from junjo_desktop.store.overview import FailingWorkflow, NotableCall, ParameterRow, Ranked, Sums
from junjo_desktop.widgets.facet_rows import share_text
from junjo_desktop.widgets.figures import cost_text, count_text, duration_text, moment_text
from junjo_desktop.widgets.row_source import Column, Listing, OrderedIds

R = TypeVar("R")


class MadeRows(Generic[R]):
    """Rows that were read already, as a table asks for them."""

    def __init__(self, rows: Mapping[str, R]) -> None:
        self._rows = rows

    def list_ids(self, _cursor: Any, _shown: Any) -> Listing:
        """List them all."""
        return Listing(OrderedIds(tuple(self._rows)), first_rows=self._rows)

    def load_rows(self, _cursor: Any, ids: Sequence[str]) -> Mapping[str, R]:
        """Return rows by key."""
        return {key: self._rows[key] for key in ids if key in self._rows}


def ranking_columns(title: str) -> tuple[Column[Ranked], ...]:
    """Return the columns of what calls add up to by a value."""
    return (
        Column("value", title, lambda row: row.value or "(none)", 220, look="strong", sortable=False),
        *(_of_ranked(column) for column in _SUMS),
    )


def parameter_columns() -> tuple[Column[ParameterRow], ...]:
    """Return the columns of what calls add up to by a value of a parameter."""
    return (
        Column("parameter", "Parameter", lambda row: row.parameter, 130, sortable=False),
        Column("value", "Value", lambda row: row.value, 90, look="strong", sortable=False),
        Column("model", "Model", lambda row: row.model or "(none)", 180, look="dim", sortable=False),
        Column("per_call", "Tokens a call", _tokens_each, 110, align="right", sortable=False),
        Column("cost_each", "Cost a call", _cost_each, 100, align="right", sortable=False),
        *(_of_parameter(column) for column in _SUMS if column.key not in ("tokens", "cost", "first_token")),
    )


def notable_columns() -> tuple[Column[NotableCall], ...]:
    """Return the columns of calls that stand out."""
    return (
        Column("duration", "Duration", lambda row: duration_text(row.duration_ns), 84, align="right", sortable=False),
        Column("cost", "Cost", lambda row: cost_text(row.cost), 84, align="right", sortable=False),
        Column("model", "Model", lambda row: row.model or "(unknown)", 150, look="strong", sortable=False),
        Column("started", "Started", lambda row: moment_text(row.start_ns), 150, look="dim", sortable=False),
        Column("asked", "Asked", lambda row: row.first_words, 240, look="dim", sortable=False),
    )


def failing_columns() -> tuple[Column[FailingWorkflow], ...]:
    """Return the columns of workflows and agents that fail."""
    return (
        Column("name", "Name", lambda row: row.name or "(no name)", 170, look="strong", sortable=False),
        Column("failed", "Failed", lambda row: f"{row.failed:,} of {row.runs:,}", 96, align="right", sortable=False),
        Column("rate", "Rate", lambda row: share_text(row.failed, row.runs), 64, align="right", sortable=False),
        Column("service", "Service", lambda row: row.service_name, 140, look="dim", sortable=False),
    )


def _duration(value: int | None) -> str:
    return "" if value is None else duration_text(value)


def _tokens(sums: Sums) -> str:
    return "unknown" if sums.tokens is None else count_text(sums.tokens)


_SUMS: tuple[Column[Sums], ...] = (
    Column("calls", "Calls", lambda sums: count_text(sums.calls), 72, align="right", sortable=False),
    Column("failed", "Failed", lambda sums: share_text(sums.failed, sums.calls), 72, align="right", sortable=False),
    Column("tokens", "Tokens", _tokens, 100, align="right", sortable=False),
    Column("cost", "Cost", lambda sums: cost_text(sums.cost), 96, align="right", sortable=False),
    Column("p50", "p50", lambda sums: _duration(sums.p50_ns), 84, align="right", sortable=False),
    Column("p95", "p95", lambda sums: _duration(sums.p95_ns), 84, align="right", sortable=False),
    Column(
        "first_token", "First token", lambda sums: _duration(sums.first_token_ns), 96, align="right", sortable=False
    ),
    Column(
        "unpriced",
        "Unpriced",
        lambda sums: count_text(sums.unpriced) if sums.unpriced else "",
        84,
        align="right",
        sortable=False,
    ),
)


def _of_ranked(column: Column[Sums]) -> Column[Ranked]:
    return Column(
        column.key, column.title, lambda row: column.text(row.sums), column.width_px, column.align, sortable=False
    )


def _of_parameter(column: Column[Sums]) -> Column[ParameterRow]:
    return Column(
        column.key, column.title, lambda row: column.text(row.sums), column.width_px, column.align, sortable=False
    )


def _tokens_each(row: ParameterRow) -> str:
    told = row.sums.calls - row.sums.without_usage
    return "unknown" if row.sums.tokens is None or not told else count_text(round(row.sums.tokens / told))


def _cost_each(row: ParameterRow) -> str:
    priced = row.sums.calls - row.sums.unpriced
    return cost_text(None if row.sums.cost is None or not priced else row.sums.cost / priced)

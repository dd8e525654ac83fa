"""The columns of the list of groups: one line a workflow or an agent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.runs.group_order import GroupSortBy
from junjo_desktop.features.runs.listings import GroupRow
from junjo_desktop.features.runs.strip import STRIP_PX, paint_strip, strip_words
from junjo_desktop.features.runs.words import LOOKS, shown_name
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, dot_cell
from junjo_desktop.widgets.figures import counted, duration_text
from junjo_desktop.widgets.list_columns import (
    count_column,
    failure_column,
    moment_column,
    open_column,
    token_column,
)
from junjo_desktop.widgets.row_source import Column

_NO_TOKENS = "No run told its tokens"


def workflow_group_columns() -> tuple[Column[GroupRow], ...]:
    """Return the columns of groups of workflows in their first order."""
    return (
        *_what(210, failed=True),
        *_how_long(),
        token_column(GroupSortBy.TOKENS, _tokens, _NO_TOKENS),
        open_column(),
    )


def agent_group_columns() -> tuple[Column[GroupRow], ...]:
    """Return the columns of groups of agents in their first order."""
    return (
        *_what(150, failed=False),
        *_how_long(),
        count_column(GroupSortBy.MODEL_REQUESTS, "Requests", lambda row: row.group.model_requests, 78, "Of all runs"),
        count_column(GroupSortBy.TOOL_CALLS, "Tool calls", lambda row: row.group.tool_calls, 78, "Of all runs"),
        token_column(GroupSortBy.TOKENS, _tokens, _NO_TOKENS),
        open_column(),
    )


def _name_term(row: GroupRow) -> str:
    return term_for("name", row.group.name) if row.group.name else ""


def _what(name_px: int, *, failed: bool) -> tuple[Column[GroupRow], ...]:
    return (
        Column(
            "state",
            "Last state",
            lambda row: row.group.last_outcome.value,
            28,
            sortable=False,
            heading="",
            paint=dot_cell(_last),
            tooltip=lambda row: f"The last run: {row.group.last_outcome.value}",
        ),
        Column(GroupSortBy.NAME, "Name", _name, name_px, look="strong", term=_name_term),
        Column(
            GroupSortBy.SERVICE,
            "Service",
            lambda row: row.group.service_name,
            122,
            look="dim",
            term=lambda row: term_for("service", row.group.service_name),
        ),
        count_column(GroupSortBy.RUNS, "Runs", lambda row: row.group.count, 60),
        Column(
            GroupSortBy.FAILURE_RATE,
            "Failure rate",
            rate_text,
            96,
            align="right",
            descending_first=True,
            paint=_paint_rate,
            tooltip=_rate_words,
        ),
        failure_column(GroupSortBy.FAILED, "Failed", lambda row: row.group.failed, 66, hidden=not failed),
        count_column(GroupSortBy.OPEN, "Open", _open, 60, "Running, or lost without an end"),
    )


def _how_long() -> tuple[Column[GroupRow], ...]:
    return (
        Column(
            "strip",
            "Last runs",
            strip_words,
            STRIP_PX + 16,
            sortable=False,
            paint=paint_strip,
            tooltip=strip_words,
            title_tooltip="The last runs, the newest at the right: as high as they took long, logarithmic",
        ),
        _duration(GroupSortBy.P50, "p50", lambda row: row.group.p50_ns, "Half of the ended runs took at most so long"),
        _duration(GroupSortBy.P95, "p95", lambda row: row.group.p95_ns, "95 of 100 ended runs took at most so long"),
        moment_column(GroupSortBy.LAST, "Last run", lambda row: row.group.last_start_ns),
    )


def _duration(key: str, title: str, duration_ns: Callable[[GroupRow], int | None], words: str) -> Column[GroupRow]:
    def text(row: GroupRow) -> str:
        found = duration_ns(row)
        return "" if found is None else duration_text(found)

    return Column(key, title, text, 78, align="right", descending_first=True, title_tooltip=words)


def rate_text(row: GroupRow) -> str:
    """Return `12 %`; `<1 %` is no zero, and `>99 %` not all. Empty: none has ended."""
    rate = row.group.failure_rate
    if rate is None:
        return ""
    if 0 < rate < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < rate < 1 else f"{rate:.0%}".replace("%", " %")


def _rate_words(row: GroupRow) -> str:
    group = row.group
    ended = group.completed + group.failed + group.cancelled
    return (
        f"{group.failed:,} of {counted(ended, 'ended run')} failed; {group.cancelled:,} cancelled, which is no failure"
    )


def _paint_rate(painter: QPainter, rect: QRect, row: GroupRow) -> None:
    tokens = current()
    painter.setFont(ui_font())
    painter.setPen(QColor(tokens.error if row.group.failed else tokens.faint))
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, rate_text(row))


def _name(row: GroupRow) -> str:
    name = shown_name(row.group.name)
    return f"{name} · subflow" if row.group.type == "subflow" else name


def _open(row: GroupRow) -> int | None:
    return row.group.running + row.group.lost or None


def _last(row: GroupRow) -> tuple[Shape, Role]:
    return LOOKS[row.group.last_outcome]


def _tokens(row: GroupRow) -> tuple[int | None, int | None]:
    return row.group.input_tokens, row.group.output_tokens

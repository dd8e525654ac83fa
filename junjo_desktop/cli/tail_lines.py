"""Lines of `tail`: columns of fixed widths, since nobody knows what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from junjo_desktop.cli.listings import status
from junjo_desktop.cli.text import cut, harmless, padded
from junjo_desktop.widgets.figures import duration_text, moment_text

Row = dict[str, Any]
_GAP = "  "
_LEAST = 12
_IN_A_PIPE = 160


@dataclass(frozen=True, slots=True)
class _Column:
    """A column; `width` None: what is left. `is_spare`: gone where the terminal is narrow."""

    title: str
    text: Callable[[Row], str]
    width: int | None
    right: bool = False
    is_spare: bool = False


def _moment(row: Row) -> str:
    ns = int(row.get("start_time_unix_nano") or row.get("time_unix_nano") or 0)
    ns = ns or int(row.get("observed_time_unix_nano") or 0)
    return moment_text(ns) if ns else ""


def _trace_duration(row: Row) -> str:
    return duration_text(row["trace"]["duration_ns"])


def _span_duration(row: Row) -> str:
    return duration_text(row["duration_ns"])


def _trace_status(row: Row) -> str:
    count = row["trace"]["error_count"]
    return f"{count:,} failed" if count else status(row)


def _trace_name(row: Row) -> str:
    return f"{row['name']} (root missing)" if row["root_missing"] else str(row["name"])


def _said(row: Row) -> str:
    return next(filter(None, (one.strip() for one in str(row["body_text"]).splitlines())), "") or str(row["event_name"])


def _field(name: str) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        return str(row[name] or "")

    return text


_TIME = _Column("TIME", _moment, 23, is_spare=True)
_SERVICE = _Column("SERVICE", _field("service_name"), 18, is_spare=True)
_TRACE_ID = _Column("TRACE ID", _field("trace_id"), 32)
_COLUMNS: dict[str, tuple[_Column, ...]] = {
    "traces": (
        _TIME,
        _Column("DURATION", _trace_duration, 12, right=True),
        _Column("STATUS", _trace_status, 9),
        _SERVICE,
        _Column("NAME", _trace_name, None),
        _TRACE_ID,
    ),
    "spans": (
        _TIME,
        _Column("DURATION", _span_duration, 12, right=True),
        _Column("STATUS", status, 6),
        _SERVICE,
        _Column("TYPE", _field("span_type"), 10, is_spare=True),
        _Column("NAME", _field("name"), None),
        _TRACE_ID,
    ),
    "logs": (
        _TIME,
        _Column("SEVERITY", _field("severity"), 8),
        _SERVICE,
        _Column("BODY", _said, None),
        _TRACE_ID,
    ),
}


def heading(subject: str, width: int | None) -> str:
    """Return the line of headings."""
    return _line(subject, lambda column: column.title, width)


def line(subject: str, row: Row, width: int | None) -> str:
    """Return the line of a row, in at most `width` columns where that can be."""
    return _line(subject, lambda column: harmless(column.text(row)), width)


def _line(subject: str, text: Callable[[_Column], str], width: int | None) -> str:
    shown = _COLUMNS[subject]
    if _left(shown, width) < _LEAST:
        shown = tuple(column for column in shown if not column.is_spare)
    left = max(_LEAST, _left(shown, width))
    cells = []
    for column in shown:
        room = left if column.width is None else column.width
        cells.append(padded(cut(text(column), room), room, right=column.right))
    return _GAP.join(cells).rstrip()


def _left(shown: tuple[_Column, ...], width: int | None) -> int:
    return (width or _IN_A_PIPE) - sum((column.width or 0) + len(_GAP) for column in shown) + len(_GAP)

"""A trace as an indented tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junjo_desktop.cli.listings import Row, status
from junjo_desktop.cli.table import Column, table
from junjo_desktop.widgets.figures import duration_text, offset_text

_COLUMNS = (
    Column("SPAN", flexible=True),
    Column("TYPE", spare=3),
    Column("STARTED", right=True),
    Column("DURATION", right=True),
    Column("STATUS", spare=1),
    Column("SERVICE", flexible=True, spare=4),
    Column("SPAN ID"),
)
_DEEPEST = 40


def trace_tree(spans: Sequence[Row], width: int | None) -> list[str]:
    """Return the lines of the tree, siblings by start. A span without its parent stands at the top, marked."""
    first_ns = min(int(span["start_time_unix_nano"]) for span in spans)
    return table(_COLUMNS, (_row(depth, span, mark, first_ns) for depth, span, mark in _walk(spans)), width)


def _walk(spans: Sequence[Row]) -> Iterator[tuple[int, Row, str]]:
    ordered = sorted(spans, key=lambda span: (int(span["start_time_unix_nano"]), span["span_id"]))
    known = {span["span_id"] for span in ordered}
    children: dict[str | None, list[Row]] = {}
    for span in ordered:
        parent = span["parent_span_id"]
        children.setdefault(parent if parent in known else None, []).append(span)
    seen: set[str] = set()
    # What only a circle of parents holds together is reached from its earliest span.
    for top in [*children.get(None, []), *ordered]:
        stack = [(0, top)]
        while stack:
            depth, span = stack.pop()
            if span["span_id"] in seen:
                continue
            seen.add(span["span_id"])
            yield depth, span, _mark(span["parent_span_id"], known) if depth == 0 else ""
            stack.extend((depth + 1, child) for child in reversed(children.get(span["span_id"], [])))


def _mark(parent: str | None, known: set[str]) -> str:
    if parent is None:
        return ""
    return "(circle of parents) " if parent in known else "(parent missing) "


def _row(depth: int, span: Row, mark: str, first_ns: int) -> tuple[str, ...]:
    return (
        "  " * min(depth, _DEEPEST) + mark + span["name"],
        span["span_type"],
        offset_text(int(span["start_time_unix_nano"]) - first_ns),
        duration_text(span["duration_ns"]),
        status(span),
        span["service_name"],
        span["span_id"],
    )

"""Figures of services, their map and their restarts as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junjo_desktop.cli.table import Column, table
from junjo_desktop.widgets.figures import count_text, duration_text, moment_text

Row = dict[str, Any]


def figures_sheet(document: Row, width: int | None) -> list[str]:
    """Return one line a service, and below it one for each of its operations."""
    heads = (
        Column("SERVICE / OPERATION", flexible=True),
        Column("TYPE", spare=4),
        Column("A MINUTE", right=True, spare=3),
        Column("SPANS", right=True),
        Column("ERRORS", right=True),
        Column("P50", right=True, spare=1),
        Column("P95", right=True),
        Column("P99", right=True, spare=2),
        Column("LAST SEEN", spare=5),
    )
    rows: list[Sequence[str]] = []
    for service in document["services"]:
        rows.append(_figures_row(service["service_name"], "", service["requests"], service["spans"]))
        rows += [
            _figures_row(f"  {found['name']}", found["span_type"], found, found["spans"])
            for found in service["operations"]
        ]
    return table(heads, rows, width) if rows else []


def map_sheet(document: Row, width: int | None) -> list[str]:
    """Return one line an edge."""
    heads = (
        Column("FROM", flexible=True),
        Column("TO", flexible=True),
        Column("KIND", spare=3),
        Column("CALLS", right=True),
        Column("ERRORS", right=True),
        Column("P50", right=True, spare=2),
        Column("P95", right=True, spare=1),
    )
    rows = [
        (
            edge["from"]["name"],
            edge["to"]["name"],
            edge["to"]["kind"] if edge["to"]["kind"] != "service" else edge["kind"],
            count_text(edge["calls"]),
            _errors(edge),
            _duration(edge["p50_ns_about"]),
            _duration(edge["p95_ns_about"]),
        )
        for edge in document["edges"]
    ]
    return table(heads, rows, width) if rows else []


def restarts_sheet(document: Row, width: int | None) -> list[str]:
    """Return one line a run, newest first."""
    heads = (
        Column("FIRST SPAN"),
        Column("VERSION", flexible=True),
        Column("PROCESS", flexible=True, spare=2),
        Column("RAN", right=True, spare=5),
        Column("REQUESTS", right=True),
        Column("FAILED", right=True),
        Column("P50", right=True),
        Column("P95", right=True, spare=1),
        Column("SPANS", right=True, spare=3),
        Column("TOKENS", right=True, spare=4),
    )
    rows = [
        (
            moment_text(run["first_ns"]),
            run["service_version"] or run["revision"] or "",
            run["process"] or run["seen_by"],
            duration_text(max(0, run["end_ns"] - run["first_ns"])),
            count_text(run["requests"]),
            count_text(run["failed_requests"]),
            _duration(run["p50_ns"]),
            _duration(run["p95_ns"]),
            count_text(run["spans"]),
            "" if run["tokens"] is None else count_text(run["tokens"]),
        )
        for run in document["runs"]
    ]
    return table(heads, rows, width)


def comparison_sheet(document: Row, width: int | None) -> list[str]:
    """Return what the newest run does differently: all requests, then one line an operation."""
    found = document["comparison"]
    left, right = found["left"], found["right"]
    lines = [
        f"Before  {moment_text(left['first_ns'])}  {left['service_version'] or ''}".rstrip(),
        f"Now     {moment_text(right['first_ns'])}  {right['service_version'] or ''}".rstrip(),
        "",
    ]
    heads = (
        Column("DIFFERENCE", flexible=True),
        Column("OPERATION", flexible=True),
        Column("SPANS", right=True),
        Column("ERRORS", right=True),
        Column("P50", right=True),
        Column("P95", right=True, spare=2),
        Column("TOKENS EACH", right=True, spare=1),
    )
    rows = [_difference_row("(all requests)", found["requests"])]
    rows += [_difference_row(operation["name"], operation) for operation in found["operations"]]
    return lines + table(heads, rows, width)


def _figures_row(name: str, span_type: str, figures: Row, spans: int) -> tuple[str, ...]:
    return (
        name,
        span_type,
        f"{figures['per_minute']:,.2f}",
        count_text(spans),
        _errors(figures),
        _duration(figures["p50_ns"]),
        _duration(figures["p95_ns"]),
        _duration(figures["p99_ns"]),
        moment_text(figures["last_ns"]) if figures["last_ns"] else "",
    )


def _errors(figures: Row) -> str:
    return f"{figures['errors']:,} ({figures['error_rate']:.1%})" if figures["errors"] else "0"


def _duration(duration_ns: int | None) -> str:
    return "" if duration_ns is None else duration_text(duration_ns)


def _difference_row(name: str, difference: Row) -> tuple[str, ...]:
    sides = difference["left"], difference["right"]
    verdicts = difference["notes"] if difference["verdicts"] == ["not sure"] else difference["verdicts"]
    return (
        ", ".join(verdicts),
        name,
        _both([side and count_text(side["spans"]) for side in sides]),
        _both([side and count_text(side["errors"]) for side in sides]),
        _both([side and _duration(side["p50_ns"]) for side in sides]),
        _both([side and _duration(side["p95_ns"]) for side in sides]),
        _both([side and side["tokens_each"] is not None and f"{side['tokens_each']:,.0f}" for side in sides]),
    )


def _both(texts: Sequence[str | bool | None]) -> str:
    before, now = (text or "–" for text in texts)
    return f"{before} → {now}" if (before, now) != ("–", "–") else ""

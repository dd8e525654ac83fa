"""Calls of models as lines: a table of them, one whole, and sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from junjo_desktop.cli.table import Column, table
from junjo_desktop.cli.text import harmless
from junjo_desktop.widgets.figures import cost_text, count_text, duration_text, moment_text

Row = dict[str, Any]
_LONGEST_TEXT = 4_000


def call_lines(rows: Sequence[Row], width: int | None) -> list[str]:
    """Return a table of calls, in this order."""
    heads = (
        Column("STARTED", spare=2),
        Column("DURATION", right=True, spare=3),
        Column("MODEL", flexible=True),
        Column("SERVICE", flexible=True, spare=5),
        Column("IN", right=True),
        Column("OUT", right=True),
        Column("COST", right=True),
        Column("STATUS", spare=4),
        Column("ASKED", flexible=True, spare=6),
        Column("TRACE ID"),
        Column("SPAN ID"),
    )
    return table(heads, (_cells(row) for row in rows), width)


def usage_lines(by: str, rows: Sequence[Row], width: int | None) -> list[str]:
    """Return a table of sums."""
    heads = (
        Column(by.upper(), flexible=True),
        Column("CALLS", right=True),
        Column("FAILED", right=True, spare=3),
        Column("IN", right=True),
        Column("OUT", right=True),
        Column("CACHE READ", right=True, spare=2),
        Column("COST", right=True),
        Column("WITHOUT USAGE", right=True, spare=4),
        Column("UNPRICED", right=True, spare=1),
    )
    cells = (
        [
            row[by] or "(none)",
            count_text(row["calls"]),
            _some(row["failed"]),
            _tokens(row["input_tokens"]),
            _tokens(row["output_tokens"]),
            _tokens(row["cache_read_tokens"]),
            cost_text(row["cost"]),
            _some(row["without_usage"]),
            _some(row["unpriced"]),
        ]
        for row in rows
    )
    return table(heads, cells, width)


def call_sheet(call: Row) -> list[str]:
    """Return the lines of one call; a very long text is cut and says so."""
    return [harmless(line) for line in _lines(call)]


def _cells(row: Row) -> list[str]:
    tokens = row["usage"] or {}
    status = "error" if row["is_error"] else (row["finish_reason"] or "")
    return [
        moment_text(int(row["start_time_unix_nano"])),
        duration_text(row["duration_ns"]),
        row["response_model"] or row["request_model"] or "(unknown)",
        row["service_name"],
        _tokens(tokens.get("input_tokens")),
        _tokens(tokens.get("output_tokens")),
        cost_text(row["cost"]) if row["counted"] else "(repeated)",
        status,
        row["first_words"],
        row["trace_id"],
        row["span_id"],
    ]


def _tokens(count: int | None) -> str:
    return "?" if count is None else count_text(count)


def _some(count: int) -> str:
    return count_text(count) if count else ""


def _lines(call: Row) -> Iterator[str]:
    yield f"{'model':<12}{call['response_model'] or call['request_model'] or 'unknown'}"
    yield f"{'provider':<12}{call['provider'] or 'unknown'}"
    yield f"{'operation':<12}{call['operation']}"
    yield f"{'trace':<12}{call['trace_id']}"
    yield f"{'span':<12}{call['span_id']}"
    tokens = call["usage"] or {}
    told = [
        f"{count_text(count)} {name.removesuffix('_tokens').replace('_', ' ')}"
        for name, count in tokens.items()
        if isinstance(count, int)
    ]
    yield f"{'tokens':<12}{', '.join(told) or 'unknown'}"
    repeated = " (another span tells of the same call, and counts)" if call["counted"] is False else ""
    yield f"{'cost':<12}{cost_text(call['cost'])}{repeated}"
    for name, value in call["parameters"].items():
        yield f"{name:<12} {value}"
    if call["error"] is not None:
        yield f"{'error':<12}{call['error']['type'] or ''} {call['error']['message'] or ''}".rstrip()
    if call["captured"]["switch"]:
        yield f"{'captured':<12}{call['captured']['switch']}"
    yield from _message("system", call["system_instructions"])
    for message in (*call["input_messages"], *call["output_messages"]):
        yield from _message(message["role"], message["parts"])
    for note in call["notes"]:
        yield f"note: {note}"


def _message(role: str, parts: Sequence[Row]) -> Iterator[str]:
    if not parts:
        return
    yield ""
    yield f"[{role}]"
    for part in parts:
        for line in _part_text(part).splitlines() or [""]:
            yield f"  {line}"


def _part_text(part: Row) -> str:  # noqa: PLR0911 - one return for each kind of part
    match part["type"]:
        case "text":
            return _cut(part["text"])
        case "reasoning":
            return f"(reasoning) {_cut(part['text'])}"
        case "tool_call":
            return f"(calls {part['name'] or 'a tool'}) {_cut(part['arguments'])}"
        case "tool_result":
            return f"(result of {part['name'] or part['id'] or 'a tool'}) " + " ".join(map(_part_text, part["parts"]))
        case "data":
            return _cut(part["json"])
        case "unknown":
            return f"(unknown) {_cut(part['raw'])}"
        case kind:
            return f"({kind}) {part['missing'] or part['uri'] or part['mime_type'] or ''}".rstrip()


def _cut(text: str) -> str:
    more = len(text) - _LONGEST_TEXT
    return text if more <= 0 else f"{text[:_LONGEST_TEXT]}… ({more:,} more characters)"

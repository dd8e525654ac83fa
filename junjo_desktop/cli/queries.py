"""The queries: services, spans, traces, workflows, trace, span, logs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.call_sheet import call_lines
from junjo_desktop.cli.listings import Row, listing
from junjo_desktop.cli.notes import noted
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.span_sheet import span_sheet
from junjo_desktop.cli.table import terminal_width
from junjo_desktop.cli.text import harmless
from junjo_desktop.cli.trace_tree import trace_tree
from junjo_desktop.errors import NotFoundError
from junjo_desktop.state.notes import Note

_PARAMETERS = (
    "query",
    "subject",
    "service",
    "has_llm",
    "severity",
    "trace_id",
    "span_id",
    "limit",
    "before",
    "narrowing",
)
_NEXT_STEP = "Is it this data folder? `junjo-desktop traces` lists what is stored."


def query(options: Options, found: Namespace) -> int:
    """Run the query `found.command` and print its answer. Raises `UserError`, `NotFoundError` for an unknown id."""
    params = {name: getattr(found, name) for name in _PARAMETERS if getattr(found, name, None) is not None}
    with open_access(options.data_dir) as access:
        answer = orjson.loads(access.query(found.command, params))
    if found.command == "span":
        _show_span(found, answer["span"])
    else:
        if found.command == "trace":
            _add_notes(options, found.trace_id.lower(), answer["rows"])
        _show_rows(found, answer["rows"], more=answer["more"])
    return 0


def _add_notes(options: Options, trace_id: str, rows: Sequence[Row]) -> None:
    """Put what is written on the trace and on its spans beside each span."""
    if not rows:
        return
    notes = noted(options, trace_id)
    of_trace = notes.get("", Note())
    for row in rows:
        own = notes.get(row["span_id"], Note())
        row.update(tags=own.tags, note=own.comment or None)
        row.update(trace_tags=of_trace.tags, trace_note=of_trace.comment or None)


def _show_span(found: Namespace, span: Row | None) -> None:
    if found.json:
        # The document is Junjo AI Studio's `null` for an unknown span; the status tells scripts without parsing.
        write_json(span)
    if span is None:
        raise NotFoundError(f"No span {found.span_id} is stored in trace {found.trace_id}.", _NEXT_STEP)
    if not found.json:
        write_lines(span_sheet(span))


def _show_rows(found: Namespace, rows: Sequence[Any], *, more: bool) -> None:
    if found.json:
        # Junjo AI Studio's shape of `services` is an array of names.
        write_json([row["service_name"] for row in rows] if found.command == "services" else list(rows))
    elif rows:
        # What is found is listed as its kind is; traces have columns of their own there.
        is_found = found.command == "find" and found.subject != "traces"
        write_lines(_lines(found.subject if is_found else found.command, rows))
    if found.command == "trace" and not rows and not found.before:
        raise NotFoundError(f"No trace {found.trace_id} is stored.", _NEXT_STEP)
    if not rows and not found.json:
        remark("Nothing matches." if found.command != "services" else "Nothing has been received yet.")
    if more:
        last = rows[-1]["service_name" if found.command == "services" else "cursor"]
        remark(f"There is more: go on with --before {last}, or ask for more at once with --limit.")


def _lines(command: str, rows: Sequence[Any]) -> list[str]:
    if command == "calls":
        return call_lines(rows, terminal_width())
    if command != "trace":
        return listing(command, rows, terminal_width())
    return [*_notes(rows), *trace_tree(rows, terminal_width())]


def _notes(rows: Sequence[Any]) -> list[str]:
    """Say what is written on the trace, and on which spans; text that others may read is made harmless."""
    written = [("trace", rows[0]["trace_tags"], rows[0]["trace_note"])]
    written += [(f"span {row['span_id']}", row["tags"], row["note"]) for row in rows]
    lines = []
    for what, tags, note in written:
        told = [f"tags: {', '.join(tags)}"] if tags else []
        told += [f"note: {' '.join(note.split())}"] if note else []
        lines += [harmless(f"{what}  {'; '.join(told)}")] if told else []
    return [*lines, ""] if lines else []

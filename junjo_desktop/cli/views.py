"""`views`: the saved views of the window's lists; and `find --view NAME`."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import Any

from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.table import Column, table, terminal_width
from junjo_desktop.errors import NotFoundError, UsageError
from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.state.saved_views import SavedView, SavedViews
from junjo_desktop.state.stars import Stars
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import added, negation, term_for
from junjo_desktop.widgets.saved_filter import filter_of

_COLUMNS = (Column("NAME"), Column("LIST", spare=1), Column("QUERY", flexible=True), Column("FILTERS", flexible=True))
_TRACES = "traces"


def views(options: Options, found: Namespace) -> int:
    """List the saved views by name. Raises `UserError`."""
    listed = _all(options)
    if found.json:
        write_json([_document(view) for view in listed])
    elif listed:
        rows = ((view.name, view.page, view.query, _filters_text(view)) for view in listed)
        write_lines(table(_COLUMNS, rows, terminal_width()))
    else:
        remark("No view is saved. Save one beside the search box of a list in the window.")
    return 0


def narrow_to_view(options: Options, found: Namespace) -> None:
    """Let `find` ask what a saved view asks, of what it asks it, and its own query beside it.

    Raises `NotFoundError`, `UsageError` for filters that only the window has, `QueryError` when both queries cannot be
    asked together.
    """
    view = _named(options, found.view)
    found.subject = view.subject
    subject = Subject(view.subject)
    asked = view.query
    if view.page == _TRACES:
        found.narrowing = _narrowing(options, view)
    else:
        for term in _terms(view):
            asked = added(asked, term, subject)
    found.query = added(asked, found.query, subject) if found.query else asked


def _terms(view: SavedView) -> Iterator[str]:
    """Yield what narrows a list that is none of traces, as conditions of its query."""
    filters: dict[str, Any] = json.loads(view.filters)
    if (service := filters.pop("service", None)) is not None:
        yield term_for("service", service)
    with_subflows = filters.pop("with_subflows", False)
    if view.page == "agents":
        yield term_for("type", "agent")
    elif view.page == "workflows" and not with_subflows:
        yield term_for("type", "workflow")
    elif view.page == "workflows":
        yield negation(term_for("type", "agent"))
    if filters:
        raise UsageError(
            f"The view “{view.name}” narrows its list by {', '.join(sorted(filters))}, which only the window does.",
            "Open it there, or save it with these as conditions of its query.",
        )


def _narrowing(options: Options, view: SavedView) -> dict[str, Any]:
    filters = filter_of(TraceFilter, view.query, view.filters)
    starred: frozenset[str] = frozenset()
    if filters.starred_only:
        with closing(Stars(options.data_dir.state)) as stars:
            starred = stars.starred()
    narrowing = asdict(filters.narrowing(time.time_ns(), sorted(starred)))
    return {name: value for name, value in narrowing.items() if value is not None and value is not False}


def _all(options: Options) -> tuple[SavedView, ...]:
    if not options.data_dir.state.exists():
        return ()
    with closing(SavedViews(options.data_dir.state)) as kept:
        return kept.all()


def _named(options: Options, name: str) -> SavedView:
    wanted = name.strip().lower()
    found = next((view for view in _all(options) if view.name.lower() == wanted), None)
    if found is None:
        raise NotFoundError(f"There is no view “{name}”.", "`junjo-desktop views` lists those that are saved.")
    return found


def _document(view: SavedView) -> dict[str, Any]:
    return {
        "name": view.name,
        "list": view.page,
        "subject": view.subject,
        "query": view.query,
        "filters": json.loads(view.filters),
        "columns": json.loads(view.columns),
        "sort": {"key": view.sort_key, "descending": view.descending},
    }


def _filters_text(view: SavedView) -> str:
    return ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in json.loads(view.filters).items()
    )

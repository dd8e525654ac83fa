"""The questions of the command line, by name, answered as JSON: the same whether this process or another one asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from functools import partial
from typing import Any, Protocol, TypeVar

import orjson
from duckdb import DuckDBPyConnection

from junjo_desktop.errors import UsageError
from junjo_desktop.store import log_lookup, lookup
from junjo_desktop.store.derivation import derivation_json, derivation_of
from junjo_desktop.store.sql import documented_columns, run_select


class _Listed(Protocol):
    @property
    def cursor(self) -> str:
        """Given as `before`, the list goes on behind this row."""


Listed = TypeVar("Listed", bound=_Listed)
Params = Mapping[str, Any]

ASKS_CALLS = frozenset(("calls", "usage", "prices"))
"""Questions for which the calls of models are to be read first, where that is not done."""


def answer(cursor: DuckDBPyConnection, name: str, params: Params) -> bytes:
    """Return the JSON document that answers `name`. Raises `UsageError` for wrong parameters.

    `services`, `spans`, `traces`, `find`, `workflows`, `trace`, `logs`, `calls`: `{rows, more}`, where `more` says that
    `before` with the last row's cursor would give another row; `span`: `{span}`, null when it is not stored; `run`:
    the document of `telemetry.junjo.run_json`; `comparison`: that of `telemetry.junjo.comparison_json`;
    `trace_comparison`: those of `telemetry.trace_comparison.comparison_json`; `sql`: `{columns, types, rows,
    truncated}` with rows as arrays; `columns`: `{rows}`, the columns of the views with what they mean; `tail`: that
    of `store.tail`; `prices`: that of `store.own_prices`; `service_figures`, `service_map`, `restarts`: those of
    `store.service_answers`; `derivation`: `{version, current_version, rebuild}`, of which version the derived data is,
    and how far an unfinished rebuild is.
    """
    match name:
        case "services":
            found, more = _page(partial(lookup.services, cursor), params)
            document: dict[str, Any] = {"rows": [asdict(service) for service in found], "more": more}
        case "spans" | "traces" | "find" | "workflows" | "trace":
            listed, more = _page(partial(_listing(name), cursor), params)
            document = {"rows": [span.to_json() for span in listed], "more": more}
        case "calls":
            from junjo_desktop.store.call_lookup import calls, reading_state

            listed_calls, more = _page(partial(calls, cursor), params)
            rows = [one.to_json() for one in listed_calls]
            document = {"rows": rows, "more": more, **reading_state(cursor)}
        case "logs":
            records, more = _page(partial(log_lookup.logs, cursor), params)
            document = {"rows": [record.to_json() for record in records], "more": more}
        case "span":
            span = lookup.span(cursor, **params)
            document = {"span": lookup.ListedSpan(span).to_json() if span else None}
        case (
            "service_figures"
            | "service_map"
            | "restarts"
            | "run"
            | "comparison"
            | "trace_comparison"
            | "tail"
            | "call"
            | "usage"
            | "prices"
        ):
            document = _documents(name)(cursor, **params)
        case "sql":
            table = run_select(cursor, **params)
            # `asdict` would copy every cell.
            document = {field.name: getattr(table, field.name) for field in fields(table)}
        case "derivation":
            document = derivation_json(derivation_of(cursor))
        case "columns":
            document = {"rows": [asdict(column) for column in documented_columns(cursor)]}
        case _:
            raise UsageError(f"There is no query called {name}.", "Both ends must be of the same version.")
    return orjson.dumps(document)


def _page(query: Callable[..., list[Listed]], params: Params) -> tuple[list[Listed], bool]:
    rows = query(**params)
    if len(rows) != params.get("limit"):
        return rows, False
    return rows, bool(query(**{**params, "limit": 1, "before": rows[-1].cursor}))


def _listing(name: str) -> Callable[..., list[Any]]:
    if name == "find":
        from junjo_desktop.store.finding import find

        return find
    found: Callable[..., list[Any]] = getattr(lookup, name)
    return found


def _documents(name: str) -> Callable[..., dict[str, Any]]:
    """Return what makes a document that is not a list. Each loads much that other questions do not need."""
    match name:
        case "call" | "usage" | "prices":
            from junjo_desktop.store import call_lookup, own_prices

            about = call_lookup.call_answer if name == "call" else call_lookup.usage_answer
            return own_prices.prices_answer if name == "prices" else about
        case "run":
            from junjo_desktop.store.run_answer import run_answer

            return run_answer
        case "comparison":
            from junjo_desktop.store.comparison_answer import comparison_answer

            return comparison_answer
        case "trace_comparison":
            from junjo_desktop.store.compared_traces_answer import trace_comparison_answer

            return trace_comparison_answer
        case "service_figures" | "service_map" | "restarts":
            from junjo_desktop.store import service_answers

            found: Callable[..., dict[str, Any]] = getattr(service_answers, f"{name}_answer")
            return found
        case _:
            from junjo_desktop.store.tail import tail

            return tail

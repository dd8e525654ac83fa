"""Conditions of a query on one span, as conditions on a row of `spans`."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.store.query_columns import Column, ColumnValues, words_of
from junjo_desktop.store.query_marks import SPAN_MARKS
from junjo_desktop.store.query_paths import spans_of_path
from junjo_desktop.store.query_reach import Among
from junjo_desktop.store.query_rows import (
    SPAN_KEY,
    Asked,
    Parameters,
    RowConditions,
    as_json,
    ids_begin_with,
    log_has,
)
from junjo_desktop.store.query_values import JsonValues
from junjo_desktop.telemetry.query.fields import EVENT_NAME, KIND_WORDS, STATUS_WORDS
from junjo_desktop.telemetry.query.tree import Path, Scope

COLUMNS: Mapping[str, str] = {
    "service": "service_name",
    "name": "name",
    "type": "span_type",
    "message": "status_message",
    "model": "llm_model",
    "provider": "llm_provider",
}
"""The columns of known fields of text."""

IN_SCOPE = "scope_id IN (SELECT scope_id FROM scopes WHERE {})"
OF_CALL = f"{SPAN_KEY} IN (SELECT {SPAN_KEY} FROM calls WHERE {{}})"  # noqa: S608 - constants of the store
OF_RESOURCE = "resource_id IN (SELECT resource_id FROM resources WHERE {})"

_COLUMNS: Mapping[str, Column] = {
    "service": Column("service_name"),
    "name": Column("name"),
    "type": Column("span_type"),
    "kind": Column(words_of("kind", KIND_WORDS)),
    "status": Column(words_of("status_code", STATUS_WORDS)),
    "message": Column("nullif(status_message, '')"),
    "error": Column("is_error"),
    # What told no start or no end took nobody knows how long.
    "duration": Column("duration_ns", "start_ns > 0 AND end_ns > 0"),
    "time": Column("start_ns", "start_ns > 0"),
    "model": Column("llm_model"),
    "provider": Column("llm_provider"),
    "tokens": Column("coalesce(input_tokens + output_tokens, input_tokens, output_tokens)"),
    "input_tokens": Column("input_tokens"),
    "output_tokens": Column("output_tokens"),
    # What is unknown meets no condition.
    "cost": Column("cost", within=OF_CALL),
    "scope": Column("nullif(name, '')", within=IN_SCOPE),
    "trace_id": Column("trace_id"),
    "span_id": Column("span_id"),
    **SPAN_MARKS,
}


class SpanConditions(RowConditions):
    """Makes conditions on rows of `spans`."""

    def __init__(self, parameters: Parameters, now_ns: int, among: Among) -> None:
        """Structure is looked for `among` these spans."""
        self._bound = parameters.bound
        self._columns = ColumnValues(_COLUMNS, self._bound, now_ns)
        self._json = JsonValues(self._bound)
        self._among = among

    def says(self, text: str) -> str:
        """Return the condition that the span itself holds a text."""
        plain, in_json = self._bound(text.lower()), self._bound(as_json(text))
        parts = [
            f"contains(lower(name), {plain})",
            f"contains(lower(status_message), {plain})",
            f"contains(lower(service_name), {plain})",
            f"contains(lower(attributes), {in_json})",
            f"(event_count > 0 AND contains(lower(events), {in_json}))",
            *ids_begin_with(text, self._bound),
        ]
        return f"({' OR '.join(parts)})"

    def _text(self, text: str) -> str:
        in_log = (
            f"{SPAN_KEY} IN (SELECT {SPAN_KEY} FROM logs WHERE span_id IS NOT NULL AND {log_has(text, self._bound)})"  # noqa: S608 - put together from constants; values are parameters
        )
        return f"({self.says(text)} OR {in_log})"

    def _known(self, leaf: Asked) -> str:
        return self._columns.condition(leaf)

    def _attribute(self, leaf: Asked) -> str:
        field = leaf.field
        match field.scope:
            case Scope.RESOURCE:
                return OF_RESOURCE.format(self._json.condition("attributes", field.name, leaf))
            case Scope.EVENT:
                return self._event(leaf)
            case _:
                return self._json.condition("attributes", field.name, leaf)

    def _event(self, leaf: Asked) -> str:
        if leaf.field.name == EVENT_NAME:
            found = self._json.compared("json_extract_string(e, '/name')", leaf)
        else:
            found = self._json.condition("json_extract(e, '/attributes')::VARCHAR", leaf.field.name, leaf)
        each = "json_extract(events, '$[*]')"
        return f"(event_count > 0 AND len(list_filter({each}, lambda e: coalesce({found}, false))) > 0)"

    def _path(self, path: Path) -> str:
        if len(path.spans) == 1:
            return "true" if path.spans[0] is None else self.of(path.spans[0])
        return f"{SPAN_KEY} IN ({spans_of_path(path, self, self._among, 'span')})"

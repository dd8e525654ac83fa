"""A query asked of log records, as a condition on a row of `logs`."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.store.query_columns import Column, ColumnValues
from junjo_desktop.store.query_reach import Among
from junjo_desktop.store.query_rows import SPAN_KEY, Asked, Parameters, RowConditions, log_has
from junjo_desktop.store.query_spans import IN_SCOPE, OF_RESOURCE, SpanConditions
from junjo_desktop.store.query_values import JsonValues
from junjo_desktop.telemetry.query.tree import Condition, Path, Scope
from junjo_desktop.telemetry.severity import SEVERITY_TEXTS

_BY_TEXT = " ".join(f"WHEN '{text}' THEN {int(severity)}" for text, severity in SEVERITY_TEXTS.items())
# As `telemetry.severity.severity_of`.
_SEVERITY = f"""CASE WHEN severity_number BETWEEN 1 AND 24 THEN (severity_number - 1) // 4 * 4 + 1
    ELSE CASE rtrim(upper(trim(severity_text)), '0123456789') {_BY_TEXT} END END"""

_COLUMNS: Mapping[str, Column] = {
    "severity": Column(_SEVERITY),
    "body": Column("nullif(body_text, '')"),
    "scope": Column("nullif(name, '')", within=IN_SCOPE),
    "event": Column("nullif(event_name, '')"),
    "service": Column("service_name"),
    # Many loggers tell only when a record was observed.
    "time": Column("if(time_ns > 0, time_ns, nullif(observed_ns, 0))"),
    "trace_id": Column("trace_id"),
    "span_id": Column("span_id"),
}


class LogConditions(RowConditions):
    """Makes conditions on rows of `logs`; what a record does not have is asked of the span that it was written in."""

    def __init__(self, parameters: Parameters, now_ns: int, among: Among) -> None:
        """Spans are looked for `among` these."""
        self._bound = parameters.bound
        self._columns = ColumnValues(_COLUMNS, self._bound, now_ns)
        self._json = JsonValues(self._bound)
        self._among = among
        self._spans = SpanConditions(parameters, now_ns, among)

    def _text(self, text: str) -> str:
        return log_has(text, self._bound)

    def _known(self, leaf: Asked) -> str:
        return self._columns.condition(leaf) if leaf.field.name in self._columns else self._of_span(leaf)

    def _attribute(self, leaf: Asked) -> str:
        match leaf.field.scope:
            case Scope.RESOURCE:
                return OF_RESOURCE.format(self._json.condition("attributes", leaf.field.name, leaf))
            case Scope.EVENT:
                return self._of_span(leaf)
            case _:
                return self._json.condition("attributes", leaf.field.name, leaf)

    def _path(self, path: Path) -> str:
        return self._of_span(path)

    def _of_span(self, condition: Condition) -> str:
        found = f"SELECT {SPAN_KEY} FROM spans WHERE {self._among.any_of(condition)}{self._spans.of(condition)}"  # noqa: S608 - put together from constants; values are parameters
        return f"(span_id IS NOT NULL AND {SPAN_KEY} IN ({found}))"

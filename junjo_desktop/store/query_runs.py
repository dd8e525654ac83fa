"""A query asked of runs, as a condition on a row of the view `runs`."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.store.query_columns import Column, ColumnValues
from junjo_desktop.store.query_reach import Among
from junjo_desktop.store.query_rows import Asked, Parameters, RowConditions, id_prefix
from junjo_desktop.store.query_traces import TraceConditions
from junjo_desktop.store.run_expressions import DURATION, OUTCOME
from junjo_desktop.telemetry.query.tree import Condition, Path, Text

_SEARCHED = (
    "name",
    "error_type",
    "error_message",
    "service_name",
    "service_version",
    "correlation_id",
    "correlation_type",
    "agent_key",
    "termination_reason",
)
_TOKENS = "coalesce(input_tokens + output_tokens, input_tokens, output_tokens)"
# As `run_conditions.WITH_TOKENS`, without a join: a workflow alone at the top of its trace has the tokens of its trace.
_IS_ALONE = """(type <> 'agent' AND parent_runtime_id IS NULL AND trace_id IN (
    SELECT trace_id FROM executions WHERE parent_runtime_id IS NULL GROUP BY trace_id HAVING count(*) = 1))"""
_COUNTED: Mapping[str, str] = {"tokens": _TOKENS, "input_tokens": "input_tokens", "output_tokens": "output_tokens"}


def _columns(now_ns: int) -> Mapping[str, Column]:
    now = f"{now_ns:d}"
    return {
        "outcome": Column(OUTCOME.replace("$now_ns", now)),
        "name": Column("nullif(name, '')"),
        "type": Column("type"),
        "service": Column("service_name"),
        "version": Column("service_version"),
        "duration": Column(f"({DURATION.replace('$now_ns', now)})"),
        "time": Column("start_ns", "start_ns > 0"),
        "failures": Column("failure_count"),
        "error": Column("(failure_count > 0)"),
        "message": Column("nullif(error_message, '')"),
        "correlation": Column("correlation_id"),
        "termination": Column("termination_reason"),
        "trace_id": Column("trace_id"),
        "span_id": Column("owner_span_id"),
    }


class RunConditions(RowConditions):
    """Makes conditions on rows of `runs`; what a run does not tell itself is asked of its trace."""

    def __init__(self, parameters: Parameters, now_ns: int, among: Among) -> None:
        """Spans are looked for `among` these."""
        self._bound = parameters.bound
        self._own = ColumnValues(_columns(now_ns), self._bound, now_ns)
        self._traces = TraceConditions(parameters, now_ns, among)

    def _text(self, text: str) -> str:
        plain = self._bound(text.lower())
        parts = [f"contains(lower({column}), {plain})" for column in _SEARCHED]
        parts.append(f"lower(runtime_id) = {plain}")
        if (prefix := id_prefix(text)) is not None:
            parts.append(f"starts_with(owner_span_id, {self._bound(prefix)})")
        return f"({' OR '.join([*parts, self._traces.of(Text(text))])})"

    def _known(self, leaf: Asked) -> str:
        if leaf.field.name in self._own:
            return self._own.condition(leaf)
        if leaf.field.name not in _COUNTED:
            return self._of_trace(leaf)
        value = _COUNTED[leaf.field.name]
        of_trace = f"trace_id IN (SELECT trace_id FROM traces WHERE {self._own.compared(value, leaf)})"  # noqa: S608 - put together from constants; values are parameters
        return f"if({_IS_ALONE}, {of_trace}, {self._own.compared(value, leaf)})"

    def _attribute(self, leaf: Asked) -> str:
        return self._of_trace(leaf)

    def _path(self, path: Path) -> str:
        return self._of_trace(path)

    def _of_trace(self, condition: Condition) -> str:
        return self._traces.of(condition)

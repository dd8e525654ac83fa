"""A query asked of calls of models, as a condition on a row of `calls`."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.store.query_columns import Column, ColumnValues
from junjo_desktop.store.query_reach import Among
from junjo_desktop.store.query_rows import SPAN_KEY, Asked, Parameters, RowConditions, ids_begin_with
from junjo_desktop.store.query_spans import SpanConditions
from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.query.tree import Condition, Path, Text

MODEL = "coalesce(response_model, request_model)"
TOKENS = "coalesce(input_tokens + output_tokens, input_tokens, output_tokens)"
NAMED, OF_TRACE = "c", "t"
CONVERSATION_KEY = f"if(nullif(conversation_id, '') IS NULL, '{OF_TRACE}' || trace_id, '{NAMED}' || conversation_id)"
"""What calls of one conversation have in common; those that tell none belong to that of their trace."""

TEXT_COLUMNS: Mapping[str, str] = {
    "model": MODEL,
    "provider": "provider",
    "operation": "operation",
    "service": "service_name",
    "workflow": "workflow_name",
    "node": "node_name",
    "agent": "agent_name",
    "conversation": "conversation_id",
    "user": "user_id",
    "finish": "finish_reason",
    "error_type": "error_type",
    "reasoning_effort": "reasoning_effort",
}
"""The columns of fields of text."""

_COLUMNS: Mapping[str, Column] = {
    **{name: Column(column) for name, column in TEXT_COLUMNS.items()},
    "operation": Column("lower(operation)"),
    "duration": Column("duration_ns", "start_ns > 0"),
    "ttft": Column("time_to_first_token_ns"),
    "time": Column("start_ns", "start_ns > 0"),
    "tokens": Column(TOKENS),
    "input_tokens": Column("input_tokens"),
    "output_tokens": Column("output_tokens"),
    "cache_read": Column("cache_read_tokens"),
    "cache_write": Column("cache_write_tokens"),
    "reasoning": Column("reasoning_tokens"),
    # What is unknown meets no condition.
    "cost": Column("cost"),
    "counted": Column("is_counted"),
    "error": Column("is_error"),
    "temperature": Column("temperature"),
    "max_tokens": Column("max_tokens"),
    "trace_id": Column("trace_id"),
    "span_id": Column("span_id"),
}
# What the span itself does not hold, or not in these words.
_SEARCHED = ("request_model", "response_model", "provider", "workflow_name", "node_name", "first_words")
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(MODEL_CALLS))


class CallConditions(RowConditions):
    """Makes conditions on rows of `calls`; what a call does not tell itself is asked of its span."""

    def __init__(self, parameters: Parameters, now_ns: int, among: Among) -> None:
        """Spans are looked for `among` these."""
        self._bound = parameters.bound
        self._columns = ColumnValues(_COLUMNS, self._bound, now_ns)
        self._among = among
        self._spans = SpanConditions(parameters, now_ns, among)

    def _text(self, text: str) -> str:
        plain = self._bound(text.lower())
        parts = [f"contains(lower({column}), {plain})" for column in _SEARCHED]
        return f"({' OR '.join([*parts, *ids_begin_with(text, self._bound), self._of_span(Text(text))])})"

    def _known(self, leaf: Asked) -> str:
        return self._columns.condition(leaf) if leaf.field.name in self._columns else self._of_span(leaf)

    def _attribute(self, leaf: Asked) -> str:
        return self._of_span(leaf)

    def _path(self, path: Path) -> str:
        return self._of_span(path)

    def _of_span(self, condition: Condition) -> str:
        found = (
            f"SELECT {SPAN_KEY} FROM spans WHERE {self._among.any_of(condition)}span_type IN ({_KINDS})"  # noqa: S608 - put together from constants; values are parameters
            f" AND {self._spans.of(condition)}"
        )
        return f"{SPAN_KEY} IN ({found})"

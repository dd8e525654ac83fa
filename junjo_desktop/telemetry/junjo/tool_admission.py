"""Whether a tool call that a model asked for was let through, and why not. The reasons are Junjo AI Studio's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from junjo_desktop.telemetry.junjo.attributes import int_of, text_of
from junjo_desktop.telemetry.junjo.payload import PayloadError, payload_of
from junjo_desktop.telemetry.otlp_json import Attributes

_PREFIX = "junjo.agent."
_INPUT_ERROR = "AgentToolInputValidationError"
# A batch is looked at before any of its calls runs: one that is refused takes the others with it.
_REFUSES_THE_BATCH = frozenset({"tool_input_validation_error", "unknown_tool"})


@dataclass(frozen=True, slots=True)
class RequestedCall:
    """A call as a model asked for it. An id or a name that is no text counts as absent; `arguments` are any JSON."""

    id: str | None
    tool_name: str | None
    arguments: Any


def requested_calls(operation: Attributes) -> list[RequestedCall]:
    """Return what the response of a model request asks for."""
    response = _value(operation, "model.response")
    calls = response.get("calls") if isinstance(response, dict) else None
    return [
        RequestedCall(_text(call.get("id")), _text(call.get("name")), call.get("arguments"))
        for call in (calls if isinstance(calls, list) else ())
        if isinstance(call, dict)
    ]


class Admissions:
    """What became of the calls of one run, as the state at its end and the tools' own spans tell."""

    def __init__(self, owner: Attributes, operations: Sequence[Attributes]) -> None:
        self._termination = text_of(owner, _PREFIX + "termination_reason")
        self._admitted = _ids(_value(owner, "state.end"), "admitted_tool_call_ids")
        self._tools = _tool_names(_value(owner, "definition_snapshot"))
        self._operations: dict[str | None, Attributes] = {
            call_id: attributes
            for attributes in operations
            if (call_id := text_of(attributes, _PREFIX + "tool_call.id")) is not None
        }

    def of(self, call: RequestedCall) -> tuple[str, str | None]:
        """Return admitted, not_admitted or unknown; and why, where it was not admitted or nobody can tell."""
        operation = self._operations.get(call.id)
        if operation is not None and _PREFIX + "tool.arguments" in operation:
            return "admitted", None
        if self._admitted is None:
            interrupted = self._termination is None
            return "unknown", "execution_interrupted" if interrupted else "store_evidence_unavailable"
        if call.id in self._admitted:
            return "admitted", None
        return "not_admitted", self._reason(call, operation)

    def operation_of(self, call: RequestedCall) -> int | None:
        """Return the sequence of the operation that the call became, None where there is none."""
        operation = self._operations.get(call.id)
        return None if operation is None else int_of(operation, _PREFIX + "operation.sequence")

    def _reason(self, call: RequestedCall, operation: Attributes | None) -> str:
        if self._termination == "limit_exceeded":
            return "limit_exceeded"
        if operation is not None and text_of(operation, "error.type") == _INPUT_ERROR:
            return "tool_input_validation_error"
        if self._tools is not None and call.tool_name not in self._tools:
            return "unknown_tool"
        return "batch_preflight_rejected" if self._termination in _REFUSES_THE_BATCH else "execution_interrupted"


def _value(attributes: Attributes, name: str) -> Any:
    try:
        return payload_of(attributes, _PREFIX + name).value
    except PayloadError:
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _ids(state: Any, key: str) -> frozenset[str] | None:
    ids = state.get(key) if isinstance(state, dict) else None
    return frozenset(id_ for id_ in ids if isinstance(id_, str)) if isinstance(ids, list) else None


def _tool_names(definition: Any) -> frozenset[str] | None:
    tools = definition.get("tools") if isinstance(definition, dict) else None
    if not isinstance(tools, list):
        return None
    return frozenset(str(tool.get("name")) for tool in tools if isinstance(tool, dict))

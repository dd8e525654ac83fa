"""Whether a tool call that a model asked for was let through, and why not. The reasons are Junjo AI Studio's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junjo_desktop.telemetry.junjo.agent_definition import tool_names
from junjo_desktop.telemetry.junjo.agent_model import Admission, AgentOperation, ModelRequest, RequestedCall, ToolCall
from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import Payload, PayloadMode

_INPUT_ERROR = "AgentToolInputValidationError"
# A batch is looked at before any of its calls runs: one that is refused takes the others with it.
_REFUSES_THE_BATCH = frozenset({"tool_input_validation_error", "unknown_tool"})


class Admissions:
    """What became of the calls of one run, as the state at its end and the tools' own spans tell."""

    def __init__(
        self,
        termination_reason: str | None,
        state_end: Payload,
        snapshot: Payload,
        operations: Sequence[AgentOperation],
    ) -> None:
        self._termination = termination_reason
        self._admitted = _ids(value_or_none(state_end), "admitted_tool_call_ids")
        self._tools = tool_names(snapshot)
        self._requests = [one for one in operations if isinstance(one, ModelRequest)]
        self._operations: dict[str | None, ToolCall] = {
            one.call_id: one for one in operations if isinstance(one, ToolCall) and one.call_id is not None
        }

    def calls(self) -> tuple[RequestedCall, ...]:
        """Return every call that a model asked for, in that order."""
        asked = [(request, call) for request in self._requests for call in _calls_of(request)]
        return tuple(self._judged(ordinal, request, call) for ordinal, (request, call) in enumerate(asked, 1))

    def _judged(self, ordinal: int, request: ModelRequest, call: dict[str, Any]) -> RequestedCall:
        call_id, tool_name = _text(call.get("id")), _text(call.get("name"))
        operation = self._operations.get(call_id)
        admission, reason = self._admission(call_id, tool_name, operation)
        return RequestedCall(
            call_id=call_id,
            ordinal=ordinal,
            tool_name=tool_name,
            arguments=call.get("arguments"),
            requested_by=request,
            operation=operation,
            admission=admission,
            reason=reason,
        )

    def _admission(
        self, call_id: str | None, tool_name: str | None, operation: ToolCall | None
    ) -> tuple[Admission, str | None]:
        if operation is not None and _was_sent(operation.arguments):
            return Admission.ADMITTED, None
        if self._admitted is None:
            interrupted = self._termination is None
            return Admission.UNKNOWN, "execution_interrupted" if interrupted else "store_evidence_unavailable"
        if call_id in self._admitted:
            return Admission.ADMITTED, None
        return Admission.NOT_ADMITTED, self._reason(tool_name, operation)

    def _reason(self, tool_name: str | None, operation: ToolCall | None) -> str:
        if self._termination == "limit_exceeded":
            return "limit_exceeded"
        if operation is not None and operation.error_type == _INPUT_ERROR:
            return "tool_input_validation_error"
        if self._tools is not None and tool_name not in self._tools:
            return "unknown_tool"
        return "batch_preflight_rejected" if self._termination in _REFUSES_THE_BATCH else "execution_interrupted"


def _calls_of(request: ModelRequest) -> list[dict[str, Any]]:
    calls = request.answer.get("calls")
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _was_sent(payload: Payload) -> bool:
    return payload.mode is not PayloadMode.MISSING or payload.text is not None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _ids(state: Any, key: str) -> frozenset[str] | None:
    ids = state.get(key) if isinstance(state, dict) else None
    return frozenset(id_ for id_ in ids if isinstance(id_, str)) if isinstance(ids, list) else None

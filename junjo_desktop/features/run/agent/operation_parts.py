"""What single operations of an agent show: answers, arguments, results, and why there are none. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junjo_desktop.features.run.agent.words import short_cause, unavailable_words
from junjo_desktop.features.run.failures_rows import last_name
from junjo_desktop.telemetry.junjo.agent import AgentRun, Candidate, ModelRequest, ToolCall
from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import PayloadMode
from junjo_desktop.widgets.conversation.entries import (
    Badge,
    Part,
    closed_part,
    note_part,
    payload_parts,
    text_part,
    value_part,
)


class OperationParts:
    """Makes the parts of one run's operations; `failures` are its failures by span id."""

    def __init__(self, agent: AgentRun, failures: Mapping[str, Failure]) -> None:
        self._agent = agent
        self._failures = failures

    def answer(self, request: ModelRequest, *, asks: bool) -> tuple[Part, ...]:
        """Return what a model answered and what it was sent; `asks` says whether tool calls stand below it."""
        parts: list[Part] = []
        if request.assistant_text:
            parts.append(text_part("", request.assistant_text))
        if request.response_type == "final_output" or "output" in request.answer:
            parts += self._final_parts(request)
        elif not asks and request.span_id not in self._failures and not request.is_cancelled:
            parts += payload_parts("Response", request.response)
        parts += self.problem(request.span_id, request.is_cancelled, request.cancelled_reason)
        if request.response.text is None and request.response_candidate.payload.text is not None:
            parts += candidate_parts("Rejected response", request.response_candidate)
        if request.request.text is not None:
            parts.append(closed_part("Sent", request.request))
        elif request.request.reason:
            parts += payload_parts("Sent", request.request)
        return tuple(parts)

    def _final_parts(self, request: ModelRequest) -> tuple[Part, ...]:
        output = request.answer.get("output")
        if self._agent.output.text is not None and value_or_none(self._agent.output) == output:
            return (note_part("It answers with the final output, below."),)
        if self._agent.rejected_output is not None and request is self._agent.model_requests[-1]:
            return (note_part("It answers with a final output that was rejected, below."),)
        return (value_part("Answer", output),)

    def call(self, operation: ToolCall, notes: Sequence[Part] = ()) -> list[Part]:
        """Return arguments, `notes` on them, the result, and why there is none."""
        asked, accepted = operation.requested_arguments, operation.arguments
        parts: list[Part] = []
        is_same = accepted.text is not None and value_or_none(asked) == value_or_none(accepted)
        if asked.text is not None and not is_same:
            parts += payload_parts("Arguments as asked" if accepted.text is not None else "Arguments", asked)
        if accepted.text is not None or asked.text is None:
            parts += payload_parts("Arguments", accepted)
        parts += notes
        if operation.result.text is not None:
            parts += payload_parts("Result", operation.result)
        elif operation.result_candidate.payload.text is not None:
            parts += candidate_parts("Rejected result", operation.result_candidate)
        elif operation.result.mode is not PayloadMode.MISSING:
            parts += payload_parts("Result", operation.result)
        parts += self.problem(operation.span_id, operation.is_cancelled, operation.cancelled_reason)
        return parts

    def badges(self, operation: ModelRequest | ToolCall) -> tuple[Badge, ...]:
        """Return how an operation ended, where that is worth a word."""
        if operation.is_cancelled:
            return (Badge("cancelled", "warning"),)
        if operation.span_id in self._failures or operation.is_error:
            return (Badge("failed", "error"),)
        return () if operation.end_ns is not None else (Badge("running", "info"),)

    def problem(self, span_id: str | None, is_cancelled: bool, reason: str | None) -> list[Part]:
        """Return why a span ended badly: the real cause first, then what Junjo made of it."""
        if is_cancelled:
            return [note_part(f"Cancelled: {reason}" if reason else "It was cancelled.")]
        failure = None if span_id is None else self._failures.get(span_id)
        if failure is None:
            return []
        own = f"{last_name(failure.type)}: {failure.message}".strip(": ") or "It failed; nothing tells why."
        if not failure.cause:
            return [text_part("", own, "error")]
        return [text_part("", short_cause(failure.cause), "error"), note_part(f"passed on as {own}")]


def candidate_parts(label: str, candidate: Candidate) -> tuple[Part, ...]:
    """Return a value that did not pass, or why there is none."""
    reason = unavailable_words(candidate.unavailable_reason)
    if candidate.payload.text is None:
        return (note_part(f"{label}: {reason or candidate.payload.reason}"),)
    return payload_parts(label, candidate.payload)

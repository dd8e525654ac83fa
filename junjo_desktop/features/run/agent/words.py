"""How the facts of an agent's run are said. Qt-free."""

from __future__ import annotations

from junjo_desktop.features.run.failures_rows import last_name
from junjo_desktop.telemetry.junjo.agent import Admission, AgentRun, Operation, RequestedCall, Usage
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import count_text, counted, duration_text

_REASONS = {
    "final_output": "It gave its final output",
    "input_validation_error": "Its input was rejected",
    "history_validation_error": "The history it was given was rejected",
    "limit_exceeded": "A limit was reached",
    "model_error": "The model failed",
    "model_response_error": "The model's response could not be used",
    "unknown_tool": "The model asked for a tool that it does not have",
    "tool_input_validation_error": "The arguments of a tool call were rejected",
    "tool_error": "A tool failed",
    "tool_output_validation_error": "The result of a tool was rejected",
    "output_validation_error": "Its final output was rejected",
    "internal_error": "Junjo itself failed",
    "cancelled": "It was cancelled",
}
_LIMITS = {"model_requests": "model requests", "tool_calls": "tool calls"}
_ADMISSIONS: dict[Admission, tuple[str, Role]] = {
    Admission.ADMITTED: ("admitted", "ok"),
    Admission.NOT_ADMITTED: ("not admitted", "warning"),
    Admission.UNKNOWN: ("admission unknown", "dim"),
}
_ADMISSION_REASONS = {
    "limit_exceeded": "With it, there would have been more tool calls than the limit lets in.",
    "tool_input_validation_error": "Its arguments are not what the tool takes.",
    "unknown_tool": "The agent has no tool of this name.",
    "batch_preflight_rejected": "Another call of the same batch was refused, and a batch is admitted whole.",
    "execution_interrupted": "The run ended before anything tells whether it was let through.",
    "store_evidence_unavailable": "The agent's state at its end was not sent, so nothing tells.",
}
_UNAVAILABLE = {
    "service_failed": "The tool failed before it gave one.",
    "not_serializable": "It could not be written as JSON.",
}
_STATES: dict[ExecutionState, str] = {
    ExecutionState.RUNNING: "It is running",
    ExecutionState.LOST: "No end arrived",
    ExecutionState.CANCELLED: "It was cancelled",
    ExecutionState.FAILED: "It failed",
    ExecutionState.DONE: "It completed",
}
_STATE_ROLES: dict[ExecutionState, Role] = {
    ExecutionState.RUNNING: "info",
    ExecutionState.LOST: "warning",
    ExecutionState.CANCELLED: "warning",
    ExecutionState.FAILED: "error",
    ExecutionState.DONE: "ok",
}


def ending_words(run: Run, agent: AgentRun) -> str:
    """Return how a run ended, in words; which limit, where one was reached."""
    reason = agent.termination_reason
    if reason is None:
        return _STATES.get(run.state, "Nothing tells how it ended")
    if reason == "limit_exceeded" and agent.limits.exceeded in _LIMITS:
        return f"The limit of {_LIMITS[agent.limits.exceeded]} was reached"
    return _REASONS.get(reason, f"It ended with “{reason}”")


def ending_role(run: Run) -> Role:
    """Return the colour of how a run ended."""
    return _STATE_ROLES.get(run.state, "dim")


def limit_words(agent: AgentRun) -> str:
    """Return what broke a limit: `3 tool calls were asked for at once, which would have made 4; the limit is 2.`"""
    limits = agent.limits
    what = _LIMITS.get(limits.exceeded or "")
    if what is None or limits.attempted_count is None:
        return ""
    limit = limits.tool_calls if limits.exceeded == "tool_calls" else limits.model_requests
    told = "" if limit is None else f"; the limit is {count_text(limit)}"
    if limits.exceeded == "tool_calls" and limits.requested_batch_size is not None:
        batch = counted(limits.requested_batch_size, "tool call")
        asked = "was" if limits.requested_batch_size == 1 else "were"
        return f"{batch} {asked} asked for at once, which would have made {count_text(limits.attempted_count)}{told}."
    return f"There would have been {count_text(limits.attempted_count)} {what}{told}."


def wanted_words(agent: AgentRun, what: str) -> str:
    """Return `4 wanted` beside the count whose limit ended the run; "" beside all others."""
    limits = agent.limits
    if limits.exceeded != what or limits.attempted_count is None:
        return ""
    return f"{count_text(limits.attempted_count)} wanted"


def admission_badge(call: RequestedCall) -> tuple[str, Role, str]:
    """Return the word for whether a call was let through, its colour, and why not."""
    word, role = _ADMISSIONS[call.admission]
    return word, role, admission_reason(call)


def admission_reason(call: RequestedCall) -> str:
    """Return why a call was not let through, or why nothing tells; "" for one that was."""
    if call.reason is None:
        return ""
    return _ADMISSION_REASONS.get(call.reason, f"The reason given is “{call.reason}”.")


def unavailable_words(reason: str | None) -> str:
    """Return why there is no candidate of a value; "" where no reason was given."""
    if reason is None:
        return ""
    return _UNAVAILABLE.get(reason, f"The reason given is “{reason.replace('_', ' ')}”.")


def tokens_text(usage: Usage) -> str:
    """Return `1,204 in, 96 out`; "" where nothing was told."""
    return " · ".join(
        f"{count_text(told.sum)} {word}"
        for name, word in (("input_tokens", "in"), ("output_tokens", "out"))
        if (told := usage.fields.get(name)) is not None and told.sum is not None
    )


def coverage_text(usage: Usage) -> str:
    """Return `from 2 of 3 responses`: how many of them told their tokens."""
    seen = [told.observations for told in usage.fields.values() if told.observations is not None]
    if not seen or usage.model_responses is None:
        return ""
    return f"from {count_text(max(seen))} of {counted(usage.model_responses, 'response')}"


def usage_words(usage: Usage) -> str:
    """Return all tokens by kind, a line each."""
    responses = usage.model_responses
    lines = []
    for name, told in usage.fields.items():
        if told.sum is not None:
            seen = f", told by {count_text(told.observations or 0)}"
            of = f" of {counted(responses, 'response')}" if responses is not None else ""
            lines.append(f"{name.replace('_', ' ').capitalize()}: {count_text(told.sum)}{seen}{of}")
    return "\n".join(lines)


def short_cause(cause: str) -> str:
    """Return `ValidationError: …` for `pydantic_core._pydantic_core.ValidationError: …`."""
    type_, colon, message = cause.partition(":")
    return f"{last_name(type_)}{colon}{message}" if " " not in type_ else cause


def state_word(operation: Operation, is_failed: bool) -> tuple[str, Role]:
    """Return how an operation ended."""
    if operation.is_cancelled:
        return "cancelled", "warning"
    if is_failed:
        return "failed", "error"
    return ("completed", "ok") if operation.end_ns is not None else ("running", "info")


def lasted(operation: Operation) -> str:
    """Return how long an operation took; "" where it has no end."""
    return "" if operation.end_ns is None else duration_text(operation.end_ns - operation.start_ns)

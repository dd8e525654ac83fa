"""The conversation of an agent: what it was told, each answer of its model, each tool call, and how it ended. Qt-free.

Tool calls stand below the answer that asked for them, matched by their ids; those that nothing asked for, because the
answer has not arrived, stand where their sequence puts them.
"""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.features.run.agent.nesting import nested_ways, operations_around
from junjo_desktop.features.run.agent.operation_parts import OperationParts, candidate_parts
from junjo_desktop.features.run.agent.words import (
    admission_badge,
    ending_role,
    ending_words,
    lasted,
    limit_words,
    short_cause,
)
from junjo_desktop.features.run.failures_rows import last_name
from junjo_desktop.telemetry.junjo.agent import AgentRun, ModelRequest, RequestedCall, ToolCall
from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import Payload
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.conversation.entries import (
    Badge,
    Entry,
    Part,
    Way,
    note_part,
    payload_parts,
    text_part,
    value_part,
)
from junjo_desktop.widgets.figures import count_text, counted

END = "end"
"""Key of the last entry: how the run ended."""


def conversation(run: Run, agent: AgentRun) -> tuple[Entry, ...]:
    """Return the entries, in order. Parses payloads: for a background thread."""
    return tuple(_Conversation(run, agent).entries())


class _Conversation:
    def __init__(self, run: Run, agent: AgentRun) -> None:
        self._run = run
        self._agent = agent
        self._failures: dict[str, Failure] = {}
        for failure in run.failures:
            self._failures.setdefault(failure.span_id, failure)
        self._parts = OperationParts(agent, self._failures)
        self._ways: Mapping[str, tuple[Way, ...]] = nested_ways(run, operations_around(run, agent))

    def entries(self) -> list[Entry]:
        found = self._beginning()
        asked_for: dict[str, list[RequestedCall]] = {}
        for call in self._agent.requested_calls:
            asked_for.setdefault(call.requested_by.span_id, []).append(call)
        told: set[str] = {call.operation.span_id for call in self._agent.requested_calls if call.operation is not None}
        for operation in self._agent.operations:
            if isinstance(operation, ModelRequest):
                calls = asked_for.get(operation.span_id, [])
                found.append(self._answer(operation, calls))
                found += [self._requested(call) for call in calls]
            elif operation.span_id not in told:
                found.append(self._tool(operation))
        return [*found, self._ending()]

    def _beginning(self) -> list[Entry]:
        agent, owner = self._agent, self._run.span_id
        found = []
        if agent.definition.instructions:
            parts = (text_part("", agent.definition.instructions),)
            found.append(Entry("instructions", "instructions", "dim", "", span_id=owner, parts=parts))
        history = _history(agent)
        if history:
            facts = counted(len(history), "message") + " from before this run"
            parts = (value_part("", history),)
            found.append(Entry("history", "history", "dim", "", facts, owner, parts=parts))
        if agent.input_candidate is None:
            found.append(Entry("input", "input", "info", "", span_id=owner, parts=_input_parts(agent.input)))
        return found

    # Operations

    def _answer(self, request: ModelRequest, calls: list[RequestedCall]) -> Entry:
        facts = [" ".join(word for word in (request.provider, request.model_name) if word)]
        tokens = [
            f"{count_text(count)} {word}"
            for name, word in (("input_tokens", "in"), ("output_tokens", "out"))
            if (count := request.tokens.get(name)) is not None
        ]
        asks = f"asks for {counted(len(calls), 'tool call')}" if calls else ""
        facts += [", ".join(tokens), lasted(request), asks]
        number = request.ordinal if request.ordinal is not None else request.sequence
        return Entry(
            key=request.span_id,
            tag="model",
            role="llm",
            title="Request" if number is None else f"Request {count_text(number)}",
            facts=" · ".join(fact for fact in facts if fact),
            span_id=request.span_id,
            is_operation=True,
            badges=self._parts.badges(request),
            parts=self._parts.answer(request, asks=bool(calls)),
            ways=self._ways.get(request.span_id, ()),
        )

    def _requested(self, call: RequestedCall) -> Entry:
        word, role, reason = admission_badge(call)
        operation = call.operation
        parts: list[Part] = []
        if operation is None:
            parts.append(value_part("Arguments", call.arguments))
        badges = [Badge(word, role, reason)]
        notes = [note_part(reason)] if reason else []
        parts += notes
        if operation is not None:
            parts = self._parts.call(operation, notes)
            badges += self._parts.badges(operation)
        facts = [f"call {call.call_id}" if call.call_id else "no call id", lasted(operation) if operation else ""]
        return Entry(
            key=("call", call.requested_by.span_id, call.ordinal),
            tag="tool",
            role="tool",
            title=call.tool_name or "(no name)",
            facts=" · ".join(fact for fact in facts if fact),
            span_id=operation.span_id if operation is not None else call.requested_by.span_id,
            is_operation=operation is not None,
            depth=1,
            badges=tuple(badges),
            parts=tuple(parts),
            ways=self._ways.get(operation.span_id, ()) if operation is not None else (),
        )

    def _tool(self, operation: ToolCall) -> Entry:
        """A call without the answer that asked for it."""
        facts = [f"call {operation.call_id}" if operation.call_id else "no call id", lasted(operation)]
        return Entry(
            key=operation.span_id,
            tag="tool",
            role="tool",
            title=operation.tool_name or operation.name.strip() or "(no name)",
            facts=" · ".join(fact for fact in facts if fact),
            span_id=operation.span_id,
            is_operation=True,
            depth=1,
            badges=self._parts.badges(operation),
            parts=(*self._parts.call(operation), note_part("The answer that asked for it has not arrived.")),
            ways=self._ways.get(operation.span_id, ()),
        )

    # The end

    def _ending(self) -> Entry:
        run, agent = self._run, self._agent
        if run.state is ExecutionState.DONE:
            parts = payload_parts("", agent.output) or (note_part("No final output was sent."),)
            return Entry(END, "output", "ok", "Final output", span_id=run.span_id, parts=parts)
        parts = ()
        if run.state not in (ExecutionState.RUNNING, ExecutionState.LOST):
            cancelled = run.executable.cancelled_reason if run.executable is not None else None
            parts = (
                *([note_part(words)] if (words := limit_words(agent)) else []),
                *self._ending_parts(run.state is ExecutionState.CANCELLED, cancelled),
                *_rejected_parts(agent),
            )
        tag = "running" if run.state is ExecutionState.RUNNING else "end"
        return Entry(END, tag, ending_role(run), ending_words(run, agent), span_id=run.span_id, parts=parts)

    def _ending_parts(self, is_cancelled: bool, reason: str | None) -> list[Part]:
        """Return why it ended badly; of what an operation above has told, only the first line."""
        failure = self._failures.get(self._run.span_id or "")
        if is_cancelled or failure is None or failure.is_origin:
            return self._parts.problem(self._run.span_id, is_cancelled, reason)
        told = short_cause(failure.cause) or f"{last_name(failure.type)}: {failure.message}"
        return [text_part("", told.split("\n", 1)[0], "error")]


def _input_parts(payload: Payload) -> tuple[Part, ...]:
    return payload_parts("", payload) if payload.text is not None else (note_part(payload.reason),)


def _history(agent: AgentRun) -> list[object]:
    """The messages of earlier runs that this one was given: what stands before its own input in the first request."""
    first = agent.model_requests[0] if agent.model_requests else None
    asked = value_or_none(first.request) if first is not None and first.ordinal in (None, 1) else None
    messages = asked.get("messages") if isinstance(asked, dict) else None
    if not isinstance(messages, list):
        return []
    places = [at for at, one in enumerate(messages) if isinstance(one, dict) and one.get("type") == "agent_input"]
    return messages[: places[-1]] if places else []


def _rejected_parts(agent: AgentRun) -> list[Part]:
    parts: list[Part] = []
    for label, rejected in (("Rejected input", agent.input_candidate), ("Rejected history", agent.history_candidate)):
        if rejected is not None:
            parts += candidate_parts(label, rejected)
    if agent.rejected_output is not None:
        parts.append(value_part("Rejected output", agent.rejected_output))
    return parts

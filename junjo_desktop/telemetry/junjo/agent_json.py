"""An agent's run as JSON, named as Junjo AI Studio names it: AgentExecutionSummary, ModelOperation, ToolOperation."""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.agent import AgentRun, Candidate, ModelRequest, RequestedCall, Usage
from junjo_desktop.telemetry.junjo.agent_operation_json import candidate_json, model_json, tool_json
from junjo_desktop.telemetry.junjo.json_value import payload_json, written
from junjo_desktop.telemetry.junjo.run_model import Run


def agent_json(run: Run) -> dict[str, Any]:
    """Return what the document of an agent has beside that of any run; of one that is no agent, nothing."""
    agent = run.agent
    if agent is None:
        return {}
    failures = {failure.span_id: failure for failure in run.failures}
    return {
        "agent_span_id": run.span_id,
        "service": {"namespace": agent.service_namespace, "name": run.service_name, "version": run.service_version},
        "agent_key": agent.key,
        "agent_name": agent.name or run.name,
        **_summary(agent),
        "definition": payload_json(agent.definition.snapshot),
        "input": payload_json(agent.input),
        "output": payload_json(agent.output),
        "input_candidate": _rejected(agent.input_candidate),
        "history_candidate": _rejected(agent.history_candidate),
        "operations": [
            model_json(one, failures.get(one.span_id))
            if isinstance(one, ModelRequest)
            else tool_json(one, failures.get(one.span_id))
            for one in agent.operations
        ],
        "tool_calls": [_call(call) for call in agent.requested_calls],
    }


def _rejected(candidate: Candidate | None) -> dict[str, Any] | None:
    return None if candidate is None else candidate_json(candidate)


def _summary(agent: AgentRun) -> dict[str, Any]:
    counts = agent.counts
    return {
        "outcome": agent.outcome,
        "termination_reason": agent.termination_reason,
        "limits": {"model_requests": agent.limits.model_requests, "tool_calls": agent.limits.tool_calls},
        "limit_exceeded": agent.limits.exceeded,
        "counts": {
            "operations": counts.operations,
            "model_requests": counts.model_requests,
            "tool_calls": {
                "requested": counts.tool_calls_requested,
                "admitted": counts.tool_calls_admitted,
                "started": counts.tool_calls_started,
                "completed": counts.tool_calls_completed,
            },
        },
        "usage": _usage(agent.usage),
    }


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "model_responses": usage.model_responses,
        "fields": {name: {"sum": one.sum, "observations": one.observations} for name, one in usage.fields.items()},
    }


def _call(call: RequestedCall) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "ordinal": call.ordinal,
        "tool_name": call.tool_name,
        "arguments": written(call.arguments),
        "requested_by_span_id": call.requested_by.span_id,
        "operation_sequence": None if call.operation is None else call.operation.sequence,
        "admission": call.admission.value,
        "reason": call.reason,
    }

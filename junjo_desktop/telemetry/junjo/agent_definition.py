"""What an agent is: instructions, tools, schemas; from its own snapshot, else from its first model request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junjo_desktop.telemetry.junjo.agent_model import AgentDefinition, ModelRequest, ToolDefinition
from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import Payload


def read_definition(snapshot: Payload, requests: Sequence[ModelRequest]) -> AgentDefinition:
    """Read the definition; `requests` are the run's model requests, in order."""
    told = value_or_none(snapshot)
    if isinstance(told, dict):
        return _definition(snapshot, told, is_inferred=False)
    for request in requests:
        asked = value_or_none(request.request)
        if isinstance(asked, dict):
            return _definition(snapshot, asked, is_inferred=True)
    return AgentDefinition(snapshot)


def tool_names(snapshot: Payload) -> frozenset[str] | None:
    """Return the names of the tools that a snapshot tells, None where it tells of none."""
    told = value_or_none(snapshot)
    tools = told.get("tools") if isinstance(told, dict) else None
    if not isinstance(tools, list):
        return None
    return frozenset(str(tool.get("name")) for tool in tools if isinstance(tool, dict))


def _definition(snapshot: Payload, told: dict[str, Any], *, is_inferred: bool) -> AgentDefinition:
    instructions, tools, model = told.get("instructions"), told.get("tools"), told.get("model")
    return AgentDefinition(
        snapshot=snapshot,
        instructions=instructions if isinstance(instructions, str) else None,
        tools=tuple(_tool(tool) for tool in tools if isinstance(tool, dict)) if isinstance(tools, list) else (),
        input_schema=told.get("inputSchema"),
        output_schema=told.get("outputSchema"),
        model=model if isinstance(model, dict) else {},
        is_inferred=is_inferred,
    )


def _tool(tool: dict[str, Any]) -> ToolDefinition:
    name, description = tool.get("name"), tool.get("description")
    return ToolDefinition(
        name=name if isinstance(name, str) else "",
        description=description if isinstance(description, str) else "",
        input_schema=tool.get("inputSchema"),
        output_schema=tool.get("outputSchema"),
    )

"""What an agent is, as entries: its model and limits, its instructions, its tools and its schemas. Qt-free."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.agent import AgentRun, ToolDefinition
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.conversation.entries import Entry, Part, note_part, text_part, value_part
from junjo_desktop.widgets.figures import count_text

_INFERRED = "As its first model request tells: the agent's own definition has not arrived, or was not sent whole."


def definition_entries(run: Run, agent: AgentRun) -> tuple[Entry, ...]:
    """Return the entries; none where nothing is known."""
    definition = agent.definition
    found = [_facts(run, agent)]
    if definition.instructions:
        found.append(Entry("instructions", "instructions", "dim", "", parts=(text_part("", definition.instructions),)))
    found += [_tool(place, tool) for place, tool in enumerate(definition.tools)]
    for key, tag, schema in (
        ("input", "input schema", definition.input_schema),
        ("output", "output schema", definition.output_schema),
    ):
        if schema is not None:
            found.append(Entry(key, tag, "node", "", parts=(value_part("", schema),)))
    return tuple(found)


def _facts(run: Run, agent: AgentRun) -> Entry:
    model, limits = agent.definition.model, agent.limits
    named = [str(model[key]) for key in ("provider", "model") if model.get(key)]
    if not named:
        first = next(iter(agent.model_requests), None)
        named = [word for word in (first.provider, first.model_name) if word] if first is not None else []
    facts = (
        ("Key", agent.key),
        ("Model", " ".join(named)),
        ("Model requests", _limit(limits.model_requests)),
        ("Tool calls", _limit(limits.tool_calls)),
        ("Tools", ", ".join(tool.name for tool in agent.definition.tools) or "none"),
        ("Structural id", run.executable.structural_id if run.executable is not None else None),
    )
    parts: list[Part] = [text_part(label, told) for label, told in facts if told]
    if settings := model.get("settings"):
        parts.append(value_part("Model settings", settings))
    if agent.definition.is_inferred:
        parts.append(note_part(_INFERRED))
    elif agent.definition.snapshot.reason:
        parts.append(note_part(f"Definition: {agent.definition.snapshot.reason}"))
    return Entry("facts", "agent", "workflow", (agent.name or run.name).strip() or "(no name)", parts=tuple(parts))


def _limit(limit: int | None) -> str:
    return "" if limit is None else f"at most {count_text(limit)}"


def _tool(place: int, tool: ToolDefinition) -> Entry:
    parts = [text_part("", tool.description)] if tool.description else []
    for label, schema in (("Takes", tool.input_schema), ("Gives", tool.output_schema)):
        if schema is not None:
            parts.append(value_part(label, schema))
    return Entry(("tool", place), "tool", "tool", tool.name or "(no name)", parts=tuple(parts))

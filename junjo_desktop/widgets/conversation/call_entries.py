"""One call of a model as a conversation: what was asked, what was answered, tools, tokens and cost. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.call_json import usage_json
from junjo_desktop.telemetry.llm.parts import Message, ToolCallPart, ToolDefinition, ToolResultPart
from junjo_desktop.telemetry.llm.prices.cost import Cost
from junjo_desktop.widgets.conversation.entries import Badge, Entry, Part, note_part, text_part, value_part
from junjo_desktop.widgets.conversation.messages import arguments_part, message_entry, part_json, shown_parts
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import cost_phrase, counted
from junjo_desktop.widgets.json_nodes import json_text

_FAILED = Badge("failed", "error")
_ENDS_WELL = (None, "stop", "tool_calls")
_SPOKEN = ("chat", "text_completion")


def call_entries(call: LlmCall, cost_lines: Sequence[Part] = (), told: str = "") -> tuple[Entry, ...]:
    """Return a call as entries. `cost_lines` are the arithmetic of its cost, `told` the cost in a word."""
    return tuple(_entries(call, cost_lines, told))


def _entries(call: LlmCall, cost_lines: Sequence[Part], told: str) -> Iterator[Entry]:
    if notes := _notes(call):
        yield Entry(("notes",), "note", "warning", "", parts=notes)
    if call.system_instructions:
        yield message_entry(("system",), Message("system", call.system_instructions), span_id=call.span_id)
    results = _Results(call.input_messages)
    for place, message in enumerate(call.input_messages):
        yield from _message(("asked", place), message, call, results)
    for place, message in enumerate(call.output_messages):
        facts = f"choice {place + 1}" if len(call.output_messages) > 1 else ""
        ended = message.finish_reason
        badges = (Badge(str(ended), "warning", "Why the answer ended"),) if ended not in _ENDS_WELL else ()
        yield from _message(("answered", place), message, call, results, facts, badges)
    if call.error is not None:
        words = ": ".join(word for word in (call.error.type, call.error.message) if word)
        part = text_part("", words or "It failed; nothing tells why.", "error")
        yield Entry(("error",), "error", "error", "", badges=(_FAILED,), parts=(part,))
    yield usage_entry(call, cost_lines, told)
    if call.tool_definitions:
        title = counted(len(call.tool_definitions), "tool")
        yield Entry(("tools",), "offered", "dim", title, parts=tuple(map(_definition, call.tool_definitions)))
    if call.parameters:
        part = value_part("", dict(call.parameters))
        yield Entry(("parameters",), "parameters", "dim", "", parts=(part,), raw=dict(call.parameters))


def _notes(call: LlmCall) -> tuple[Part, ...]:
    parts = [note_part(note) for note in call.notes]
    if call.captured.is_complete or call.operation not in _SPOKEN or (call.error is not None and call.captured.input):
        return tuple(parts)
    missing = {(False, False): "What was asked and answered", (False, True): "What was asked"}
    told = missing.get((call.captured.input, call.captured.output), "What was answered")
    words = f"{told} was not captured. {call.captured.switch or ''}".strip()
    return (note_part(words), *parts)


class _Results:
    """Results of tools by the call that they answer; each is shown once, with its call."""

    def __init__(self, messages: Sequence[Message]) -> None:
        parts = [part for message in messages for part in message.parts]
        self._asked = [part for part in parts if isinstance(part, ToolCallPart)]
        self._free = [part for part in parts if isinstance(part, ToolResultPart)]
        self._of: dict[int, ToolResultPart] = {}
        for call in self._asked:
            found = next((one for one in self._free if _answers(one, call)), None)
            if found is not None:
                self._of[id(call)] = found
                self._free = [one for one in self._free if one is not found]

    def of(self, call: ToolCallPart) -> ToolResultPart | None:
        """Return the result of a call; None where none came along."""
        return self._of.get(id(call))

    def are_told(self, message: Message) -> bool:
        """Whether a message is nothing but results that stand with their calls."""
        free = {id(one) for one in self._free}
        return bool(message.parts) and all(
            isinstance(part, ToolResultPart) and id(part) not in free for part in message.parts
        )


def _answers(result: ToolResultPart, call: ToolCallPart) -> bool:
    if result.id is not None or call.id is not None:
        return result.id == call.id
    return result.name in (None, call.name)


def _message(
    key: tuple[str, int],
    message: Message,
    call: LlmCall,
    results: _Results,
    facts: str = "",
    badges: tuple[Badge, ...] = (),
) -> Iterator[Entry]:
    if results.are_told(message):
        return
    asked = [part for part in message.parts if isinstance(part, ToolCallPart)]
    notes = (note_part(f"asks for {counted(len(asked), 'tool call')}"),) if asked else ()
    if not message.parts:
        notes = (note_part("It is empty." if call.captured.is_complete else "Its content was not captured."),)
    yield message_entry(key, message, span_id=call.span_id, facts=facts, badges=badges, notes=notes, without_calls=True)
    for place, part in enumerate(asked):
        yield _tool((*key, place), part, results.of(part), is_last=key[0] == "answered")


def _tool(key: tuple[str, int, int], call: ToolCallPart, result: ToolResultPart | None, *, is_last: bool) -> Entry:
    parts: tuple[Part, ...] = (arguments_part("Arguments", call.arguments_text),) if call.arguments_text else ()
    raw = [part_json(call)]
    if result is not None:
        parts += shown_parts(result.parts, "Result") or (note_part("Result: nothing"),)
        raw.append(part_json(result))
    elif not is_last:
        parts += (note_part("No result of this call was sent along."),)
    title = one_line(call.name or "(no name)", 120)
    facts = f"call {call.id}" if call.id else ""
    return Entry(("tool", *key), "tool", "tool", title, facts, depth=1, parts=parts, raw=raw)


def usage_entry(call: LlmCall, cost_lines: Sequence[Part], told: str) -> Entry:
    """Return the tokens and the cost of a call, each with its arithmetic."""
    tokens = call.usage.words if call.usage is not None else "The call told no tokens."
    parts = (note_part(tokens), *cost_lines)
    return Entry(("usage",), "cost", "dim", told, parts=parts, raw={"usage": usage_json(call.usage)})


def _definition(tool: ToolDefinition) -> Part:
    text = json_text({"name": tool.name, "description": tool.description, "parameters": tool.parameters})
    return Part(one_line(tool.name or "(no name)", 60), "json", "", len(text), is_cut=True, text=text)


def cost_parts(cost: Cost) -> tuple[Part, ...]:
    """Return the arithmetic of a cost, and by which prices it was made."""
    if not cost.parts:
        return (note_part(cost.words),)
    lines = [f"{part.words}: {cost_phrase(part.dollars)}" for part in cost.parts]
    by = f"by your own price of {cost.priced_as}" if cost.origin == "own" else f"as {cost.priced_as}"
    tier = f", {cost.tier}" if cost.tier else ""
    version = f", price table {cost.table_version}" if cost.table_version else ""
    return (*map(note_part, lines), note_part(f"Together {cost_phrase(cost.dollars)}, {by}{tier}{version}."))

"""OpenTelemetry's GenAI conventions 1.26 to 1.36: an event for each message, of the span or as log records of it.

`gen_ai.user.message` and its like, `gen_ai.choice`, and before them `gen_ai.content.prompt` and `.completion`. Strands
has the same as span events whose attributes hold JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.draft import Draft, Worth
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, SYSTEM, TOOL, USER, read_message
from junjo_desktop.telemetry.llm.parts import Message
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_object, as_text, structure
from junjo_desktop.telemetry.otlp_json import Attributes

CHOICE = "gen_ai.choice"
ROLE_OF_EVENT = {
    "gen_ai.system.message": SYSTEM,
    "gen_ai.user.message": USER,
    "gen_ai.assistant.message": ASSISTANT,
    "gen_ai.tool.message": TOOL,
}
PROMPT, COMPLETION = "gen_ai.content.prompt", "gen_ai.content.completion"
NAMES = (*ROLE_OF_EVENT, CHOICE)
_KEYS_OF_JSON = ("content", "message", "tool_calls", "tool.result")


def read(source: Source) -> Draft:
    """Read the messages of the span's own events and of its log records; they come in the order of the call."""
    draft = Draft()
    told = [
        (event.name, as_object(event.body) or ({"content": event.body} if event.body else event.attributes))
        for event in source.events_named(*NAMES)
    ]
    take_events(draft, told)
    for event in source.events_named(PROMPT):
        take_request(draft, event.attributes.get("gen_ai.prompt"), Worth.BODY)
    for event in source.events_named(COMPLETION):
        take_answer(draft, event.attributes.get("gen_ai.completion"), Worth.BODY)
    return draft


def take_events(draft: Draft, told: Iterable[tuple[str, Attributes]]) -> None:
    """Add to a draft what events say, each by its name and its body."""
    asked: list[Message] = []
    answered: list[Message] = []
    for name, body in told:
        if name == CHOICE:
            answered.append(_choice(body))
        else:
            asked.append(_message(body, ROLE_OF_EVENT.get(name, USER)))
    draft.take_input(asked)
    draft.take_output(answered)
    draft.finish_reasons = draft.finish_reasons or tuple(one.finish_reason for one in answered if one.finish_reason)


def _choice(body: Attributes) -> Message:
    told = structure(body.get("message", body.get("content")))
    reason = as_text(body.get("finish_reason"))
    calls = structure(body.get("tool_calls"))
    if isinstance(told, dict) and not {"role", "content", "parts", "tool_calls"}.isdisjoint(told):
        inner: Attributes = {**({"tool_calls": calls} if calls else {}), **told}
    else:
        inner = {"content": told, "tool_calls": calls}
    return replace(read_message({"role": ASSISTANT, **inner}, ASSISTANT), finish_reason=reason)


def _message(body: Attributes, role: str) -> Message:
    whole: Attributes = {**body}
    for key in _KEYS_OF_JSON:
        if key in whole:
            whole[key] = structure(whole[key]) if key != "content" or role != TOOL else whole[key]
    return read_message({"role": role, "content": None, **whole}, role)

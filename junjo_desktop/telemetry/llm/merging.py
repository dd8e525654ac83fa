"""Merges what several conventions say of one call: of words and numbers the first, of messages the richest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import TypeVar

from junjo_desktop.telemetry.llm.draft import Draft, Worth
from junjo_desktop.telemetry.llm.parts import Message, Part, ToolResultPart, UnknownPart

_Item = TypeVar("_Item")
_RICHEST = frozenset(
    ("input", "input_worth", "output", "output_worth", "system", "tools", "parameters", "tokens", "exact_tokens")
)
_FIRST = tuple(field.name for field in fields(Draft) if field.name not in _RICHEST and field.name != "finish_reasons")


def merged(drafts: Sequence[Draft]) -> Draft:
    """Return one draft of all; they stand in the order in which they are trusted. It may be one of them."""
    if len(drafts) == 1:
        drafts[0].tokens.update(drafts[0].exact_tokens)
        return drafts[0]
    whole = Draft()
    for name in _FIRST:
        setattr(whole, name, next((told for one in drafts if (told := getattr(one, name)) is not None), None))
    asked = _richest(drafts, lambda one: one.input, lambda one: one.input_worth)
    if asked is not None:
        whole.input, whole.input_worth = asked.input, asked.input_worth
    whole.system = asked.system if asked is not None and asked.system else _longest(one.system for one in drafts)
    answered = _richest(drafts, lambda one: one.output, lambda one: one.output_worth)
    if answered is not None:
        whole.output, whole.output_worth = answered.output, answered.output_worth
    whole.tools = max((one.tools for one in drafts), key=_told_tools, default=())
    whole.finish_reasons = _longest(one.finish_reasons for one in drafts)
    for one in drafts:
        for name, value in one.parameters.items():
            whole.parameters.setdefault(name, value)
        for name, count in one.tokens.items():
            whole.tokens.setdefault(name, count)
        whole.exact_tokens = whole.exact_tokens or one.exact_tokens
    whole.tokens.update(whole.exact_tokens)
    return whole


def _richest(
    drafts: Iterable[Draft], messages: Callable[[Draft], tuple[Message, ...]], worth: Callable[[Draft], Worth]
) -> Draft | None:
    told = [one for one in drafts if messages(one)]
    # The first of those that say the same stays.
    return max(told, key=lambda one: (worth(one), *_richness(messages(one))), default=None)


def _richness(messages: tuple[Message, ...]) -> tuple[int, int]:
    parts = [part for message in messages for part in message.parts]
    known = [part for part in parts if not isinstance(part, UnknownPart)]
    return len(known), sum(_size(part) for part in known)


def _size(part: Part) -> int:
    if isinstance(part, ToolResultPart):
        return sum(_size(inner) for inner in part.parts)
    texts = (getattr(part, name, None) for name in ("text", "arguments_text", "json_text", "data", "uri"))
    return sum(len(text) for text in texts if isinstance(text, str))


def _told_tools(tools: tuple[object, ...]) -> tuple[int, int]:
    return len(tools), sum(getattr(tool, "parameters", None) is not None for tool in tools)


def _longest(candidates: Iterable[tuple[_Item, ...]]) -> tuple[_Item, ...]:
    return max(candidates, key=len, default=())

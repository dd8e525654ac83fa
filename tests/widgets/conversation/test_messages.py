"""Messages to and from models as entries, and entries for the clipboard."""

from __future__ import annotations

import json

import pytest

from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.widgets.conversation.copying import CopyForm, copied_entries
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.conversation.messages import message_entry


def entry(*parts: Part, role: str = "assistant") -> Entry:
    return message_entry("key", Message(role, parts), span_id="a" * 16)


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (TextPart("said **so**"), [("", "message", "said **so**")]),
        (TextPart(""), []),
        (ReasoningPart("because"), [("Reasoning", "message", "because")]),
        (ReasoningPart(""), [("", "note", "It reasoned; the provider keeps how.")]),
        (ToolCallPart("1", "find", '{"a":1}'), [("Calls find", "json", '{"a": 1}')]),
        (ToolCallPart(None, None, "no json"), [("Calls a tool", "text", "no json")]),
        (ToolResultPart("1", "find", (TextPart("found"),)), [("Result of find", "message", "found")]),
        (ToolResultPart("1", None, ()), [("", "note", "Result: nothing")]),
        (MediaPart("image", "image/png", data="A" * 4000), [("", "media", "image · image/png · 3.0 KB")]),
        (MediaPart("file", missing="It was not captured."), [("", "media", "file · It was not captured.")]),
        (DataPart('{"total":3}'), [("Data", "json", '{"total": 3}')]),
        (UnknownPart("<odd>"), [("Of an unknown kind", "text", "<odd>")]),
    ],
)
def test_every_kind_of_part_is_shown(part: Part, shown: list[tuple[str, str, str]]) -> None:
    assert [(one.label, one.look, one.shown) for one in entry(part).parts] == shown


def test_results_in_results_end_somewhere() -> None:
    part: Part = TextPart("deep")
    for _ in range(100):
        part = ToolResultPart(None, None, (part,))
    assert entry(part).parts[-1].look == "note"


def test_a_long_message_is_folded_and_whole_on_demand() -> None:
    lines = "\n".join(f"line {number}" for number in range(100))
    (part,) = entry(TextPart(lines)).parts
    assert (part.is_cut, part.shown.count("\n"), part.whole()) == (True, 17, lines)
    assert entry(TextPart(lines)).holds("line 99")
    assert not entry(TextPart(lines)).holds("line 100")


def test_entries_are_copied_whole_as_text_markdown_and_json() -> None:
    said = entry(TextPart("a\n" * 50 + "end"), ToolCallPart("c1", "find", '{"a": 1}'))
    fenced = entry(UnknownPart("```"), role="user")
    text = copied_entries((said, fenced), CopyForm.TEXT)
    assert text.startswith("[assistant]\na\n")
    assert "end\nCalls find: {" in text
    markdown = copied_entries((said, fenced), CopyForm.MARKDOWN)
    assert "### assistant" in markdown
    assert "````\n```\n````" in markdown
    sent = json.loads(copied_entries((said, fenced), CopyForm.JSON))
    assert [message["role"] for message in sent] == ["assistant", "user"]
    assert sent[0]["parts"][1] == {"type": "tool_call", "id": "c1", "name": "find", "arguments": {"a": 1}}
    assert json.loads(copied_entries((said,), CopyForm.JSON))["role"] == "assistant"

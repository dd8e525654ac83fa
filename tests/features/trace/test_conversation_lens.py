"""The lens Conversation: what is new in each call, tools with their results, one selection with the spans."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.conversation.lens import ConversationLens
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.lenses import Lenses
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.conversation.message_text import MessageText
from tests.features.trace.lens_hands import run, show
from tests.features.trace.sample_conversation import (
    AGENT,
    ANSWER,
    FIRST,
    ORDER,
    POLICY,
    QUESTION,
    SECOND,
    SYSTEM,
    THIRD,
    add_conversation,
    call,
    model,
    result,
    said,
    text,
    tool,
)
from tests.features.trace.sample_trace import TRACE, part
from tests.support import otlp
from tests.support.hands import button, nameless, rich_labels, texts, write
from tests.support.stored import StoredTelemetry


def look(page: TracePage, qtbot: QtBot, trace: str) -> ConversationLens:
    """See a trace as a conversation."""
    lenses = show(page, qtbot, trace)
    lenses.show_lens(Lens.CONVERSATION)
    lenses.take_focus()
    qtbot.waitUntil(lambda: not lenses.conversation.is_reading)
    qtbot.waitUntil(lambda: not lenses.conversation.view.is_filling)
    return lenses.conversation


@pytest.fixture
def lens(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> ConversationLens:
    """The sample conversation."""
    found = look(page, qtbot, add_conversation(telemetry))
    assert found.entries
    return found


def outline(lens: ConversationLens) -> list[str]:
    return [" ".join(word for word in (entry.tag, entry.title) if word) for entry in lens.entries]


def entry_of(lens: ConversationLens, span: bytes, tag: str) -> Entry:
    return next(entry for entry in lens.entries if entry.span_id == span.hex() and entry.tag == tag)


def words(entry: Entry) -> list[str]:
    return [part.whole() for part in entry.parts]


def add(telemetry: StoredTelemetry, *spans: Span) -> str:
    around = part("planner", AGENT, b"", 0, 1000, {"gen_ai.operation.name": "invoke_agent"})
    telemetry.add(otlp.trace_request(around, *spans))
    return TRACE.hex()


def test_each_call_shows_what_is_new_and_folds_what_it_repeats(lens: ConversationLens) -> None:
    assert outline(lens) == [
        "agent planner",
        "system",
        "user",
        "assistant",
        "tool get_order",
        "history",
        "assistant",
        "tool check_policy",
        "history",
        "assistant",
    ]
    assert [entry.facts for entry in lens.entries if entry.tag == "history"] == [
        "3 earlier messages repeated",
        "5 earlier messages repeated",
    ]
    assert words(entry_of(lens, FIRST, "system")) == [SYSTEM]
    assert words(entry_of(lens, FIRST, "user")) == [QUESTION]
    assert words(entry_of(lens, THIRD, "assistant")) == [ANSWER]
    assert entry_of(lens, FIRST, "assistant").facts == "gpt-4o-mini · 200 in, 20 out · 80 ms"


def test_tool_calls_stand_with_their_results_and_lead_to_the_tools_span(lens: ConversationLens) -> None:
    order, policy = entry_of(lens, ORDER, "tool"), entry_of(lens, POLICY, "tool")
    assert [(part.label, json.loads(part.whole())) for part in order.parts] == [
        ("Arguments", {"order_id": 1042}),
        ("Result", {"status": "in_transit", "carrier": "DHL"}),
    ]
    assert (order.facts, order.is_failed, order.depth) == ("call call_8f2 · 38 ms", False, 1)
    assert (policy.is_failed, words(policy)) == (True, ["{}", "quota exceeded"])


def test_repeated_messages_can_be_seen_and_hidden_again(lens: ConversationLens, qtbot: QtBot) -> None:
    fold = next(entry for entry in lens.entries if entry.tag == "history")
    lens.view.way_taken.emit(fold.ways[0].destination)
    qtbot.waitUntil(lambda: len(lens.entries) == 13)
    at = outline(lens).index("history") + 1
    assert outline(lens)[at : at + 3] == ["user", "assistant", "tool"]
    assert all(entry.depth == 1 for entry in lens.entries[at : at + 3])
    lens.view.way_taken.emit(fold.ways[0].destination)
    qtbot.waitUntil(lambda: len(lens.entries) == 10)


def test_an_entry_selects_its_span_and_a_span_its_entry(lens: ConversationLens, page: TracePage, qtbot: QtBot) -> None:
    waterfall = page.view.waterfall
    lens.view.mark(entry_of(lens, FIRST, "user").key)
    lens.view.chosen.emit(entry_of(lens, FIRST, "user"))
    assert waterfall.selected_span == FIRST.hex()
    waterfall.select_span(POLICY.hex())
    assert lens.view.current_entry == entry_of(lens, POLICY, "tool")
    waterfall.select_span(THIRD.hex())
    assert lens.view.current_entry == entry_of(lens, THIRD, "assistant")
    lens.take_focus()
    qtbot.waitUntil(lambda: page.focusWidget() is not None)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Up)
    assert waterfall.selected_span == THIRD.hex()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Up)
    assert waterfall.selected_span == POLICY.hex()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view.inspector.isAncestorOf(page.focusWidget()))


def test_failures_are_stepped_through(lens: ConversationLens, page: TracePage) -> None:
    run(page, "trace.next_failure")
    assert lens.view.current_entry == entry_of(lens, POLICY, "tool")
    assert page.view.waterfall.selected_span == POLICY.hex()


def test_text_is_found_also_where_it_is_folded(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    long = "\n".join(f"line {number}" for number in range(200)) + "\nThe Needle"
    lens = look(
        page, qtbot, add(telemetry, model(FIRST, 10, [said("user", text(long))], [said("assistant", text("ok"))]))
    )
    lens.finder.field.setFocus()
    write(lens.finder.field, "needle", enter=True)
    qtbot.waitUntil(lambda: lens.finder.count.text() == "1 of 1")
    entry = lens.view.current_entry
    assert entry is not None
    assert entry.tag == "user"
    view = next(view for view in lens.view.views if view.entry is entry)
    shown = view.parts[0].shown
    assert isinstance(shown, MessageText)
    qtbot.waitUntil(lambda: "The Needle" in shown.toPlainText())
    assert len(shown.extraSelections()) == 1
    write(lens.finder.field, "nowhere", enter=True)
    qtbot.waitUntil(lambda: lens.finder.count.text() == "none")


def test_messages_are_shown_as_markdown_plain_or_json(lens: ConversationLens, page: TracePage, qtbot: QtBot) -> None:
    def system() -> str:
        found = [view for view in lens.view.views if view.entry.tag == "system"]
        shown = found[0].parts[0].shown if found and found[0].isVisible() else None
        return shown.toPlainText() if isinstance(shown, MessageText) else "" if shown is None else shown.text()

    qtbot.waitUntil(lambda: system() == SYSTEM.replace("**", "").replace("`", ""))
    button(lens.controls, "Plain").click()
    qtbot.waitUntil(lambda: system() == SYSTEM)
    page.view.waterfall.select_span(POLICY.hex())
    button(lens.controls, "JSON").click()
    qtbot.waitUntil(lambda: '"check_policy"' in texts(lens.view))
    assert lens.view.current_entry is not None
    assert lens.view.current_entry.span_id == POLICY.hex()


def test_the_whole_conversation_is_copied(lens: ConversationLens) -> None:
    for action in lens.controls.menu.actions():
        action.trigger()
        copied = QGuiApplication.clipboard().text()
        assert "22 November" in copied
        assert "call_9a1" in copied
    assert [message.get("role") for message in json.loads(copied) if isinstance(message, dict)][:2] == [
        "system",
        "user",
    ]


def test_tools_without_ids_are_matched_by_name_and_time(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    asks = said("assistant", {"type": "tool_call", "name": "find", "arguments": {"q": 1}})
    spans = [
        model(FIRST, 10, [said("user", text("one"))], [asks]),
        tool(ORDER, 100, "find"),
        tool(POLICY, 200, "unasked"),
        model(SECOND, 300, [], [asks], system=""),
    ]
    lens = look(page, qtbot, add(telemetry, *spans))
    assert outline(lens) == [
        "agent planner", "system", "user", "assistant", "tool find", "tool unasked", "assistant", "tool find",
    ]  # fmt: skip
    assert [entry.span_id for entry in lens.entries if entry.tag == "tool"] == [ORDER.hex(), POLICY.hex(), SECOND.hex()]
    assert words(lens.entries[-1])[-1] == "No result of this call has arrived."


def test_a_call_that_two_instrumentations_tell_is_shown_once(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    asked, answered = [said("user", text("hello"))], [said("assistant", text("hi"))]
    outer = model(FIRST, 10, asked, answered)
    inner = model(SECOND, 20, asked, answered, parent=FIRST)
    silent = model(THIRD, 300, asked, [], parent=AGENT)
    lens = look(page, qtbot, add(telemetry, outer, inner, silent))
    assert {entry.span_id for entry in lens.entries if entry.tag == "assistant"} == {SECOND.hex()}


def test_what_was_not_captured_or_failed_is_said(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    failed = model(SECOND, 100, [said("user", text("hello"))], [], error="rate limit", more={"error.type": "429"})
    lens = look(page, qtbot, add(telemetry, model(FIRST, 10, [], [], system=""), failed))
    silent, broken = entry_of(lens, FIRST, "model"), entry_of(lens, SECOND, "model")
    assert words(silent)[0].startswith("What was asked and What was answered was not captured.")
    assert (broken.is_failed, words(broken)) == (True, ["429: rate limit"])


def test_the_conversation_grows_with_the_trace(
    lens: ConversationLens, telemetry: StoredTelemetry, qtbot: QtBot
) -> None:
    lens.view.mark(entry_of(lens, SECOND, "assistant").key)
    telemetry.add(otlp.trace_request(model(otlp.span_id(0x6000), 900, [said("user", text("thanks"))], [])))
    qtbot.waitUntil(lambda: outline(lens)[-1] == "model")
    assert lens.view.current_entry == entry_of(lens, SECOND, "assistant")


def test_nothing_is_read_before_the_lens_is_looked_at(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_conversation(telemetry))
    assert lenses.bar.lenses.button("conversation").text() == "Conversation 3"
    assert (lenses.conversation.entries, lenses.conversation.is_reading) == ((), False)


def test_a_trace_without_calls_says_how_they_come(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    telemetry.add(otlp.trace_request(part("work", AGENT, b"", 0, 10)))
    lens = look(page, qtbot, TRACE.hex())
    qtbot.waitUntil(lambda: lens.empty.sentence.startswith("No model call in this trace."))
    with qtbot.waitSignal(lens.help_asked):
        button(lens.empty, "How to send them").click()


def test_a_link_is_asked_about(lens: ConversationLens, qtbot: QtBot) -> None:
    for address, offers in (("https://example.com/<b>", True), ("file:///etc/hostname", False)):
        lens.view.link_asked.emit(address)
        box = lens.findChild(QMessageBox)
        assert box is not None
        assert box.informativeText() == address
        assert box.textFormat() is Qt.TextFormat.PlainText
        assert any(one.text() == "Open in the browser" for one in box.buttons()) is offers
        with qtbot.waitSignal(box.destroyed):
            box.reject()


def test_the_chosen_form_is_kept(lens: ConversationLens, page: TracePage, tmp_path: Path) -> None:
    button(lens.controls, "Plain").click()
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    button(lens.controls, "JSON").click()
    page.restore_state(state)
    assert lens.controls.form.value == "plain"


def test_hostile_messages_are_text_and_every_control_has_a_name(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    hostile = "<b>bold</b>\r\n\x00\u202e🎉 שלום " + "x" * 10_000
    asked = said(hostile, text(hostile))
    answer = said("assistant", call(hostile, hostile, {hostile: hostile}), text(hostile))
    later = said("tool", result(hostile, hostile))
    spans = [model(FIRST, 10, [asked], [answer]), model(SECOND, 100, [asked, answer, later], [answer])]
    lens = look(page, qtbot, add(telemetry, *spans))
    assert len(lens.view.views) >= 3
    assert rich_labels(lens) == []
    assert nameless(lens) == []


def test_a_selection_made_before_is_followed_when_the_lens_is_shown(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses: Lenses = show(page, qtbot, add_conversation(telemetry))
    lenses.waterfall.select_span(SECOND.hex())
    lens = look(page, qtbot, TRACE.hex())
    qtbot.waitUntil(lambda: lens.view.current_entry is not None)
    assert lens.view.current_entry == entry_of(lens, SECOND, "assistant")

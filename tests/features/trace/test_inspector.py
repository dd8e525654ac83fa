"""The inspector shows everything a span holds, and copies any part of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.queries import span_detail, trace_head
from junjo_desktop.widgets.inspector.detail import SpanDetail, type_text, unfolded_json, value_title, whole_text
from junjo_desktop.widgets.inspector.panel import Inspector
from junjo_desktop.widgets.inspector.span_facts import span_facts
from junjo_desktop.widgets.json_nodes import json_text
from junjo_desktop.widgets.json_tree import JsonTree
from tests.features.trace.sample_trace import MESSAGES, MODEL, MS, ROOT, START, TOOL, TRACE, add_sample, part
from tests.support.otlp import trace_request
from tests.support.qt import Role, find, unnamed_controls
from tests.support.reads import Reads
from tests.support.stored import StoredTelemetry


def detail_of(telemetry: StoredTelemetry, span_id: bytes) -> SpanDetail:
    found = telemetry.read(lambda cursor: span_detail(cursor, trace_head(cursor, TRACE.hex()), span_id.hex()))
    assert found is not None
    return found


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def _index_of(tree: JsonTree, path: tuple[str | int, ...]) -> QModelIndex:
    index = QModelIndex()
    for key in path:
        tree.view.expand(index)
        if tree.model.canFetchMore(index):
            tree.model.fetchMore(index)
        rows = [tree.model.index(row, 0, index) for row in range(tree.model.rowCount(index))]
        index = next(row for row in rows if tree.model.node(row).key == key)
    return index


@pytest.fixture
def inspector(qtbot: QtBot) -> Iterator[Inspector]:
    """A shown inspector."""
    executor = ThreadPoolExecutor(1)
    panel = Inspector(Reads(executor))
    qtbot.addWidget(panel)
    panel.resize(460, 700)
    panel.show()
    yield panel
    executor.shutdown()


def test_tabs_are_there_for_what_the_span_has(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    assert inspector.tab_names == ["Conversation", "Attributes 7", "Events 1", "Links 1", "Resource", "Scope", "Raw"]
    inspector.show_detail(detail_of(telemetry, ROOT), START)
    assert inspector.tab_names == ["Attributes 1", "Resource", "Scope", "Raw"]


def test_exceptions_come_first_and_are_shown_whole(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, TOOL), START)
    assert inspector.tab_names[0] == "Exceptions 1"
    assert inspector.tabs.currentWidget() is inspector.exceptions
    shown = inspector.exceptions
    assert (shown.type.text(), shown.message.text(), shown.stack.text) == (
        "shop.PolicyError",
        "quota",
        "line 1\nline 2",
    )
    assert (inspector.failed.text, inspector.status.text()) == ("failed", "refused")
    QTest.mouseClick(find(shown, Role.Button, "Copy type, message and stack"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "shop.PolicyError: quota\nline 1\nline 2"


def test_the_tab_that_was_chosen_stays_on_other_spans(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    inspector.tabs.setCurrentWidget(inspector.raw)
    inspector.show_detail(detail_of(telemetry, TOOL), START)
    assert inspector.tabs.currentWidget() is inspector.raw
    assert json.loads(inspector.raw.text)["name"] == "CheckPolicy"


def test_attributes_have_key_value_and_type_and_unfold_json(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    inspector.tabs.setCurrentWidget(inspector.attributes)
    model = inspector.attributes.tree.model
    rows = {
        model.index(row, 0).data(): (model.index(row, 1).data(), model.index(row, 2).data())
        for row in range(model.rowCount())
    }
    assert rows["gen_ai.usage.input_tokens"] == ("1888", "int")
    assert rows["temperature"] == ("1.0", "double")
    assert rows["gen_ai.input.messages"] == ("[ 1 item ]", "string")
    messages = next(model.index(row, 0) for row in range(model.rowCount()) if "messages" in model.index(row, 0).data())
    assert model.hasChildren(messages)


def test_the_filter_narrows_and_json_shows_strings_unfolded(
    telemetry: StoredTelemetry, inspector: Inspector, qtbot: QtBot
) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    attributes = inspector.attributes
    inspector.tabs.setCurrentWidget(attributes)
    QTest.keyClicks(attributes.tree.filter, "1042")
    qtbot.waitUntil(lambda: attributes.tree.model.rowCount() == 1)
    QTest.mouseClick(find(attributes, Role.CheckBox, "Attributes as: JSON"), Qt.MouseButton.LeftButton)
    assert json.loads(attributes.json.text)["gen_ai.input.messages"] == json.loads(MESSAGES)
    QTest.mouseClick(find(attributes, Role.Button, "Copy everything as JSON"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == attributes.json.text


def test_a_long_value_is_shown_whole_below_and_copied(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    huge = "A" * 1_000_000
    telemetry.add(trace_request(part("big", ROOT, b"", 0, 1, attributes={"huge": huge})))
    inspector.show_detail(detail_of(telemetry, ROOT), START)
    tree = inspector.attributes.tree
    assert tree.model.index(0, 2).data() == "1.0 MB string"
    tree.view.setCurrentIndex(tree.model.index(0, 0))
    pane = inspector.attributes.pane
    assert pane.isVisible()
    QTest.keyClick(find(pane, Role.Button, "Copy the whole value"), Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == huge


def test_events_tell_their_time_from_the_start_and_by_the_clock(
    telemetry: StoredTelemetry, inspector: Inspector
) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    inspector.tabs.setCurrentWidget(inspector.events)
    rows = inspector.events.list.rows
    assert (rows.index(0, 0).data(), rows.index(0, 1).data()) == ("+50 ms", "first_token")
    assert "50,000,000 ns" in rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert inspector.events.attributes.tree.value == {"index": 0}


@pytest.mark.parametrize(
    ("tab", "path", "wanted"),
    [
        ("attributes", ("gen_ai.request.model",), ["gen_ai.request.model = gpt-4o", "gen_ai.request.model exists"]),
        ("attributes", ("temperature",), ['"temperature" = 1.0', '"temperature" exists']),
        ("attributes", ("gen_ai.input.messages", 0, "role"), ["gen_ai.input.messages:user"]),
        ("attributes", ("gen_ai.input.messages", 0), []),
        ("resource", ("service.version",), ["resource.service.version = 1.4.2", "resource.service.version exists"]),
        ("events", ("index",), ["event.index = 0", "event.index exists"]),
    ],
)
def test_traces_are_found_by_a_value_and_by_its_absence(
    telemetry: StoredTelemetry,
    inspector: Inspector,
    qtbot: QtBot,
    tab: str,
    path: tuple[str | int, ...],
    wanted: list[str],
) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    page = {"attributes": inspector.attributes, "resource": inspector.resource, "events": inspector.events}[tab]
    inspector.tabs.setCurrentWidget(page)
    tree = {"events": inspector.events.attributes.tree, "resource": inspector.resource.tree}.get(
        tab, inspector.attributes.tree
    )
    tree.view.setCurrentIndex(_index_of(tree, path))
    texts = [plain(action.text()) for action in tree.build_menu().actions()]
    assert [text for text in texts if text.startswith("Find")] == [
        f"Find traces {words} {term}" for term in wanted for words in ("with", "without")
    ]
    if wanted:
        found = next(
            action for action in tree.build_menu().actions() if action.text().startswith("Find traces without")
        )
        with qtbot.waitSignal(inspector.term_asked) as asked:
            found.trigger()
        assert asked.args == [f"-{wanted[0]}"]


def test_traces_are_found_by_what_a_span_is(telemetry: StoredTelemetry, inspector: Inspector, qtbot: QtBot) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    inspector.tabs.setCurrentWidget(inspector.events)
    texts = [plain(action.text()) for action in inspector.build_find_menu().actions()]
    for term in ("event.name = first_token", 'name = "chat gpt-4o"', "type = llm", "service = shop", "model = gpt-4o"):
        assert f"Find traces with {term}" in texts
        assert f"Find traces without {term}" in texts
    service = next(fact for fact in inspector.facts.facts if fact.label == "Service")
    with qtbot.waitSignal(inspector.term_asked) as asked:
        inspector.facts.build_menu(service).actions()[0].trigger()
    assert asked.args == ["service = shop"]


def test_a_link_to_a_trace_that_is_not_here_says_so(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    inspector.tabs.setCurrentWidget(inspector.links)
    assert not inspector.links.go.isEnabled()
    assert inspector.links.go.toolTip() == "That trace is not stored here"


def test_resource_and_scope_are_shown(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    inspector.show_detail(detail_of(telemetry, MODEL), START)
    inspector.tabs.setCurrentWidget(inspector.resource)
    assert inspector.resource.tree.value == {"service.name": "shop", "service.version": "1.4.2"}
    inspector.tabs.setCurrentWidget(inspector.scope)
    assert inspector.scope.tree.value["name"] == "tests"


def test_facts_tell_times_model_tokens_and_ids(telemetry: StoredTelemetry) -> None:
    add_sample(telemetry)
    facts = {fact.label: fact for fact in span_facts(detail_of(telemetry, MODEL).span, START)}
    assert facts["Duration"].value == "300 ms"
    assert facts["After"].value == "+100 ms"
    assert str(START + 100 * MS) in facts["Started"].tooltip
    assert facts["Model"].value == "openai · gpt-4o"
    assert facts["Tokens"].value == "1,888 in · 214 out"
    assert facts["Parent"].value == ROOT.hex()


def test_a_span_without_times_says_so_in_its_facts(telemetry: StoredTelemetry) -> None:
    untimed = part("untimed", ROOT, b"", 0, 0)
    untimed.start_time_unix_nano = untimed.end_time_unix_nano = 0
    telemetry.add(trace_request(untimed))
    facts = {fact.label: fact.value for fact in span_facts(detail_of(telemetry, ROOT).span, 0)}
    assert facts["Started"] == "no start time"


def test_every_control_of_every_tab_has_a_name(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    add_sample(telemetry)
    for span_id in (MODEL, TOOL):
        inspector.show_detail(detail_of(telemetry, span_id), START)
        for place in range(inspector.tabs.count()):
            inspector.tabs.setCurrentIndex(place)
            assert unnamed_controls(inspector) == []


@pytest.mark.parametrize(
    ("value", "type_", "title"),
    [
        (None, "empty", "empty"),
        (True, "bool", "bool"),
        (7, "int", "int"),
        (1.0, "double", "double"),
        ("text", "string", "string · 4 characters"),
        ("é" * 2_000, "4.0 KB string", "string · 2,000 characters"),
        ([1], "array", "array · 1 items"),
        ({"a": 1}, "kvlist", "kvlist · 1 keys"),
        ({"bytesValue": "AA=="}, "bytes", "bytes"),
        ({"doubleValue": "NaN"}, "double", "double"),
        ({}, "kvlist", "kvlist · 0 keys"),
    ],
)
def test_a_value_s_type_is_the_one_that_was_sent(value: object, type_: str, title: str) -> None:
    assert (type_text(value), value_title(value)) == (type_, title)


def test_json_inside_json_inside_a_string_is_unfolded_and_plain_text_is_not() -> None:
    inner = json.dumps({"deep": json.dumps([1, 2])})
    assert json.loads(unfolded_json({"outer": inner, "text": "{not json"})) == {
        "outer": {"deep": [1, 2]},
        "text": "{not json",
    }
    assert whole_text("{not json") == ("{not json", "text")
    assert whole_text("[1]") == ("[\n  1\n]", "json")


def test_a_bottomless_string_of_json_is_unfolded_only_so_far() -> None:
    value = "[1]"
    for _ in range(12):
        value = json.dumps([value])
    assert unfolded_json(value)


@pytest.mark.parametrize("inside", ["[1e400]", '["\\ud800"]', "[123456789012345678901234567890]", "[NaN]"])
def test_json_that_is_odd_can_be_shown(inside: str) -> None:
    assert json_text(json.loads(inside)).split() == unfolded_json(inside).split()
    assert whole_text(inside)[1] in ("json", "text")


@pytest.mark.parametrize("depth", [50, 300, 900])
def test_json_as_deep_as_a_string_can_hold_it_is_shown(depth: int) -> None:
    bottomless = "[" * depth + "1" + "]" * depth
    assert "1" in unfolded_json({"deep": bottomless})
    assert "1" in whole_text(bottomless)[0]


def test_a_span_without_attributes_says_so(telemetry: StoredTelemetry, inspector: Inspector) -> None:
    telemetry.add(trace_request(part("plain", ROOT, b"", 0, 10)))
    inspector.show_detail(detail_of(telemetry, ROOT), START)
    assert inspector.attributes.empty.isVisible()
    assert inspector.attributes.empty.sentence == "No attributes."
    inspector.tabs.setCurrentWidget(inspector.resource)
    assert not inspector.resource.empty.isVisible()


def test_the_width_of_keys_is_remembered(inspector: Inspector, tmp_path: Path) -> None:
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    inspector.attributes.tree.set_key_width(333)
    inspector.save_state(state)
    inspector.attributes.tree.set_key_width(100)
    inspector.restore_state(state)
    assert inspector.attributes.tree.key_width == 333
    assert inspector.resource.tree.key_width != 333

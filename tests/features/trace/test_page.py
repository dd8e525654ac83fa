"""The Trace page on a real store: opening, growing, finding, going on, and going elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenPage, OpenTrace, OpenTraces
from junjo_desktop.shell.workbench import Workbench
from tests.features.trace.row_hands import is_open, line_of, seen, top_of_current
from tests.features.trace.sample_trace import (
    MODEL,
    MS,
    ORPHAN,
    ROOT,
    START,
    TOOL,
    TRACE,
    add_sample,
    children,
    part,
    root,
)
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.qt import Role, find, unnamed_controls
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>bold</b>\r\n\x00\u202e🎉 שלום " + "x" * 10_000


@pytest.fixture
def opened(bench: Workbench) -> list[object]:
    """Collects the destinations the page asks for."""
    places: list[object] = []

    def navigate(destination: object) -> bool:
        places.append(destination)
        return True

    bench.connect_shell(navigate, lambda error: pytest.fail(f"reported: {error}"))
    return places


def show(page: TracePage, qtbot: QtBot, trace: str, span_id: bytes | None = None) -> None:
    page.show_destination(OpenTrace(trace, span_id.hex() if span_id else None))
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None)


def outline(page: TracePage) -> list[str]:
    """The names that can be seen, indented."""
    return seen(page.view.waterfall)


def test_a_trace_opens_unfolded_with_its_first_span_selected(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    show(page, qtbot, add_sample(telemetry))
    assert outline(page) == ["handle_message", ".chat gpt-4o", ".CheckPolicy", "late child"]
    assert page.view.waterfall.selected_span == ROOT.hex()
    assert page.header.tag_words == ["1 failure", "1 parent missing"]
    facts = {fact.label: fact.value for fact in page.facts.facts}
    assert (facts["Duration"], facts["Spans"], facts["Tokens"]) == ("1.00 s", "4", "1,888 in · 214 out")


def test_a_destination_names_the_span_to_select(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    trace = add_sample(telemetry)
    show(page, qtbot, trace, TOOL)
    assert page.view.waterfall.selected_span == TOOL.hex()
    page.show_destination(OpenTrace(trace, MODEL.hex()))
    assert page.view.waterfall.selected_span == MODEL.hex()


def test_a_trace_that_is_not_stored_says_so_and_appears_when_it_comes(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, opened: list[object]
) -> None:
    page.show_destination(OpenTrace(TRACE.hex()))
    qtbot.waitUntil(page.absent.isVisible)
    qtbot.waitUntil(lambda: "is not stored here" in page.absent.sentence)
    QTest.mouseClick(find(page, Role.Button, "Show traces"), Qt.MouseButton.LeftButton)
    assert opened == [OpenPage("traces")]
    add_sample(telemetry)
    qtbot.waitUntil(page.view.isVisible)


def test_a_running_trace_grows_and_keeps_selection_folds_and_place(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    page.resize(1200, 320)
    early = [part(f"step {number:02}", span_id(0x5000 + number), ROOT, number * 10, 5) for number in range(60)]
    below = part("below", span_id(0x6000), early[50].span_id, 501, 1)
    telemetry.add(trace_request(*early, below))
    show(page, qtbot, TRACE.hex(), early[40].span_id)
    waterfall = page.view.waterfall
    waterfall.set_open(line_of(waterfall, early[50].span_id.hex()), False)
    waterfall.verticalScrollBar().setValue(waterfall.verticalScrollBar().value() + 70)
    place = top_of_current(waterfall)
    assert page.header.tag_words[0] == "running"

    more = part("under a known span", span_id(0x6001), early[10].span_id, 101, 1)
    telemetry.add(trace_request(root(), more, *children()))
    qtbot.waitUntil(lambda: waterfall.outline.line_of(ROOT.hex()) is not None)

    assert waterfall.selected_span == early[40].span_id.hex()
    assert top_of_current(waterfall) == place
    assert not is_open(waterfall, early[50].span_id.hex())
    assert is_open(waterfall, early[10].span_id.hex())
    assert outline(page)[:2] == ["handle_message", ".step 00"]
    assert page.header.tag_words == ["1 failure", "1 parent missing"]


def test_a_zoomed_part_stays_when_the_trace_grows(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    telemetry.add(trace_request(*children()))
    show(page, qtbot, TRACE.hex())
    zoom = page.view.zoom
    zoom.show(zoom.window.shown(START + 200 * MS, START + 300 * MS))
    before = (zoom.window.start_ns, zoom.window.end_ns)
    telemetry.add(trace_request(root(), part("last", span_id(0x7000), ROOT, 5_000, 10)))
    qtbot.waitUntil(lambda: page.view.tree.end_ns == START + 5_010 * MS)
    assert (zoom.window.start_ns, zoom.window.end_ns) == before


def test_a_selected_span_that_arrives_again_is_shown_anew(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    show(page, qtbot, add_sample(telemetry), MODEL)
    telemetry.add(trace_request(part("chat, renamed", MODEL, ROOT, 100, 300)))
    qtbot.waitUntil(lambda: page.view.inspector.title.text() == "chat, renamed")
    assert "1 replaced" in page.header.tag_words


def test_e_goes_through_the_failures_and_round(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    telemetry.add(trace_request(part("also failed", span_id(0x8000), ROOT, 850, 5, error="x")))
    show(page, qtbot, add_sample(telemetry))
    visited = []
    for _ in range(3):
        page.view.next_failure()
        visited.append(page.view.waterfall.selected_span)
    page.view.previous_failure()
    visited.append(page.view.waterfall.selected_span)
    first, second = TOOL.hex(), span_id(0x8000).hex()
    assert visited == [first, second, first, second]


def test_a_failure_under_a_folded_span_is_unfolded(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show(page, qtbot, add_sample(telemetry))
    page.view.waterfall.fold_all()
    page.view.next_failure()
    assert ".CheckPolicy" in outline(page)


def test_find_counts_selects_and_steps_through_matches(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    show(page, qtbot, add_sample(telemetry))
    finder = page.header.finder
    finder.field.setFocus()
    QTest.keyClicks(finder.field, "ch")
    qtbot.waitUntil(lambda: finder.count.text() == "1 of 3")
    assert page.view.waterfall.selected_span == MODEL.hex()
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert (page.view.waterfall.selected_span, finder.count.text()) == (TOOL.hex(), "2 of 3")
    QTest.keyClick(finder.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(finder.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (page.view.waterfall.selected_span, finder.count.text()) == (ORPHAN.hex(), "3 of 3")
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: finder.count.text() == "")
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    assert page.view.waterfall.hasFocus()


def test_find_says_when_there_is_nothing(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show(page, qtbot, add_sample(telemetry))
    QTest.keyClicks(page.header.finder.field, "nowhere")
    qtbot.waitUntil(lambda: page.header.finder.count.text() == "none")


def test_the_tree_is_walked_and_folded_by_keys(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show(page, qtbot, add_sample(telemetry))
    waterfall = page.view.waterfall
    QTest.keyClick(waterfall, Qt.Key.Key_Left)
    assert outline(page) == ["handle_message", "late child"]
    QTest.keyClick(waterfall, Qt.Key.Key_Right)
    QTest.keyClick(waterfall, Qt.Key.Key_Down)
    assert waterfall.selected_span == MODEL.hex()
    qtbot.waitUntil(lambda: page.view.inspector.title.text() == "chat gpt-4o")


def test_the_breadcrumb_leads_back(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, opened: list[object]
) -> None:
    show(page, qtbot, add_sample(telemetry))
    QTest.mouseClick(find(page.header, Role.Button, "Traces of shop"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(find(page.header, Role.Button, "Traces"), Qt.MouseButton.LeftButton)
    assert opened == [OpenTraces(service="shop"), OpenPage("traces")]


def test_a_link_opens_the_linked_span_when_it_is_stored(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, opened: list[object]
) -> None:
    telemetry.add(trace_request(span("linked", trace=trace_id(0xDEF), id=span_id(0x2000))))
    show(page, qtbot, add_sample(telemetry), MODEL)
    page.view.inspector.tabs.setCurrentWidget(page.view.inspector.links)
    QTest.mouseClick(page.view.inspector.links.go, Qt.MouseButton.LeftButton)
    assert opened == [OpenTrace(trace_id(0xDEF).hex(), span_id(0x2000).hex())]


def test_ids_are_copied_by_commands(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show(page, qtbot, add_sample(telemetry), MODEL)
    commands = {command.id: command for command in page.commands()}
    commands["trace.copy_span"].run()
    assert QGuiApplication.clipboard().text() == MODEL.hex()
    commands["trace.copy_trace"].run()
    assert QGuiApplication.clipboard().text() == TRACE.hex()


def test_hostile_telemetry_is_shown_as_text(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    hostile = part(HOSTILE, ROOT, b"", 0, 100, attributes={HOSTILE: HOSTILE, "huge": "A" * 1_000_000}, error=HOSTILE)
    telemetry.add(trace_request(hostile, service=HOSTILE))
    show(page, qtbot, TRACE.hex())
    assert page.view.inspector.title.text().startswith("<b>bold</b>⏎")
    assert "\u202e" not in page.header.service.text()
    page.grab()
    assert page.minimumSizeHint().width() < 1200


def test_splitter_and_columns_are_kept(bench: Workbench, page: TracePage, pages: list[QWidget], tmp_path: Path) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.view.waterfall.header().resizeSection(0, 444)
    page.save_state(state)
    other = TracePage(bench)
    pages.append(other)
    other.restore_state(state)
    assert other.view.waterfall.name_width == 444


def test_every_control_has_a_name(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show(page, qtbot, add_sample(telemetry), TOOL)
    assert unnamed_controls(page) == []


def test_every_command_has_its_own_key(page: TracePage) -> None:
    keys = [command.shortcut for command in page.commands() if command.shortcut]
    assert len(set(keys)) == len(keys)


def test_enter_leads_from_the_span_to_its_values_and_escape_back(
    page: TracePage, telemetry: StoredTelemetry, qtbot: QtBot
) -> None:
    show(page, qtbot, add_sample(telemetry), MODEL)
    page.view.inspector.tabs.setCurrentWidget(page.view.inspector.attributes)
    page.view.waterfall.setFocus()
    QTest.keyClick(page.view.waterfall, Qt.Key.Key_Return)
    values = page.view.inspector.attributes.tree.view
    qtbot.waitUntil(values.hasFocus)
    commands = {command.id: command for command in page.commands()}
    commands["trace.copy_span"].run()
    first = next(iter(page.view.inspector.attributes.tree.value.values()))
    assert QGuiApplication.clipboard().text() == str(first)
    QTest.keyClick(values, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.view.waterfall.hasFocus)
    commands["trace.copy_span"].run()
    assert QGuiApplication.clipboard().text() == MODEL.hex()

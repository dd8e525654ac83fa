"""Spans gone through one after the other: those of a count, of a group, of a box that joins them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from tests.features.trace.lens_hands import add_repeated, run, selected, show, statistics_of
from tests.features.trace.sample_trace import ORPHAN, ROOT, TOOL, TRACE, add_sample, children, part, root
from tests.support.otlp import span_id, trace_request
from tests.support.qt import press
from tests.support.stored import StoredTelemetry


def test_spans_with_the_same_names_above_them_are_joined_and_gone_through(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_repeated(telemetry))
    lenses.show_lens(Lens.FLAME)
    run(page, "trace.flame_order")
    canvas = lenses.flame.canvas
    qtbot.waitUntil(lambda: canvas.flame is not None)
    assert canvas.flame is not None
    assert [len(members) for members in canvas.flame.members] == [1, 12]
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert (lenses.trail.words, lenses.trail.place, len(lenses.trail)) == ("embed", 1, 12)
    run(page, "trace.trail_next")
    assert selected(lenses) == span_id(0x2001).hex()
    run(page, "trace.trail_back")
    run(page, "trace.trail_back")
    assert selected(lenses) == span_id(0x200B).hex()


def test_enter_in_the_statistics_goes_through_a_group(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = statistics_of(show(page, qtbot, add_repeated(telemetry)), qtbot, 2)
    lenses.statistics.table.select_id("embed")
    assert selected(lenses) == span_id(0x2000).hex()
    for _ in range(2):
        QTest.keyClick(lenses.statistics.table.view, Qt.Key.Key_Return)
    assert (selected(lenses), lenses.trail_bar.count.text()) == (span_id(0x2002).hex(), "3 of 12")
    press(page, "Leave these spans")
    assert not lenses.trail_bar.isVisible()


def test_counts_of_the_header_lead_to_the_spans_concerned(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    second_root = part("second root", span_id(0x3000), b"", 0, 10)
    second_root.dropped_attributes_count = 4
    early = part("early", span_id(0x3001), ROOT, -500, 10)
    telemetry.add(trace_request(root(), *children(), second_root, early))
    lenses = show(page, qtbot, TRACE.hex())
    wanted = {
        "1 failure": [TOOL],
        "2 roots": [ROOT, span_id(0x3000)],
        "1 parent missing": [ORPHAN],
        "1 outside its parent": [span_id(0x3001)],
        "4 items dropped": [span_id(0x3000)],
    }
    assert page.header.tag_words == list(wanted)
    page.resize(2400, 700)
    qtbot.waitUntil(lambda: not page.header.tags.rest)
    for words, ids in wanted.items():
        press(page, words)
        assert len(lenses.trail) == len(ids)
        found = {selected(lenses)}
        for _ in ids[1:]:
            run(page, "trace.trail_next")
            found.add(selected(lenses))
        assert found == {one.hex() for one in ids}


def test_spans_that_are_gone_through_become_more_while_the_trace_grows(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    press(page, "1 failure")
    telemetry.add(trace_request(part("also failed", span_id(0x4000), ROOT, 900, 5, error="again")))
    qtbot.waitUntil(lambda: lenses.trail_bar.count.text() == "1 of 2")
    assert (lenses.trail_bar.words.text(), selected(lenses)) == ("Failures", TOOL.hex())
    run(page, "trace.trail_next")
    assert lenses.waterfall.selected_span == span_id(0x4000).hex()


def test_tags_without_room_are_in_a_menu(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    second_root = part("second root", span_id(0x3000), b"", 0, 10)
    telemetry.add(trace_request(root(), *children(), second_root, part("early", span_id(0x3001), ROOT, -500, 10)))
    lenses = show(page, qtbot, TRACE.hex())
    page.resize(820, 600)
    strip = page.header.tags
    qtbot.waitUntil(lambda: len(strip.rest) > 0)
    menu = strip.menu()
    actions = {action.text(): action for action in menu.actions()}
    actions["1 outside its parent"].trigger()
    menu.deleteLater()
    assert selected(lenses) == span_id(0x3001).hex()

"""The lens Logs: records in order of time, one selection with the spans, filters, and what has no span."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.lenses import Lenses
from junjo_desktop.features.trace.logs.lens import LogsLens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.store.trace_logs import LogLine
from tests.features.trace.lens_hands import run, show
from tests.features.trace.sample_logs import ERROR, add_logs, record
from tests.features.trace.sample_trace import MODEL, ROOT, TOOL, TRACE, add_sample, root
from tests.support import otlp
from tests.support.hands import button, nameless, rich_labels, write
from tests.support.stored import StoredTelemetry

BODIES = [
    "message received",
    "calling gpt-4o",
    "scheduler woke up",
    "from a span that never came",
    "retrying once",
    "policy refused",
]


def shown(lens: LogsLens, key: str = "record") -> list[str]:
    """The texts of a column, of rows that are there."""
    table = lens.table
    column = next(column for column in table.model.columns if column.key == key)
    rows = (table.model.row_at(row) for row in range(table.model.rowCount()))
    return [column.text(row) for row in rows if isinstance(row, LogLine)]


@pytest.fixture
def lenses(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> Lenses:
    """The sample trace with its records, seen through the lens Logs."""
    add_logs(telemetry)
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.LOGS)
    lenses.take_focus()
    qtbot.waitUntil(lambda: shown(lenses.logs) == BODIES and lenses.logs.record.record is not None)
    return lenses


def said(lens: LogsLens) -> str:
    record = lens.record.record
    return "" if record is None else record.body_text


def test_records_stand_in_the_order_of_time_with_their_spans(lenses: Lenses) -> None:
    assert shown(lenses.logs, "after") == ["+1.0 ms", "+105 ms", "+300 ms", "+400 ms", "+600 ms", "+690 ms"]
    assert shown(lenses.logs, "severity") == ["info", "info", "info", "info", "warn", "error"]
    assert shown(lenses.logs, "span") == [
        "handle_message",
        "chat gpt-4o",
        "no span",
        "span not arrived",
        "CheckPolicy",
        "CheckPolicy",
    ]
    assert lenses.logs.note.text() == "1 record names no span · 1 record is of spans that have not arrived"
    assert lenses.bar.lenses.button("logs").text() == "Logs 6"


def test_a_record_selects_its_span_and_is_shown_whole(lenses: Lenses, page: TracePage, qtbot: QtBot) -> None:
    view = lenses.logs.table.view
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert lenses.waterfall.selected_span == MODEL.hex()
    qtbot.waitUntil(lambda: said(lenses.logs) == "calling gpt-4o")
    QTest.keyClick(view, Qt.Key.Key_End)
    assert lenses.waterfall.selected_span == TOOL.hex()
    qtbot.waitUntil(lambda: lenses.logs.record.body.text == "policy refused\nquota of 3 is used up")
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert lenses.logs.record.isAncestorOf(page.focusWidget())
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert page.focusWidget() is view


def test_records_without_a_stored_span_leave_the_selection(lenses: Lenses, qtbot: QtBot) -> None:
    lenses.waterfall.select_span(MODEL.hex())
    qtbot.waitUntil(lambda: said(lenses.logs) == "calling gpt-4o")
    QTest.keyClick(lenses.logs.table.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: said(lenses.logs) == "scheduler woke up")
    QTest.keyClick(lenses.logs.table.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: said(lenses.logs) == "from a span that never came")
    assert lenses.waterfall.selected_span == MODEL.hex()


def test_a_selected_span_marks_its_records_and_leads_to_the_first(lenses: Lenses, qtbot: QtBot) -> None:
    lenses.waterfall.select_span(TOOL.hex())
    qtbot.waitUntil(lambda: said(lenses.logs) == "retrying once")
    assert shown(lenses.logs, "of_selected") == ["", "", "", "", "selected", "selected"]
    QTest.keyClick(lenses.logs.table.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: said(lenses.logs).startswith("policy refused"))
    assert lenses.waterfall.selected_span == TOOL.hex()


def test_the_lens_can_show_only_the_records_of_the_selected_span(lenses: Lenses, page: TracePage, qtbot: QtBot) -> None:
    lenses.waterfall.select_span(TOOL.hex())
    run(page, "trace.logs_of_span")
    qtbot.waitUntil(lambda: shown(lenses.logs) == ["retrying once", "policy refused"])
    lenses.waterfall.select_span(ROOT.hex())
    qtbot.waitUntil(lambda: shown(lenses.logs) == ["message received"])
    run(page, "trace.logs_of_span")
    qtbot.waitUntil(lambda: shown(lenses.logs) == BODIES)


def test_records_are_filtered_by_severity_and_text_and_the_filter_can_be_undone(lenses: Lenses, qtbot: QtBot) -> None:
    controls = lenses.logs.controls
    controls.least.setCurrentIndex(controls.least.findText("Warnings and errors"))
    qtbot.waitUntil(lambda: shown(lenses.logs) == ["retrying once", "policy refused"])
    write(controls.text, "quota", enter=True)
    qtbot.waitUntil(lambda: shown(lenses.logs) == ["policy refused"])
    write(controls.text, "nowhere", enter=True)
    qtbot.waitUntil(lenses.logs.table.empty_state.isVisible)
    assert lenses.logs.table.empty_state.sentence == "No log record of this trace matches."
    button(lenses.logs.table.empty_state, "Show all records").click()
    qtbot.waitUntil(lambda: shown(lenses.logs) == BODIES)


def test_the_order_of_time_can_be_turned(lenses: Lenses, qtbot: QtBot) -> None:
    lenses.logs.table.sort_requested.emit("after", True)
    qtbot.waitUntil(lambda: shown(lenses.logs) == BODIES[::-1])


def test_the_next_failure_is_the_next_error_among_the_records(
    lenses: Lenses, page: TracePage, telemetry: StoredTelemetry, qtbot: QtBot
) -> None:
    telemetry.add(otlp.log_request(record("early trouble", MODEL, 120, ERROR)))
    qtbot.waitUntil(lambda: lenses.logs.table.model.rowCount() == 7)
    found: list[str] = []
    for command in ("next", "next", "next", "previous"):
        run(page, f"trace.{command}_failure")
        qtbot.waitUntil(lambda: said(lenses.logs) not in {*found[-1:], "message received"})
        found.append(said(lenses.logs))
    assert [body.split("\n")[0] for body in found] == [
        "early trouble",
        "policy refused",
        "early trouble",
        "policy refused",
    ]
    assert lenses.waterfall.selected_span == TOOL.hex()


def test_records_that_arrive_are_shown_and_counted_without_moving_what_is_read(
    lenses: Lenses, telemetry: StoredTelemetry, qtbot: QtBot
) -> None:
    lenses.waterfall.select_span(TOOL.hex())
    qtbot.waitUntil(lambda: said(lenses.logs) == "retrying once")
    telemetry.add(otlp.log_request(record("very first", ROOT, 0)))
    qtbot.waitUntil(lambda: shown(lenses.logs) == ["very first", *BODIES])
    assert said(lenses.logs) == "retrying once"
    assert lenses.logs.table.view.currentIndex().row() == 5
    lenses.show_lens(Lens.WATERFALL)
    telemetry.add(otlp.log_request(record("out of sight", ROOT, 2)))
    qtbot.waitUntil(lambda: lenses.bar.lenses.button("logs").text() == "Logs 8")
    lenses.show_lens(Lens.LOGS)
    qtbot.waitUntil(lambda: len(shown(lenses.logs)) == 8)


def test_nothing_is_read_before_the_lens_is_looked_at(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    add_logs(telemetry)
    lenses = show(page, qtbot, add_sample(telemetry))
    qtbot.waitUntil(lambda: lenses.bar.lenses.button("logs").text() == "Logs 6")
    assert (lenses.logs.table.model.rowCount(), lenses.logs.table.is_loading) == (0, False)


def test_a_trace_without_records_says_how_they_come(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.LOGS)
    qtbot.waitUntil(lambda: lenses.logs.table.empty_state.sentence.startswith("No log records of this trace"))
    with qtbot.waitSignal(lenses.help_asked):
        button(lenses.logs.table.empty_state, "How to send them").click()
    assert lenses.bar.lenses.button("logs").text() == "Logs"


def test_another_trace_shows_its_own_records(
    lenses: Lenses, telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    other = otlp.trace_id(0xDDD)
    spans = otlp.trace_request(otlp.span("other", trace=other))
    telemetry.add(spans, otlp.log_request(otlp.log("elsewhere", trace=other, time_ns=1)))
    page.show_destination(OpenTrace(other.hex()))
    qtbot.waitUntil(lambda: shown(lenses.logs) == ["elsewhere"])
    assert lenses.logs.record.record is None or said(lenses.logs) == "elsewhere"


def test_what_was_chosen_is_kept(lenses: Lenses, page: TracePage, tmp_path: Path) -> None:
    lenses.logs.controls.least.setCurrentIndex(3)
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    lenses.logs.controls.least.setCurrentIndex(0)
    lenses.show_lens(Lens.WATERFALL)
    page.restore_state(state)
    assert (lenses.lens, lenses.logs.controls.least.currentIndex()) == (Lens.LOGS, 3)


def test_hostile_records_are_text_and_every_control_has_a_name(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    hostile = "<b>bold</b>\r\n\x00\u202e🎉 שלום " + "x" * 10_000
    telemetry.add(
        otlp.trace_request(root()),
        otlp.log_request(otlp.log(hostile, trace=TRACE, event=hostile, severity_text=hostile)),
    )
    lenses = show(page, qtbot, TRACE.hex())
    lenses.show_lens(Lens.LOGS)
    qtbot.waitUntil(lambda: lenses.logs.table.model.rowCount() == 1)
    lenses.logs.table.view.selectRow(0)
    qtbot.waitUntil(lambda: lenses.logs.record.record is not None)
    assert rich_labels(lenses) == []
    assert nameless(lenses) == []
    assert "\x00" not in lenses.logs.table.model.display_text(0, lenses.logs.table.model.columns[-1])

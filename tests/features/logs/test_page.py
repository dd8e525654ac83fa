"""The Logs page on a real store: what is shown, what narrows it, and where a record leads."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.logs.filters import LogFilter, Sort, SortBy
from junjo_desktop.features.logs.page import LogsPage
from junjo_desktop.shell.destinations import AddToQuery, OpenLogs, OpenPage, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.time_range import TimeRange
from junjo_desktop.widgets.window_dialog import WindowDialog
from tests.support.otlp import Value, log, log_request, span, span_id, trace_id, trace_request
from tests.support.qt import press, unnamed_controls
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells, wait_for_cells

NS = 1_790_000_000_000_000_000
INFO, ERROR = SeverityNumber.SEVERITY_NUMBER_INFO, SeverityNumber.SEVERITY_NUMBER_ERROR


def add(
    telemetry: StoredTelemetry,
    number: int,
    body: Value = "said",
    *,
    severity: SeverityNumber.ValueType = INFO,
    in_trace: int | None = None,
    service: str = "shop",
) -> None:
    """Store a record that was written `number` ns after `NS`, in the span and the trace of a number when given."""
    trace, of_span = (b"", b"") if in_trace is None else (trace_id(in_trace), span_id(in_trace))
    record = log(body, time_ns=NS + number, severity=severity, trace=trace, span=of_span)
    telemetry.add(log_request(record, service=service))


def wait_for_bodies(qtbot: QtBot, page: LogsPage, wanted: list[str]) -> None:
    wait_for_cells(qtbot, page.table, SortBy.BODY, wanted)


def select(page: LogsPage, row: int) -> None:
    page.table.setFocus()
    page.table.view.selectRow(row)


def test_an_empty_store_says_what_to_do_and_leads_there(page: LogsPage, qtbot: QtBot, places: list[object]) -> None:
    qtbot.waitUntil(page.table.empty_state.isVisible)
    assert page.table.empty_state.sentence.startswith("No log records yet.")
    assert page.bars.isHidden()
    press(page, "Show how to connect")
    assert places == [OpenPage("connect")]


def test_new_records_slide_in_with_their_first_line_and_severity(
    telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "\n  first line  \nsecond")
    wait_for_bodies(qtbot, page, ["first line"])
    add(telemetry, 2, {"a": 1}, severity=ERROR, in_trace=3)
    wait_for_bodies(qtbot, page, ['{"a":1}', "first line"])
    assert cells(page.table, SortBy.SEVERITY) == ["error", "info"]
    assert cells(page.table, SortBy.TRACE_ID) == [trace_id(3).hex()[:8], "no trace"]
    assert page.bars.caption.startswith("2 records · 1 error")


def test_enter_shows_the_record_whole_and_leads_to_its_span(
    telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot, places: list[object]
) -> None:
    telemetry.add(trace_request(span("checkout", trace=trace_id(1), id=span_id(1), start_ns=NS)))
    add(telemetry, 1, {"order": [1, 2]}, in_trace=1)
    add(telemetry, 2, "alone")
    wait_for_bodies(qtbot, page, ["alone", '{"order":[1,2]}'])
    select(page, 1)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.peek.record.record is not None)
    assert page.peek.origin.text() == "In checkout, in the trace checkout"
    assert '"order"' in page.peek.record.body.editor.toPlainText()
    page.peek.open.click()
    page.open_trace()
    assert places == [OpenTrace(trace_id(1).hex(), span_id(1).hex())] * 2
    select(page, 0)
    qtbot.waitUntil(lambda: page.peek.origin.text() == "Written outside of any trace")
    assert not page.peek.open.isEnabled()
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    assert page.peek.isHidden()


def test_records_are_found_by_an_attribute_of_the_one_that_is_looked_at(
    telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot, places: list[object]
) -> None:
    telemetry.add(log_request(log("brewed", time_ns=NS, attributes={"cup": "blue one"})))
    wait_for_bodies(qtbot, page, ["brewed"])
    select(page, 0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.peek.record.record is not None)
    attributes = page.peek.record.attributes
    page.peek.record.tabs.setCurrentWidget(attributes)
    attributes.tree.view.setCurrentIndex(attributes.tree.model.index(0, 0))
    entries = attributes.tree.build_menu().actions()
    actions = {one.text().replace("\u2068", "").replace("\u2069", ""): one for one in entries}
    actions['Find log records with cup = "blue one"'].trigger()
    assert places == [AddToQuery("logs", 'cup = "blue one"')]
    page.take_term('cup = "blue one"')
    wait_for_bodies(qtbot, page, ["brewed"])


def test_severity_service_and_text_narrow_the_list_and_leave_by_one_press(
    telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "fine")
    add(telemetry, 2, "broken", severity=ERROR)
    add(telemetry, 3, "broken too", severity=ERROR, service="billing")
    wait_for_bodies(qtbot, page, ["broken too", "broken", "fine"])
    page.bar.least.setFocus()
    QTest.keyClick(page.bar.least, Qt.Key.Key_W)
    wait_for_bodies(qtbot, page, ["broken too", "broken"])
    page.bar.search.setFocus()
    QTest.keyClicks(page.bar.search, "service:billing")
    wait_for_bodies(qtbot, page, ["broken too"])
    press(page, "Remove the filter: warn and above")
    press(page, "Remove the condition: \u2068service:billing\u2069")
    wait_for_bodies(qtbot, page, ["broken too", "broken", "fine"])


def test_a_click_on_a_bar_lists_its_time(telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot) -> None:
    for number in range(4):
        add(telemetry, number, f"r{number}")
    qtbot.waitUntil(lambda: page.bars.bar_count == 4)
    plot = page.bars.plot()
    second = QPoint(round(plot.left() + plot.width() * 3 / 8), round(plot.bottom() - 3))
    QTest.mouseClick(page.bars, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, second)
    wait_for_bodies(qtbot, page, ["r1"])
    assert "written " in page.shown_filter.words()["time_range"]


def test_a_destination_lists_the_records_of_a_span(telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot) -> None:
    add(telemetry, 1, "mine", in_trace=1)
    add(telemetry, 2, "other", in_trace=2)
    page.show_destination(OpenLogs(trace_id=trace_id(1).hex(), span_id=span_id(1).hex()))
    wait_for_bodies(qtbot, page, ["mine"])
    page.show_destination(OpenLogs(query="body:other"))
    wait_for_bodies(qtbot, page, ["other"])
    select(page, 0)
    entries = {action.text().partition("\t")[0]: action for action in page.table.menu.build().actions()}
    entries["Only records of this trace"].trigger()
    assert page.shown_filter == LogFilter(trace_id=trace_id(2).hex())
    entries["Copy the body"].trigger()
    assert QGuiApplication.clipboard().text() == "other"


def test_records_have_no_duration_to_ask_for(page: LogsPage) -> None:
    titles = [command.title for command in page.commands()]
    assert "From and to…" in titles
    dialog = WindowDialog(page.shown_filter, page)
    assert (dialog.least.isHidden(), dialog.since.isHidden()) == (True, False)


def test_what_was_chosen_is_there_again_after_a_restart_but_not_texts_and_ids(
    bench: Workbench, page: LogsPage, pages: list[QWidget], tmp_path: Path
) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    hour = TimeRange(last_ns=3_600 * 10**9)
    page.show_filter(LogFilter(service="s", least=Severity.ERROR, time_range=hour, text="x", trace_id="a" * 32))
    page.table.sort_requested.emit(SortBy.SCOPE, False)
    page.peek.record.tabs.setCurrentIndex(2)
    page.save_state(state)
    other = LogsPage(bench)
    pages.append(other)
    other.restore_state(state)
    assert other.shown_filter == LogFilter(service="s", least=Severity.ERROR, time_range=hour)
    assert (other.shown_sort, other.peek.record.tabs.currentIndex()) == (Sort(SortBy.SCOPE, False), 2)


@pytest.mark.parametrize("junk", ['{"least": 7, "time_range": "x"}', "\x00", '["nothing", 1]'])
def test_odd_state_is_ignored(page: LogsPage, tmp_path: Path, junk: str) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    for key in ("filter", "sort", "columns", "split", "part"):
        state.setValue(key, junk)
    page.restore_state(state)
    assert (page.shown_filter, page.shown_sort) == (LogFilter(), Sort())


def test_hostile_text_is_shown_as_text_and_every_control_has_a_name(
    telemetry: StoredTelemetry, page: LogsPage, qtbot: QtBot
) -> None:
    hostile = "<b>bold</b>\x00\u202e🎉" + "x" * 100_000
    add(telemetry, 1, hostile, service=hostile, in_trace=1)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1 and cells(page.table, SortBy.BODY) != [""])
    assert cells(page.table, SortBy.BODY)[0].startswith("<b>bold</b>␀🎉xxx")
    select(page, 0)
    page.open_row(page.table.current_id)
    qtbot.waitUntil(lambda: page.peek.record.record is not None)
    assert page.peek.origin.text() == "Its trace has not arrived, or was deleted"
    page.grab()
    assert unnamed_controls(page) == []
    keys = [command.shortcut for command in page.commands() if command.shortcut]
    assert len(set(keys)) == len(keys)

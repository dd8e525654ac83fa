"""The log records of the selected span in the inspector."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.store.trace_logs import RECORDS_PER_SPAN, read_span_logs
from tests.features.trace.lens_hands import show
from tests.features.trace.sample_logs import add_logs, record
from tests.features.trace.sample_trace import MODEL, ROOT, TOOL, TRACE, add_sample
from tests.support import otlp
from tests.support.hands import texts
from tests.support.stored import StoredTelemetry


def test_the_records_of_the_selected_span_have_a_tab(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    add_logs(telemetry)
    show(page, qtbot, add_sample(telemetry))
    inspector = page.view.inspector
    page.view.waterfall.select_span(TOOL.hex())
    qtbot.waitUntil(lambda: "Logs 2" in inspector.tab_names)
    inspector.tabs.setCurrentWidget(inspector.logs)
    rows, whole = inspector.logs.list, inspector.logs.record
    assert rows is not None
    assert whole is not None
    assert [rows.rows.row_text(row) for row in range(2)] == [
        "+100 ms\twarn\tretrying once",
        "+190 ms\terror\tpolicy refused",
    ]
    assert whole.body.text == "retrying once"
    inspector.take_focus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert whole.body.text == "policy refused\nquota of 3 is used up"
    page.view.waterfall.select_span(MODEL.hex())
    qtbot.waitUntil(lambda: whole.body.text == "calling gpt-4o")
    assert inspector.tabs.currentWidget() is inspector.logs


def test_a_span_without_records_has_no_such_tab(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show(page, qtbot, add_sample(telemetry))
    assert not any(name.startswith("Logs") for name in page.view.inspector.tab_names)
    assert page.view.inspector.logs.list is None


def test_of_very_many_records_the_first_are_shown_and_it_is_said(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    count = RECORDS_PER_SPAN + 7
    telemetry.add(otlp.log_request(*(record(f"record {number}", ROOT, number) for number in range(count))))
    show(page, qtbot, add_sample(telemetry))
    inspector = page.view.inspector
    assert f"Logs {count}" in inspector.tab_names
    inspector.tabs.setCurrentWidget(inspector.logs)
    assert f"The first {RECORDS_PER_SPAN} of {count}; the lens Logs has all of them." in texts(inspector)
    records, total = telemetry.read(partial(read_span_logs, trace_id=TRACE.hex(), span_id=ROOT.hex()))
    assert (len(records), total, records[-1].body_text) == (RECORDS_PER_SPAN, count, f"record {RECORDS_PER_SPAN - 1}")

"""The page that compares traces: what it says, where it leads, and how it keeps up with traces that grow."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.compare.rows_model import NAME
from junjo_desktop.features.compare.traces.page import CompareTracesPage
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareTraces, OpenPage, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.selection import Selection
from tests.support import otlp
from tests.support.hands import write
from tests.support.qt import shown, unnamed_controls
from tests.support.stored import StoredTelemetry

START_NS = 1_790_000_000_000_000_000
MS = 1_000_000
HOSTILE = "<b>evil</b>\n\u202e" + "x" * 3_000

Show = Callable[[CompareTraces], None]


def add_trace(
    telemetry: StoredTelemetry,
    number: int,
    *,
    said: str = "yes",
    extra: bool = False,
    ms: int = 40,
    name: str = "answer",
) -> str:
    """A root, a model call that was answered so, and, if asked, one span more."""
    trace, start_ns = otlp.trace_id(number), START_NS + number * 1_000 * MS
    root = otlp.span(name, trace=trace, id=otlp.span_id(number * 10 + 1), start_ns=start_ns, duration_ns=ms * MS)
    answer = [{"role": "assistant", "parts": [{"type": "text", "content": f"I say\n{said}"}]}]
    call = otlp.span(
        "chat", trace=trace, id=otlp.span_id(number * 10 + 2), parent=root.span_id, start_ns=start_ns + MS,
        duration_ns=(ms - 10) * MS,
        attributes={
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt", "gen_ai.output.messages": json.dumps(answer)
        },
    )  # fmt: skip
    more = otlp.span(
        "check", trace=trace, id=otlp.span_id(number * 10 + 3), parent=root.span_id, start_ns=start_ns + (ms - 5) * MS
    )
    telemetry.add(otlp.trace_request(root, call, *([more] if extra else [])))
    return trace.hex()


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> CompareTracesPage:
    return shown(CompareTracesPage(bench), pages, height=800)


@pytest.fixture
def show(page: CompareTracesPage, qtbot: QtBot) -> Show:
    """Shows a comparison, and waits until everything of it is read."""

    def ask(destination: CompareTraces) -> None:
        page.show_destination(destination)
        settle(page, qtbot)

    return ask


def settle(page: CompareTracesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.is_reading)


def command(page: CompareTracesPage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == f"compare_traces.{name}")


def rows_in_sight(page: CompareTracesPage) -> list[str]:
    model = page.lists.spans.rows
    rows = (model.row_at(model.index(number, NAME)) for number in range(model.rowCount()))
    return [f"{row.sign}{row.name}" for row in rows]


def test_two_traces_stand_beside_each_other(page: CompareTracesPage, telemetry: StoredTelemetry, show: Show) -> None:
    left, right = add_trace(telemetry, 1), add_trace(telemetry, 2, said="no", extra=True)
    show(CompareTraces(left, right))
    words = "after chat, only the right trace goes on, with check."
    assert rows_in_sight(page) == ["answer", "~chat", f"First difference: in answer, {words}", "+check"]
    assert page.summary.first.text() == f"In answer, {words}"
    assert page.header.name.text() == "Two traces of answer"
    assert page.lists.current_row is not None
    assert page.lists.current_row.name == "check"
    assert unnamed_controls(page) == []


def test_what_a_model_said_is_compared_line_by_line(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show, qtbot: QtBot
) -> None:
    left, right = add_trace(telemetry, 1), add_trace(telemetry, 2, said="no")
    show(CompareTraces(left, right))
    command(page, "next").run()
    settle(page, qtbot)
    assert page.lists.current_row is not None
    assert page.lists.current_row.note == "gen_ai.output.messages"
    assert page.panel.tabs.tabText(0) == "Model call 1"
    pair = page.panel.shown
    assert pair is not None
    assert pair.call is not None
    changed = [(line.left, line.right) for line in pair.call.lines if line.left != line.right]
    assert [[side.strip() for side in sides if side] for sides in changed] == [["yes", "no"]]
    page.panel.how.button("lines").click()
    page.panel.tabs.setCurrentIndex(1)
    assert page.panel.tabs.tabText(1) == "Attributes 1"
    page.panel.tabs.setCurrentIndex(2)
    assert page.panel.nothing.sentence == "Neither has events."


def test_a_trace_beside_the_usual(page: CompareTracesPage, telemetry: StoredTelemetry, show: Show) -> None:
    for number in range(1, 9):
        add_trace(telemetry, number, ms=40 + number)
    odd = add_trace(telemetry, 20, ms=400, extra=True)
    show(CompareTraces(odd))
    assert rows_in_sight(page) == ["~answer", "~chat", "+check"]
    assert page.summary.first.text() == "2 spans slower than 95 % of the others, 1 span never seen before."
    assert "Compared with all 8 other traces" in page.summary.rest.text()
    assert not page.panel.isVisible()
    assert not command(page, "swap").enabled()
    assert unnamed_controls(page) == []
    command(page, "only").run()
    assert rows_in_sight(page) == ["~answer", "~chat", "+check"]


def test_a_trace_alone_of_its_name_is_said_to_be(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show
) -> None:
    show(CompareTraces(add_trace(telemetry, 1)))
    assert page.summary.first.text() == "There is no other trace of answer to compare it with."
    assert not page.summary.button.isVisible()


def test_it_leads_to_spans_and_traces_and_changes_sides(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show, places: list[object]
) -> None:
    left, right = add_trace(telemetry, 1), add_trace(telemetry, 2, extra=True)
    show(CompareTraces(left, right))
    QTest.keyClick(page.lists.spans, Qt.Key.Key_Return)
    page.lists.spans.go_to(1)
    command(page, "left").run()
    command(page, "swap").run()
    command(page, "usual").run()
    page.grid.open_asked.emit(True)
    page.header.list.click()
    row = page.shown.spans.rows[-1] if page.shown is not None else None
    assert row is not None
    assert places == [
        OpenTrace(right, row.right.span_id),
        OpenTrace(left, f"{12:016x}"),
        CompareTraces(right, left),
        CompareTraces(right),
        OpenTrace(left),
        OpenPage("traces"),
    ]


def test_differences_are_gone_through_around_the_end(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show
) -> None:
    show(CompareTraces(add_trace(telemetry, 1), add_trace(telemetry, 2, said="no", extra=True)))
    seen = []
    for _ in range(3):
        command(page, "next").run()
        seen.append(page.lists.spans.current_key)
    command(page, "previous").run()
    assert [*seen, page.lists.spans.current_key] == [1, 2, 1, 2]


def test_a_trace_that_grows_is_followed_and_one_that_is_deleted_said(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show, qtbot: QtBot
) -> None:
    left = add_trace(telemetry, 1)
    show(CompareTraces(left, otlp.trace_id(2).hex()))
    assert page.absent.sentence.startswith("Waiting for trace")
    right = add_trace(telemetry, 2)
    qtbot.waitUntil(page.is_shown)
    settle(page, qtbot)
    assert rows_in_sight(page) == ["answer", "chat"]
    more = otlp.span(
        "late", trace=otlp.trace_id(2), id=otlp.span_id(29), parent=otlp.span_id(21), start_ns=START_NS + 2_500 * MS
    )
    telemetry.add(otlp.trace_request(more))
    qtbot.waitUntil(lambda: "+late" in rows_in_sight(page))
    settle(page, qtbot)
    telemetry.delete(Selection(trace_ids=(right,)))
    qtbot.waitUntil(lambda: not page.is_shown())
    assert "deleted" in page.absent.sentence


def test_the_other_trace_is_chosen_from_those_of_its_name(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show, places: list[object], qtbot: QtBot
) -> None:
    ids = [add_trace(telemetry, number) for number in (1, 2, 3)]
    add_trace(telemetry, 4, name="other")
    show(CompareTraces(ids[1], is_choosing=True))
    rows = page.chooser.list.rows
    assert [rows.index(row, 6).data() for row in range(rows.rowCount())] == [ids[2], ids[0]]
    assert unnamed_controls(page) == []
    page.chooser.median.click()
    page.chooser.previous.click()
    QTest.keyClick(page.chooser.list, Qt.Key.Key_Return)
    write(page.chooser.filter, "duration >", enter=True)
    settle(page, qtbot)
    assert "duration" in page.chooser.nothing.sentence or "Expected" in page.chooser.nothing.sentence
    write(page.chooser.filter, ids[0], enter=True)
    settle(page, qtbot)
    page.chooser.compare.click()
    QTest.keyClick(page.chooser, Qt.Key.Key_Escape)
    assert places == [
        CompareTraces(ids[1]),
        CompareTraces(ids[0], ids[1]),
        CompareTraces(ids[1], ids[2]),
        CompareTraces(ids[0], ids[1]),
        OpenTrace(ids[1]),
    ]


def test_one_side_is_exchanged_and_the_choice_cancelled(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show, places: list[object], qtbot: QtBot
) -> None:
    ids = [add_trace(telemetry, number) for number in (1, 2, 3)]
    show(CompareTraces(ids[0], ids[1]))
    page.grid.change_asked.emit(False)
    settle(page, qtbot)
    QTest.keyClick(page.chooser, Qt.Key.Key_Escape)
    assert page.lists.isVisible()
    page.grid.change_asked.emit(True)
    settle(page, qtbot)
    page.chooser.take_current()
    assert places == [CompareTraces(ids[2], ids[1])]


def test_hostile_names_are_shown_as_they_are_and_the_page_stays_narrow(
    page: CompareTracesPage, telemetry: StoredTelemetry, show: Show
) -> None:
    left, right = (add_trace(telemetry, number, name=HOSTILE, extra=number == 2) for number in (1, 2))
    show(CompareTraces(left, right))
    page.resize(700, 560)
    assert page.width() == 700
    assert "<b>evil</b>" in page.header.name.text()
    assert "\u202e" not in page.header.name.text() + page.summary.first.text()
    assert page.summary.first.textFormat() is Qt.TextFormat.PlainText
    assert unnamed_controls(page) == []


def test_how_spans_are_shown_is_remembered(
    page: CompareTracesPage,
    telemetry: StoredTelemetry,
    show: Show,
    bench: Workbench,
    pages: list[QWidget],
    tmp_path: Path,
) -> None:
    show(CompareTraces(add_trace(telemetry, 1), add_trace(telemetry, 2)))
    page.panel.how.button("lines").click()
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    again = CompareTracesPage(bench)
    pages.append(again)
    again.restore_state(state)
    assert again.panel.how.value == "lines"


def test_keys_are_given_out_once(page: CompareTracesPage) -> None:
    keys = [key for one in page.commands() for key in one.shortcuts]
    assert len(keys) == len(set(keys))

"""Runs that arrive while their page is open: waited for, growing, named after their like, deleted."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.store.selection import Selection
from tests.features.run.conftest import SDK, Open, settle
from tests.features.run.page_hands import current_row, named_now, only, page_event, page_order, spans_of
from tests.recordings.load import Recording
from tests.support.stored import StoredTelemetry


def test_a_run_that_has_not_arrived_is_waited_for(telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot) -> None:
    recording = Recording(SDK, "linear")
    owner = next(span for span in spans_of(recording.requests) if not span.parent_span_id)
    runtime_id = next(
        value.value.string_value for value in owner.attributes if value.key == "junjo.executable_runtime_id"
    )
    page.show_destination(OpenRun(None, None, runtime_id))
    qtbot.waitUntil(lambda: page.absent.sentence.startswith("Waiting for run"))
    assert page.absent.sentence == f"Waiting for run {runtime_id} … Nothing of it has arrived yet."
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: page.shown is not None)
    assert page.view.isVisible()


def test_a_run_that_arrives_while_it_is_looked_for_is_found(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    recording = Recording(SDK, "linear")
    for _ in range(5):
        page.show_destination(OpenRun(None, None, "another"))
        page.show_destination(OpenRun(recording.trace_id))
        # The read is on its way, and nothing is stored after this.
        telemetry.add(*recording.requests)
        qtbot.waitUntil(lambda: page.shown is not None)
        telemetry.delete(Selection(trace_ids=(recording.trace_id,)))
        qtbot.waitUntil(lambda: page.shown is None)


def test_a_growing_run_keeps_what_is_selected_and_folded(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    recording = Recording(SDK, "linear")
    telemetry.add(*only(recording, "Receive"))
    page.show_destination(OpenRun(recording.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    assert page.header.tag_words == ["running"]
    assert "has not arrived" in page.missing.first.text()
    steps = page.view.lists.steps.view
    receive = named_now(page, "Receive")
    page.selection.select_span(receive)
    steps.toggle(steps.rows.row_of(("span", receive)))
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: page.header.tag_words == ["completed"])
    settle(page, qtbot)
    assert page.selection.span_id == receive
    assert current_row(page).startswith("node Receive")
    assert steps.rows.is_folded(steps.rows.row_of(("span", receive)))
    assert not page.missing.isVisible()


def test_a_run_without_its_own_span_is_named_after_the_newest_of_its_graph(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    before, now = Recording(SDK, "linear"), Recording("0.64.0", "linear")
    telemetry.add(*before.requests)
    telemetry.add(*only(now, "Receive"))
    page.show_destination(OpenRun(now.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    owner = next(span for span in spans_of(before.requests) if not span.parent_span_id)
    assert page.header.name.text() == owner.name
    assert "its own has not arrived" in page.header.facts.toolTip()


def test_a_selected_update_stays_the_same_when_earlier_ones_come_later(
    telemetry: StoredTelemetry, page: RunPage, qtbot: QtBot
) -> None:
    recording = Recording("0.61.1", "linear")
    late = spans_of(recording.requests)[0].name
    telemetry.add(*only(recording, *{span.name for span in spans_of(recording.requests)} - {late}))
    page.show_destination(OpenRun(recording.trace_id))
    qtbot.waitUntil(lambda: page.shown is not None)
    settle(page, qtbot)
    page.selection.select_step(*page_order(page)[0])
    before = page_event(page)
    telemetry.add(*recording.requests)
    qtbot.waitUntil(lambda: len(page_order(page)) > 0 and page_order(page)[0] != page.selection.step)
    assert page_event(page) == before


def test_a_deleted_run_says_so(telemetry: StoredTelemetry, page: RunPage, open_run: Open, qtbot: QtBot) -> None:
    loaded = open_run("linear")
    telemetry.delete(Selection(trace_ids=(loaded.run.trace_id,)))
    qtbot.waitUntil(lambda: page.shown is None)
    assert page.absent.sentence == "This run was deleted: nothing of it is stored any more."
    assert not page.header.star.isVisible()

"""The rail says how much there is behind a page, and keeps saying it."""

from __future__ import annotations

from dataclasses import replace

from duckdb import DuckDBPyConnection
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.shell.rail import RailButton
from tests.shell.conftest import OpenIt
from tests.shell.pages import Built
from tests.support.engines import default_key, otlp_port
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.sending import export


def count_spans(cursor: DuckDBPyConnection) -> int:
    (count,) = cursor.execute("SELECT count(*) FROM spans").fetchone() or (0,)
    return int(count)


def test_numbers_follow_what_is_stored(engine: Engine, open_window: OpenIt, qtbot: QtBot) -> None:
    counted = replace(Built().feature("spans", 1), count=count_spans)
    rail = open_window([counted, Built().feature("notes", 2)]).window.rail
    spans, notes = rail.findChildren(RailButton)
    assert spans.accessibleName() == "Spans"
    many = (span(trace=trace_id(1), id=span_id(number)) for number in range(1, 1_205))
    export(otlp_port(engine), trace_request(*many), key=default_key(engine))
    qtbot.waitUntil(lambda: spans.accessibleName() == "Spans 1,204")
    assert notes.accessibleName() == "Notes"


def test_a_number_that_cannot_be_read_is_left_out_without_a_notice(open_window: OpenIt, qtbot: QtBot) -> None:
    def fail(_cursor: DuckDBPyConnection) -> int:
        raise RuntimeError("no number today")

    window = open_window([replace(Built().feature("notes", 1), count=fail)]).window
    qtbot.waitUntil(lambda: not window.workbench.is_reading)
    assert window.notices.texts == ()
    assert window.rail.findChildren(RailButton)[0].accessibleName() == "Notes"

"""Bars, axis, minimap and hands: what is painted where, and what zooms."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.bar_marks import BarMark
from junjo_desktop.features.trace.bars import paint_bar
from junjo_desktop.features.trace.lane import EDGE_PX
from junjo_desktop.features.trace.layout import layout_of
from junjo_desktop.features.trace.loading import LoadedTrace
from junjo_desktop.features.trace.overview import COLUMNS, LANES, overview_of
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.row_view import UNFOLDED_UP_TO
from junjo_desktop.features.trace.time_axis import TimeWindow
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.features.trace.tree import SpanRow, SpanTree, build_tree
from junjo_desktop.theme.tokens import LIGHT
from tests.features.trace.row_hands import is_open
from tests.support.reads import Reads

SECOND = 10**9
START = 1_795_000_000 * SECOND
ROW = QRectF(0, 0, 400, 25)
TEN_SECONDS = TimeWindow(START, START + 10 * SECOND, START, START + 10 * SECOND)


def timed(span_id: str, start_s: float, end_s: float, parent: str | None = None, *, error: bool = False) -> SpanRow:
    start, end = START + round(start_s * SECOND), START + round(end_s * SECOND)
    return SpanRow(span_id, parent, "shop", f"span {span_id}", "llm", start, end, error)


def loaded(tree: SpanTree) -> LoadedTrace:
    head = TraceHead("ab" * 16, None, "t", "shop", START, 0, len(tree.spans), 0, 0, None, None, 0, 0, 0, 0, ("shop",))
    return LoadedTrace(head, tree, layout_of(tree), overview_of(tree), 0.0)


@pytest.fixture
def reads() -> Iterator[Reads]:
    """Reads for the tables of the view."""
    with ThreadPoolExecutor(1) as executor:
        yield Reads(executor)


@pytest.fixture
def view(qtbot: QtBot, reads: Reads) -> TraceView:
    """A trace of ten seconds with ten spans of a second each under one root."""
    view = TraceView(reads)
    qtbot.addWidget(view)
    view.resize(1200, 400)
    children = [timed(f"{number:02}", number, number + 1, "root") for number in range(10)]
    view.show_trace(loaded(build_tree([timed("root", 0, 10), *children])))
    view.show()
    return view


def painted(span: SpanRow, window: TimeWindow, events: tuple[BarMark, ...] = ()) -> QImage:
    image = QImage(int(ROW.width()), int(ROW.height()), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.panel))
    painter = QPainter(image)
    paint_bar(painter, ROW, span, events, window, LIGHT)
    painter.end()
    return image


def pixels(image: QImage, color: str) -> list[int]:
    """The columns in whose middle a colour stands."""
    middle = image.height() // 2
    return [x for x in range(image.width()) if image.pixelColor(x, middle) == QColor(color)]


@pytest.mark.usefixtures("qapp")
def test_a_bar_stands_where_its_time_is() -> None:
    columns = pixels(
        painted(timed("a", 2, 4), TimeWindow(START, START + 10 * SECOND, START, START + 10 * SECOND)), LIGHT.llm
    )
    lane = ROW.width() - 2 * EDGE_PX
    assert columns[0] == pytest.approx(EDGE_PX + 0.2 * lane, abs=2)
    assert columns[-1] == pytest.approx(EDGE_PX + 0.4 * lane, abs=2)


@pytest.mark.usefixtures("qapp")
def test_the_shortest_bar_can_be_seen() -> None:
    instant = SpanRow("a", None, "shop", "a", "llm", START + 5 * SECOND, START + 5 * SECOND, False)
    assert painted(instant, TEN_SECONDS) != painted(timed("b", 11, 12), TEN_SECONDS)
    assert len(pixels(painted(instant, TEN_SECONDS), LIGHT.llm)) >= 1


@pytest.mark.usefixtures("qapp")
def test_a_failure_has_a_ring_and_an_exception_a_mark() -> None:

    def reds(image: QImage) -> int:
        return sum(
            image.pixelColor(x, y).red() - image.pixelColor(x, y).green() > 120
            for x in range(image.width())
            for y in range(image.height())
        )

    fine, failed = painted(timed("a", 2, 4), TEN_SECONDS), painted(timed("a", 2, 4, error=True), TEN_SECONDS)
    marked = painted(timed("a", 2, 4), TEN_SECONDS, (BarMark(START + 3 * SECOND, "exception", is_exception=True),))
    assert (reds(fine), reds(failed) > 40, reds(marked) > 10) == (0, True, True)


@pytest.mark.usefixtures("qapp")
@given(
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 10**15),
    st.lists(st.integers(0, 2**64 - 1), max_size=3),
)
def test_any_times_can_be_painted(start: int, end: int, width: int, events: list[int]) -> None:
    span = SpanRow("a", None, "shop", "a", "llm", start, end, True)
    painted(span, TimeWindow.over(START, START + width), tuple(BarMark(moment, "e") for moment in events))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans()), max_size=60))
def test_the_overview_stays_on_its_grid_and_forgets_no_span(times: list[tuple[int, int, bool]]) -> None:
    rows = [
        SpanRow(str(number), None, "s", "n", "llm", START + start, START + start + length, error)
        for number, (start, length, error) in enumerate(times)
    ]
    lines = overview_of(build_tree(rows)).lines
    assert all(0 <= line.lane < LANES and 0 <= line.left < line.right <= COLUMNS for line in lines)
    assert {line.is_error for line in lines} == {row.is_error for row in rows}
    assert [line.is_error for line in lines] == sorted(line.is_error for line in lines)


def test_ten_thousand_spans_become_few_lines() -> None:
    rows = [timed(str(number), number / 1000, number / 1000 + 1) for number in range(10_000)]
    assert len(overview_of(build_tree(rows)).lines) <= LANES * 2


def test_a_large_trace_opens_folded(qtbot: QtBot, reads: Reads) -> None:
    rows = [timed("0", 0, 1)] + [
        timed(str(number), 0, 1, str((number - 1) // 4)) for number in range(1, UNFOLDED_UP_TO + 10)
    ]
    view = TraceView(reads)
    qtbot.addWidget(view)
    view.show_trace(loaded(build_tree(rows)))
    assert [is_open(view.waterfall, span_id) for span_id in ("0", "1", "5")] == [True, True, False]


def wheel(target: QWidget, at: QPoint, steps: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        target.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def test_ctrl_wheel_zooms_at_the_cursor_and_shift_wheel_pans(view: TraceView) -> None:
    waterfall, zoom = view.waterfall, view.zoom
    at = QPoint(waterfall.columnViewportPosition(1) + 200, 40)
    whole = zoom.window
    wheel(waterfall.viewport(), at, 1, Qt.KeyboardModifier.ControlModifier)
    assert zoom.window.span_ns < whole.span_ns
    zoomed = zoom.window
    wheel(waterfall.viewport(), at, -1, Qt.KeyboardModifier.ShiftModifier)
    assert (zoom.window.span_ns, zoom.window.start_ns > zoomed.start_ns) == (zoomed.span_ns, True)


def test_a_plain_wheel_scrolls_and_does_not_zoom(view: TraceView) -> None:
    view.resize(1200, 180)
    before = view.zoom.window
    wheel(view.waterfall.viewport(), QPoint(300, 40), -3, Qt.KeyboardModifier.NoModifier)
    assert view.zoom.window == before
    assert view.waterfall.verticalScrollBar().value() > 0


def drag(target: QWidget, start: QPoint, end: QPoint) -> None:
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(target, left, no, start)
    for step in range(1, 5):
        QTest.mouseMove(target, start + (end - start) * step / 4)
    QTest.mouseRelease(target, left, no, end)


def test_dragging_on_the_axis_zooms_to_that_part(view: TraceView) -> None:
    header = view.waterfall.header()
    left = view.waterfall.columnViewportPosition(1)
    width = view.waterfall.header().sectionSize(1)
    drag(header.viewport(), QPoint(left + width // 4, 10), QPoint(left + width // 2, 10))
    window = view.zoom.window
    assert window.start_ns == pytest.approx(START + 2.5 * SECOND, abs=0.4 * SECOND)
    assert window.end_ns == pytest.approx(START + 5 * SECOND, abs=0.4 * SECOND)
    QTest.mouseDClick(
        header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(left + 50, 10)
    )
    assert view.zoom.window.is_whole


def test_dragging_the_bars_pans_and_a_click_selects(view: TraceView) -> None:
    view.zoom.show(view.zoom.window.shown(START + 4 * SECOND, START + 6 * SECOND))
    left = view.waterfall.columnViewportPosition(1)
    drag(view.waterfall.viewport(), QPoint(left + 200, 60), QPoint(left + 100, 60))
    assert view.zoom.window.start_ns > START + 4 * SECOND
    assert view.zoom.window.span_ns == 2 * SECOND
    QTest.mouseClick(
        view.waterfall.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(left + 100, 35)
    )
    assert view.waterfall.selected_span == "00"


def test_dragging_over_the_minimap_chooses_moves_and_shows_all(view: TraceView) -> None:
    minimap, zoom = view.minimap, view.zoom
    width = minimap.width()
    drag(minimap, QPoint(width // 4, 20), QPoint(width // 2, 20))
    chosen = zoom.window
    assert chosen.start_ns == pytest.approx(START + 2.55 * SECOND, abs=0.2 * SECOND)
    drag(minimap, QPoint(width * 3 // 8, 20), QPoint(width * 5 // 8, 20))
    assert zoom.window.span_ns == chosen.span_ns
    assert zoom.window.start_ns > chosen.start_ns
    QTest.mouseDClick(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
    assert zoom.window.is_whole


def test_the_minimap_says_how_many_spans_a_line_stands_for(view: TraceView) -> None:
    width = view.minimap.width()
    assert "2 spans at +4." in view.minimap.words_at(width * 0.45)
    assert "0 spans at +10." in view.minimap.words_at(width - 1)


def test_f_fits_the_selected_span_and_zero_shows_everything(view: TraceView) -> None:
    view.waterfall.select_span("03")
    view.waterfall.fit_selection()
    assert view.zoom.window.start_ns == START + int(2.9 * SECOND)
    view.zoom_out()
    assert view.zoom.window.span_ns > 1.2 * SECOND
    view.zoom.show_whole()
    assert view.zoom.window.is_whole


def test_a_screen_reader_hears_kind_name_and_duration(view: TraceView) -> None:
    view.waterfall.select_span("03")
    assert view.waterfall.accessibleDescription() == "LLM span 03, 1.00 s, shop"


def test_in_a_narrow_view_names_leave_room_for_bars(view: TraceView, qtbot: QtBot) -> None:
    view.resize(1400, 400)
    view.show()
    waterfall = view.waterfall
    wished = waterfall.name_width
    qtbot.waitUntil(lambda: waterfall.header().sectionSize(0) == wished)
    view.resize(760, 400)
    qtbot.waitUntil(lambda: waterfall.header().sectionSize(1) > 140)
    assert waterfall.header().sectionSize(0) < wished
    view.resize(1400, 400)
    qtbot.waitUntil(lambda: waterfall.header().sectionSize(0) == wished)

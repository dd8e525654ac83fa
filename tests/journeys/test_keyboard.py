"""By keyboard alone, from the start of the window to the stack trace of the span that failed, through every lens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.paths import DataDir
from junjo_desktop.shell.launch import build_window
from junjo_desktop.shell.main_window import MainWindow
from junjo_desktop.widgets.row_table import RowTable
from junjo_desktop.widgets.search_field import SearchField
from tests.support import otlp
from tests.support.engines import FREE_PORTS, default_key, make_engine, otlp_port
from tests.support.sending import export

STACK = 'Traceback (most recent call last):\n  File "shop.py", line 7, in refuse\nshop.PolicyError: quota'
TRACE, ROOT, MIDDLE, FAILED = otlp.trace_id(1), otlp.span_id(1), otlp.span_id(2), otlp.span_id(3)
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """An engine with a trace that is well, and one of which a span deep inside failed."""
    engine = make_engine(data_dir, replace(FREE_PORTS, theme="light"))
    engine.start()
    failed = otlp.span("check policy", trace=TRACE, id=FAILED, parent=MIDDLE, error="quota")
    thrown = failed.events.add(name="exception", time_unix_nano=failed.start_time_unix_nano)
    thrown.attributes.extend(otlp.key_values({"exception.type": "shop.PolicyError", "exception.stacktrace": STACK}))
    spans = (
        otlp.span("refund", trace=TRACE, id=ROOT),
        otlp.span("decide", trace=TRACE, id=MIDDLE, parent=ROOT),
        failed,
    )
    port, key = otlp_port(engine), default_key(engine)
    export(port, otlp.trace_request(otlp.span("fine")), key=key)
    export(port, otlp.trace_request(*spans), key=key)
    assert engine.indexer.drain(60)
    yield engine
    engine.stop()


@pytest.fixture
def window(engine: Engine, qtbot: QtBot) -> Iterator[MainWindow]:
    """The real window, as a start opens it."""
    opened = build_window(engine, discover_features())
    opened.window.resize(1200, 800)
    opened.window.show()
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    yield opened.window
    opened.close()
    opened.window.deleteLater()


def focused(window: MainWindow) -> QWidget:
    """What a key goes to."""
    active = QApplication.activeWindow() or window
    return active.focusWidget() or active


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(window), key, modifier)


def type_words(window: MainWindow, words: str) -> None:
    QTest.keyClicks(focused(window), words)


def tab_to(window: MainWindow, kind: type[QWidget]) -> None:
    """Press Tab until something of a kind has the keyboard."""
    for _ in range(40):
        if isinstance(focused(window), kind):
            return
        press(window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches a {kind.__name__}")


def test_keys_alone_lead_from_the_start_to_the_stack_of_what_failed(qtbot: QtBot, window: MainWindow) -> None:
    press(window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: isinstance(focused(window), QLineEdit))
    type_words(window, "traces")
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is None)
    # A desktop gives the keyboard back to the window under a dialog; the platform of the tests has to be asked.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_Slash)
    qtbot.waitUntil(lambda: isinstance(focused(window), SearchField))
    type_words(window, "status:error")
    press(window, Qt.Key.Key_Return)
    tab_to(window, RowTable)
    rows = focused(window)
    assert isinstance(rows, RowTable)
    qtbot.waitUntil(lambda: rows.model().rowCount() == 1)
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    page = _trace_page(qtbot, window)
    assert page.view.waterfall.selected_span == ROOT.hex()

    for number, lens in enumerate(Lens, 1):
        page.view.waterfall.select_span(ROOT.hex())
        press(window, Qt.Key(Qt.Key.Key_0 + number))
        assert page.view.lenses.lens is lens
        press(window, Qt.Key.Key_E)
        assert page.view.waterfall.selected_span == FAILED.hex()
    press(window, Qt.Key.Key_1)
    detail = page.view.inspector
    qtbot.waitUntil(lambda: detail.detail is not None and detail.detail.span.span_id == FAILED.hex())
    press(window, Qt.Key.Key_Return)
    stack = focused(window)
    assert isinstance(stack, QPlainTextEdit)
    assert stack.toPlainText() == STACK

    press(window, Qt.Key.Key_Escape)
    assert focused(window) is page.view.waterfall
    press(window, Qt.Key.Key_Backspace)
    qtbot.waitUntil(rows.isVisible)
    assert rows.currentIndex().row() == 0


def _trace_page(qtbot: QtBot, window: MainWindow) -> TracePage:
    """The page of the trace, once it is shown with its first span in the inspector."""
    qtbot.waitUntil(lambda: any(page.isVisible() for page in window.findChildren(TracePage)))
    page = next(page for page in window.findChildren(TracePage) if page.isVisible())
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None)
    return page

"""The real window with real data: every page can be reached, read out, and seen in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.main_window import MainWindow
from tests.shell.conftest import OpenIt
from tests.support import otlp
from tests.support.engines import default_key, otlp_port
from tests.support.qt import grab_themes, unnamed_controls
from tests.support.sending import export

TRACE = otlp.trace_id(1)
HOSTILE = "<b>bold</b> \u202eright to left\x00 " + "😀" * 40 + " line\nbreak " + "x" * 5000


@pytest.fixture
def window(engine: Engine, open_window: OpenIt) -> MainWindow:
    root = otlp.span("handle_message", trace=TRACE, attributes={"junjo.span_type": "workflow", "note": HOSTILE})
    child = otlp.span(HOSTILE[:300], trace=TRACE, parent=root.span_id, error="it broke")
    export(otlp_port(engine), otlp.trace_request(root, child), key=default_key(engine))
    assert engine.indexer.drain(30)
    opened = open_window(discover_features())
    opened.window.resize(1280, 800)
    return opened.window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Let the page in front ask, paint, and ask again for what it painted."""
    for _ in range(3):
        qtbot.waitUntil(lambda: not window.workbench.is_reading, timeout=30_000)
        window.grab()
        qtbot.wait(20)


def test_every_page_can_be_used_without_sight_or_mouse(qtbot: QtBot, window: MainWindow) -> None:
    problems: dict[str, list[str]] = {}
    for name in window.rail.names:
        assert window.open_page(name)
        settle(qtbot, window)
        problems[name] = unnamed_controls(window)
    window.workbench.open(OpenTrace(TRACE.hex()))
    settle(qtbot, window)
    problems["trace"] = unnamed_controls(window)
    assert {name: found for name, found in problems.items() if found} == {}
    assert window.notices.texts == ()


def test_every_page_follows_the_theme(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for name in window.rail.names:
        window.open_page(name)
        settle(qtbot, window)
        light, dark = (QImage(str(path)) for path in grab_themes(window, tmp_path, name))
        assert _brightness(light) > 200, name
        assert _brightness(dark) < 80, name


def _brightness(image: QImage) -> float:
    spots = [(x, y) for x in range(0, image.width(), 23) for y in range(0, image.height(), 17)]
    return sum(image.pixelColor(x, y).lightness() for x, y in spots) / len(spots)

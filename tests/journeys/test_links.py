"""A link that is followed before its run exists: the window goes there, waits, and shows the run when it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.background import from_any_thread
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.shell.launch import build_window
from junjo_desktop.shell.main_window import MainWindow
from tests.cli.program import environment, run
from tests.recordings.load import recording
from tests.support.engines import FREE_PORTS, default_key, make_engine, otlp_port
from tests.support.sending import export

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)

RUN = recording("0.68.0", "loop")
OWNER = next(span for span in RUN.spans() if span.junjo_span_type == "workflow")


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    engine = make_engine(data_dir, replace(FREE_PORTS, theme="light"))
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def window(engine: Engine, qtbot: QtBot) -> Iterator[MainWindow]:
    """The real window on the engine, asked for as `run_window` has it asked."""
    opened = build_window(engine, discover_features())
    engine.on_link = from_any_thread(opened.window, opened.window.open_link)
    opened.window.show()
    qtbot.waitExposed(opened.window)
    yield opened.window
    opened.close()
    opened.window.deleteLater()


@pytest.mark.parametrize(
    "words",
    [
        ("--execution", str(OWNER.junjo_runtime_id)),
        (f"junjo://run/{OWNER.trace_id}/{OWNER.span_id}",),
        (f"junjo://execution?service_name=orders&runtime_id={OWNER.junjo_runtime_id}",),
    ],
    ids=["execution", "run", "studio"],
)
def test_a_run_that_has_not_arrived_is_waited_for(
    qtbot: QtBot, engine: Engine, window: MainWindow, words: tuple[str, ...]
) -> None:
    outcome = run("--data-dir", engine.data_dir.root, "open", *words, env=environment(QT_QPA_PLATFORM="offscreen"))
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    qtbot.waitUntil(lambda: window.pages.current_feature is not None and window.pages.current_feature.name == "run")
    assert OWNER.name not in window.windowTitle()
    export(otlp_port(engine), *RUN.requests, key=default_key(engine))
    qtbot.waitUntil(lambda: window.windowTitle().startswith(OWNER.name), timeout=20_000)
    assert window.notices.texts == ()


def test_a_trace_that_has_not_arrived_is_waited_for(qtbot: QtBot, engine: Engine, window: MainWindow) -> None:
    words = ("--trace", OWNER.trace_id, "--span", OWNER.span_id)
    outcome = run("--data-dir", engine.data_dir.root, "open", *words, env=environment(QT_QPA_PLATFORM="offscreen"))
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    qtbot.waitUntil(lambda: window.pages.current_feature is not None and window.pages.current_feature.name == "trace")
    export(otlp_port(engine), *RUN.requests, key=default_key(engine))
    qtbot.waitUntil(lambda: window.windowTitle().startswith(OWNER.name), timeout=20_000)
    assert window.notices.texts == ()


def test_a_link_to_a_step_selects_it(qtbot: QtBot, engine: Engine, window: MainWindow) -> None:
    export(otlp_port(engine), *RUN.requests, key=default_key(engine))
    store = OWNER.attributes_json["junjo.workflow.store.id"]
    window.open_link(f"junjo://run/{OWNER.trace_id}/{OWNER.span_id}?store={store}&step=7")
    qtbot.waitUntil(lambda: window.windowTitle().startswith(OWNER.name), timeout=20_000)
    qtbot.waitUntil(lambda: any(label.text() == "7 of 16" for label in window.findChildren(QLabel)))

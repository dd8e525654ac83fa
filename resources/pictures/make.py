"""Makes the README's pictures: the real window, on sample telemetry that came in through the real receiver.

    python -m resources.pictures.make

Writes `resources/pictures/{traces,trace,workflows,run,state,failures,agent,compare}-{light,dark}.png`. No screen is
needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from duckdb import DuckDBPyConnection
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features import discover_features
from junjo_desktop.features.run.run_view import RunView
from junjo_desktop.paths import DataDir
from junjo_desktop.samples import replay
from junjo_desktop.settings import Settings
from junjo_desktop.shell.destinations import CompareRuns, OpenPage, OpenRun, OpenTrace
from junjo_desktop.shell.launch import build_window
from junjo_desktop.telemetry.intake import Purpose, open_ports

PICTURES = Path(__file__).parent
SIZE = (1440, 900)
_PATIENCE_S = 30.0
_SETTLE_MS = 900


def main() -> int:
    """Write all pictures; return the exit status."""
    app = QApplication([])
    for theme in ("light", "dark"):
        with tempfile.TemporaryDirectory() as folder:
            engine = Engine(
                DataDir(Path(folder)),
                Settings(theme=theme),
                otlp_ports=(0,),
                validator_port=0,
                secrets=MemorySecretStore(),
            )
            engine.start()
            try:
                replay(open_ports(engine.listeners, Purpose.OTLP)[0], str(engine.api_keys.create("pictures").secret))
                engine.indexer.drain(_PATIENCE_S)
                _take(engine, theme)
            finally:
                engine.stop()
    app.quit()
    return 0


def _take(engine: Engine, theme: str) -> None:
    opened = build_window(engine, discover_features())
    try:
        window = opened.window
        window.resize(*SIZE)
        window.show()
        show = opened.workbench.open
        for name in ("traces", "workflows"):
            show(OpenPage(name))
            _save(window, f"{name}-{theme}")
        show(OpenTrace(*engine.read(_failed_model_call)))
        _save(window, f"trace-{theme}")
        _take_runs(engine, window, show, theme)
    finally:
        opened.close()


def _take_runs(engine: Engine, window: QWidget, show: Callable[[object], bool], theme: str) -> None:
    drafts = OpenRun(*engine.read(partial(_run, condition=_DRAFTS)))
    show(drafts)
    _save(window, f"failures-{theme}")
    [view] = window.findChildren(RunView)
    view.graph.toggle_current()
    view.graph.canvas.show_whole()
    view.selection.select_step(engine.read(partial(_answer_store, trace_id=str(drafts.trace_id))), _SECOND_DRAFT)
    _save(window, f"run-{theme}")
    view.state.set_tab("diff")
    _save(window, f"state-{theme}")
    show(OpenRun(*engine.read(partial(_run, condition="type = 'agent' AND outcome = 'failed'"))))
    _save(window, f"agent-{theme}")
    show(CompareRuns(OpenRun(*engine.read(partial(_run, condition=_ANSWERED))), drafts))
    _save(window, f"compare-{theme}")


_SUBFLOW = "trace_id IN (SELECT trace_id FROM executions WHERE name = 'AnswerSubflow' AND outcome = '{}')"
_DRAFTS = f"name = 'handle_message' AND outcome = 'failed' AND {_SUBFLOW.format('failed')}"
_ANSWERED = f"name = 'handle_message' AND outcome = 'completed' AND {_SUBFLOW.format('completed')}"
_SECOND_DRAFT = 6
"""The update by which the answer is drafted again."""


def _run(cursor: DuckDBPyConnection, condition: str) -> tuple[str, str, str]:
    """Return trace, span and runtime id of the newest run that fits."""
    row = cursor.execute(
        f"SELECT trace_id, span_id, runtime_id FROM executions WHERE {condition} ORDER BY start_ns DESC LIMIT 1"  # noqa: S608 - our own words
    ).fetchone()
    if row is None:
        raise LookupError(f"no run of the samples fits: {condition}")
    return row[0], row[1], row[2]


def _answer_store(cursor: DuckDBPyConnection, trace_id: str) -> str:
    """Return the id of the store of the subflow that answers."""
    found = cursor.execute(
        "SELECT attributes ->> '$.\"junjo.workflow.store.id\"' FROM spans"
        " WHERE trace_id = ? AND name = 'AnswerSubflow' AND junjo_span_type = 'subflow'",
        [trace_id],
    ).fetchone()
    if found is None:
        raise LookupError("the trace has no such subflow")
    return str(found[0])


def _failed_model_call(cursor: DuckDBPyConnection) -> tuple[str, str]:
    """Return the trace with most spans among those that failed, and its first model call."""
    row = cursor.execute(
        "select s.trace_id, s.span_id from spans s join traces t using (trace_id)"
        " where s.span_type = 'llm' and t.error_count > 0 and t.root_span_id is not null"
        " order by t.span_count desc, s.start_ns limit 1"
    ).fetchone()
    if row is None:
        raise LookupError("the samples hold no failed trace with a model call")
    return row[0], row[1]


def _save(window: QWidget, name: str) -> None:
    _until(lambda: any(view.isVisible() and _has_rows(view) for view in window.findChildren(QAbstractItemView)))
    _rest(_SETTLE_MS)
    target = PICTURES / f"{name}.png"
    window.grab().save(str(target), "PNG")
    sys.stdout.write(f"{target.relative_to(PICTURES.parents[1])}\n")


def _has_rows(view: QAbstractItemView) -> bool:
    model = view.model()
    return model is not None and model.rowCount() > 0


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError("the window shows no rows")
        _rest(50)


def _rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())

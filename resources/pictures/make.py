"""Makes the README's pictures: the real window, on sample telemetry that came in through the real receiver.

    python -m resources.pictures.make

Writes `resources/pictures/{traces,trace}-{light,dark}.png`. No screen is needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from duckdb import DuckDBPyConnection
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.samples import replay
from junjo_desktop.settings import Settings
from junjo_desktop.shell.destinations import OpenPage, OpenTrace
from junjo_desktop.shell.launch import build_window
from junjo_desktop.telemetry.intake import Purpose, open_ports

PICTURES = Path(__file__).parent
SIZE = (1440, 900)
_PATIENCE_S = 30.0
_SETTLE_MS = 400


def main() -> int:
    """Write the four pictures; return the exit status."""
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
    trace_id, span_id = engine.read(_failed_model_call)
    opened = build_window(engine, discover_features())
    try:
        window = opened.window
        window.resize(*SIZE)
        window.show()
        opened.workbench.open(OpenPage("traces"))
        _save(window, f"traces-{theme}")
        opened.workbench.open(OpenTrace(trace_id, span_id))
        _save(window, f"trace-{theme}")
    finally:
        opened.close()


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

"""Makes the README's pictures: the real window, on sample telemetry that came in through the real receiver.

    python -m resources.pictures.make [NAME …]

Writes `resources/pictures/NAME-{light,dark}.webp`: those that are named, or all that `scenes` shows. WebP without loss,
at a quarter of the size of PNG. No screen is needed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.samples import replay
from junjo_desktop.settings import Settings
from junjo_desktop.shell.launch import build_window
from junjo_desktop.store.call_lookup import reading_state
from junjo_desktop.telemetry.intake import Purpose, open_ports
from resources.pictures.scenes import SCENES
from resources.pictures.stage import PATIENCE_S, Stage, until

PICTURES = Path(__file__).parent
THEMES = ("light", "dark")


def main() -> int:
    """Write the pictures; return the exit status."""
    parser = argparse.ArgumentParser(description="Makes the README's pictures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pictures")
    parser.add_argument("--to", type=Path, default=PICTURES, metavar="FOLDER", help="where to (default: beside)")
    asked = parser.parse_args()
    app = QApplication([])
    now_ns = time.time_ns()
    for theme in THEMES:
        with tempfile.TemporaryDirectory() as folder:
            _take(DataDir(Path(folder)), theme, now_ns, asked)
    app.quit()
    return 0


def _take(data_dir: DataDir, theme: str, now_ns: int, asked: argparse.Namespace) -> None:
    engine = Engine(data_dir, Settings(theme=theme), otlp_ports=(0,), validator_port=0, secrets=MemorySecretStore())
    engine.start()
    try:
        [port] = open_ports(engine.listeners, Purpose.OTLP)
        replay(port, str(engine.api_keys.create("pictures").secret), now_ns=now_ns)
        engine.indexer.drain(PATIENCE_S)
        until(lambda: not engine.read(reading_state)["unread_traces"], "calls of models are not read")
        opened = build_window(engine, discover_features())
        try:
            stage = Stage(engine, opened, theme, asked.to, frozenset(asked.names))
            for scene in SCENES:
                scene(stage)
        finally:
            opened.close()
    finally:
        engine.stop()


if __name__ == "__main__":
    sys.exit(main())

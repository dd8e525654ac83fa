"""`demo`: the app on sample telemetry, in a folder that is removed at the end."""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from dataclasses import replace
from functools import partial
from pathlib import Path

from junjo_desktop.app import Engine
from junjo_desktop.cli.aside import Aside
from junjo_desktop.cli.display import require_display
from junjo_desktop.cli.engine import make_engine
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import write_lines
from junjo_desktop.cli.serve import announce, receiving_port
from junjo_desktop.cli.waiting import EndSignals
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.errors import UsageError
from junjo_desktop.paths import DataDir
from junjo_desktop.samples import replay

_INDEX_TIMEOUT_S = 120.0


def demo(options: Options, found: Namespace) -> int:
    """Open the window on samples that came in through the real receiver. Raises `UserError`."""
    if found.data_dir:
        raise UsageError(
            "A demo has a data folder of its own.", "Leave --data-dir out, or open your folder without `demo`."
        )
    if not found.headless:
        require_display(os.environ)
    with tempfile.TemporaryDirectory(prefix="junjo-demo-", ignore_cleanup_errors=True) as folder:
        own = replace(
            options,
            data_dir=DataDir(Path(folder)),
            # A demo must start beside the real app, so it takes ports that nobody asked for.
            otlp_ports=options.otlp_ports or (0,),
            validator_port=options.validator_port or 0,
        )
        engine = make_engine(own, MemorySecretStore())
        return _wait(engine) if found.headless else _show(engine)


def _show(engine: Engine) -> int:
    aside = Aside()
    try:
        aside.run(engine.start)
        aside.run(partial(_fill, engine))
        from junjo_desktop.features import discover_features
        from junjo_desktop.shell.launch import run_window

        return run_window(engine, discover_features(), demo=True)
    finally:
        aside.close()
        engine.stop()


def _wait(engine: Engine) -> int:
    end = EndSignals()
    engine.start()
    try:
        _fill(engine)
        write_lines([f"data folder {engine.data_dir.root}"])
        announce(engine.listeners)
        end.wait()
    finally:
        engine.stop()
    return 0


def _fill(engine: Engine) -> None:
    port = receiving_port(engine.listeners)
    key = engine.api_keys.create("samples")
    replay(port, str(key.secret))
    engine.indexer.drain(_INDEX_TIMEOUT_S)

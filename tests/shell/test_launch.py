"""The window as its own process: it starts, can be asked for, and ends in an orderly way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys, threading, time
from pathlib import Path
from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell import launch

engine = Engine(DataDir(Path(sys.argv[1])), Settings(otlp_ports=(0,), validator_port=0), secrets=MemorySecretStore())
engine.start()

def say_ready():
    while engine.on_raise is None:
        time.sleep(0.01)
    engine.on_raise()
    print("ready", flush=True)

threading.Thread(target=say_ready, daemon=True).start()
status = launch.run_window(engine, discover_features())
assert engine.on_raise is None
engine.stop()
print("stopped", flush=True)
sys.exit(status)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_and_everything_is_kept(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as window:
        assert window.stdout is not None
        assert window.stderr is not None
        assert window.stdout.readline() == "ready\n", window.stderr.read()
        window.send_signal(number)
        out, err = window.communicate(timeout=60)
    assert (window.returncode, out) == (0, "stopped\n"), err
    assert err == ""
    assert (tmp_path / "window.ini").exists()
    assert not (tmp_path / "logs" / "crash.txt").exists()

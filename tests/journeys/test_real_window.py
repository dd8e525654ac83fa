"""The first thing a newcomer does, on a real screen: start, send, see; a second start raises the first window."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from junjo_desktop.theme.tokens import LIGHT
from tests.support import otlp
from tests.support.screen import XVFB, virtual_screen
from tests.support.sending import export

COMMAND = (sys.executable, "-m", "junjo_desktop")


def _until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")
def test_a_window_opens_shows_what_arrives_and_closes_cleanly(tmp_path: Path) -> None:
    data, port = tmp_path / "data", _free_port()
    data.mkdir()
    (data / "settings.toml").write_text('theme = "light"\n')
    common = ("--data-dir", str(data), "--otlp-port", str(port), "--validator-port", "0", "--no-auth")
    with virtual_screen(tmp_path) as screen:
        panel, failed = int(LIGHT.panel[1:], 16), int(LIGHT.error[1:], 16)
        with subprocess.Popen(
            [*COMMAND, *common], env=screen.environment(), stderr=subprocess.PIPE, text=True
        ) as window:
            try:
                _until(lambda: screen.colours()[panel] > 200_000, "the window is on the screen")
                assert screen.colours()[failed] == 0, "nothing is shown as failed yet"
                spans = [otlp.span(f"order {number}", error="out of stock") for number in range(20)]
                export(port, otlp.trace_request(*spans))
                _until(lambda: screen.colours()[failed] > 50, "the failed traces are painted")
                listed = subprocess.run(
                    [*COMMAND, "traces", "--json", "--data-dir", str(data)], capture_output=True, text=True, check=True
                )
                assert {row["name"] for row in json.loads(listed.stdout)} == {span.name for span in spans}
                second = subprocess.run(
                    [*COMMAND, *common],
                    env=screen.environment(),
                    capture_output=True,
                    text=True,
                    timeout=30,
                    check=False,
                )
                assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
                window.send_signal(signal.SIGTERM)
                assert window.wait(30) == 0
                assert window.stderr
                assert window.stderr.read() == ""
            finally:
                if window.poll() is None:
                    window.kill()


def test_without_a_display_it_says_so_and_names_serve(tmp_path: Path) -> None:
    bare = {
        key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    outcome = subprocess.run(
        [*COMMAND, "--data-dir", str(tmp_path)], env=bare, capture_output=True, text=True, timeout=30, check=False
    )
    assert outcome.returncode == 1
    assert "junjo-desktop serve" in outcome.stderr
    assert "Traceback" not in outcome.stderr

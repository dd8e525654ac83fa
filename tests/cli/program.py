"""Runs the real command in processes of its own, and sends real OTLP to it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from junjo_desktop.cli.main import main
from junjo_desktop.link.client import LinkClient
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir
from junjo_desktop.telemetry.intake import IntakeReport
from tests.support.sending import Request, export

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-W", "error", "-m", "junjo_desktop")
TIMEOUT_S = 60


def environment(**changes: str | None) -> dict[str, str]:
    """The tests' environment with `changes`; None takes a variable away."""
    found = {
        name: value for name, value in os.environ.items() if name != "COLUMNS" and changes.get(name, "") is not None
    }
    return found | {name: value for name, value in changes.items() if value is not None}


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=env or environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process: the same but for the process, and twenty times as quick."""
    out, err = io.BytesIO(), io.StringIO()
    stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    words = [*map(str, arguments)]
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as left:
            status = int(left.code or 0)
    return subprocess.CompletedProcess(words, status, out.getvalue().decode(), err.getvalue())


def answer(*arguments: str | Path) -> Any:
    """The JSON document of a command that must succeed without a word on stderr."""
    outcome = call(*arguments)
    assert (outcome.returncode, outcome.stderr) == (0, ""), outcome
    return json.loads(outcome.stdout)


@dataclass
class Serving:
    """A running `serve`."""

    data_dir: Path
    process: subprocess.Popen[str]
    ports: list[int] = field(default_factory=list)
    validator_port: int = 0

    def send(self, *requests: Request, key: str | None = None) -> None:
        """Send export requests and have each acknowledged."""
        export(self.ports[0], *requests, key=key)

    def settle(self) -> IntakeReport:
        """Wait until everything acknowledged is stored; return the app's report."""
        endpoint = read_endpoint(DataDir(self.data_dir))
        assert endpoint is not None
        client = LinkClient(endpoint)
        give_up = time.monotonic() + TIMEOUT_S
        try:
            while (report := client.report()).waiting:
                assert time.monotonic() < give_up, report
                time.sleep(0.02)
            return report
        finally:
            client.close()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; return the exit status and the rest of both outputs."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, out, err


@contextmanager
def serving(data_dir: Path, *arguments: str, lines: int = 2) -> Iterator[Serving]:
    """Run `serve` on free ports until the block ends; by default anyone may send."""
    ports = () if any(text.startswith("--otlp-port") for text in arguments) else ("--otlp-port", "0")
    with program("serve", "--data-dir", str(data_dir), *ports, "--validator-port", "0", *arguments) as process:
        found = Serving(data_dir, process)
        assert process.stdout is not None
        for _ in range(lines):
            line = process.stdout.readline()
            said = re.fullmatch(r"(OTLP/gRPC|key validator) listening on 127\.0\.0\.1:(\d+)\n", line)
            assert said, (line, process.poll(), process.stderr.read() if not line and process.stderr else "")
            if said[1] == "OTLP/gRPC":
                found.ports.append(int(said[2]))
            else:
                found.validator_port = int(said[2])
        yield found


@contextmanager
def program(*arguments: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run the command beside the test; it is killed when the block ends and it still runs."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=env or environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=TIMEOUT_S)

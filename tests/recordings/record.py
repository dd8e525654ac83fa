"""Record real runs of several Junjo versions: `python -m tests.recordings.record [--version V] [--scenario S]`.

Every version gets a virtual environment of its own in a cache folder (`--cache`; it stays there for the next time),
with that SDK and today's OpenTelemetry from the package registry that pip is set to. Each scenario (`programs/`) runs
there in a process of its own and sends with the SDK's own exporter to a gRPC server here. Times and ids are the real
ones of that run; nothing is changed but folders in stack traces. Recording again gives other times and ids, and the
same pages.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from platformdirs import user_cache_path

from junjo_desktop.samples import write_recording
from junjo_desktop.telemetry.intake import Signal
from resources.samples.record import recording, without_local_paths
from tests.recordings.load import DATA

ROOT = Path(__file__).parents[2]
VERSIONS = ("0.50.1", "0.61.1", "0.63.0", "0.64.0", "0.68.0")
PROGRAMS = "tests.recordings.programs"
_EXPORTER = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-grpc")
_TIMEOUT_S = 120
_WIDTH = 120
_FOLDERS = "import json, sysconfig; print(json.dumps([sysconfig.get_path(name) for name in ('purelib', 'stdlib')]))"


@dataclass(frozen=True)
class Environment:
    """A Python with one version of the SDK."""

    python: Path

    def run(self, *arguments: str) -> str:
        """Run its Python in the project's root; return what it prints."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            [str(self.python), *arguments],
            check=False,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
        if ran.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed in {self.python}:\n{ran.stderr}")
        return ran.stdout

    def listing(self) -> dict[str, Any]:
        """Return the scenarios that it runs, why it does not run the others, and what its telemetry does not tell."""
        found: dict[str, Any] = json.loads(self.run("-m", PROGRAMS, "--list"))
        return found

    def folders(self) -> Mapping[str, str]:
        """Return what stack traces name here, and what they shall name."""
        purelib, stdlib = json.loads(self.run("-c", _FOLDERS))
        return {
            purelib: "/srv/orders/.venv/lib/python3.11/site-packages",
            str(ROOT / "tests" / "recordings" / "programs"): "/srv/orders/app",
            stdlib: "/usr/lib/python3.11",
        }


def environment_of(version: str, cache: Path) -> Environment:
    """Return the environment of a version, made when it is not there yet."""
    folder = cache / version
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.is_file():
        venv.create(folder, with_pip=True)
        install = ("-m", "pip", "install", "--quiet", f"junjo=={version}", *_EXPORTER)
        subprocess.run([str(python), *install], check=True, timeout=600)
    return Environment(python)


def record(environment: Environment, scenario: str) -> tuple[list[tuple[Signal, bytes]], dict[str, Any]]:
    """Run one scenario; return the requests that it sent and what it really did."""
    with TemporaryDirectory() as folder, recording() as (recorder, port):
        page = Path(folder) / "page.json"
        environment.run("-m", PROGRAMS, scenario, f"127.0.0.1:{port}", str(page))
        done: dict[str, Any] = json.loads(page.read_text(encoding="utf-8"))
    folders = environment.folders()
    sent = [(signal, without_local_paths(signal, body, folders)) for signal, body in recorder.requests]
    for local in (str(ROOT), str(Path.home()), str(environment.python.parents[1])):
        if any(local.encode() in body for _, body in sent):
            raise RuntimeError(f"The recording of {scenario} would name {local}.")
    return sent, done


def write(version: str, scenario: str, sent: Sequence[tuple[Signal, bytes]], done: dict[str, Any]) -> Path:
    """Write one recording and its expected page."""
    path = DATA / version / f"{scenario}.otlp"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_recording(path, sent)
    write_json(path.with_suffix(".expected.json"), done)
    return path


def write_json(path: Path, value: object) -> None:
    """Write data for people to read and git to compare: what fits into a line stands in one."""
    path.write_text(_lines(value, 0) + "\n", encoding="utf-8")


def _lines(value: object, depth: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if depth + len(flat) <= _WIDTH or not value or not isinstance(value, dict | list):
        return flat
    inner, pad = depth + 1, " " * (depth + 1)
    if isinstance(value, dict):
        parts = [f"{pad}{json.dumps(key)}: {_lines(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * depth + "}"
    return "[\n" + ",\n".join(pad + _lines(item, inner) for item in value) + "\n" + " " * depth + "]"


def main(arguments: Sequence[str]) -> None:
    """Record what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.recordings.record", description=__doc__.splitlines()[0])
    parser.add_argument("--version", action="append", help=f"of Junjo; repeatable (default: {', '.join(VERSIONS)})")
    parser.add_argument("--scenario", action="append", help="repeatable (default: all)")
    default = user_cache_path("junjo-desktop-tests") / "recordings"
    parser.add_argument("--cache", type=Path, default=default, help="folder of the environments (default: %(default)s)")
    given = parser.parse_args(arguments)
    for version in given.version or VERSIONS:
        environment = environment_of(version, given.cache)
        listing = environment.listing()
        for scenario in listing["scenarios"]:
            if scenario in (given.scenario or listing["scenarios"]):
                path = write(version, scenario, *record(environment, scenario))
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes", flush=True)
        for note in ("missing", "untold"):
            write_json(DATA / version / f"{note}.json", listing[note])


if __name__ == "__main__":
    main(sys.argv[1:])

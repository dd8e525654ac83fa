"""Record real instrumentations: `python -m tests.captures.record [--package P] [--scenario S] [--cache FOLDER]`.

Every instrumentation gets an environment of its own in a cache folder (`environments`). Each scenario runs there in a
process of its own (`programs`), asks the stand-in for the providers and sends, with OpenTelemetry's exporter, to a gRPC
server here; both on this computer. What was asked and answered is noted by the stand-in, never read from telemetry.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from platformdirs import user_cache_path

from junjo_desktop.samples import write_recording
from junjo_desktop.telemetry.intake import Signal
from resources.samples.record import recording
from tests.captures.environments import NODE_PACKAGES, environment_of, node_environment_of
from tests.captures.load import DATA
from tests.captures.programs.under import NODE_PROGRAMS, SCENARIOS, settings_of
from tests.recordings.record import write_json
from tests.support.provider import script
from tests.support.provider.server import provider

ROOT = Path(__file__).parents[2]
PROGRAMS = "tests.captures.programs"
_TIMEOUT_S = 120
_REQUESTS: Mapping[Signal, type[Message]] = {
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
}


@dataclass(frozen=True)
class Program:
    """How a package's program is run: with which command, in which folder; and where that package lies."""

    command: tuple[str, ...]
    folder: Path
    home: Path


def program_of(package: str, cache: Path) -> Program:
    """Return the program of a package, with its environment made."""
    if package not in NODE_PACKAGES:
        python = environment_of(package, cache)
        return Program((str(python), "-m", PROGRAMS, package), ROOT, python.parents[1])
    folder, source = node_environment_of(package, cache), ROOT / "tests/captures/programs" / NODE_PROGRAMS[package]
    shutil.copy(source, folder)
    return Program((shutil.which("node") or "node", source.name), folder, folder)


def record(program: Program, package: str, scenario: str) -> tuple[list[tuple[Signal, bytes]], list[dict[str, Any]]]:
    """Run one scenario; return the requests that it sent and the exchanges that it had."""
    with recording() as (recorder, port), provider() as stand_in:
        ran = subprocess.run(
            [*program.command, scenario, f"http://127.0.0.1:{port}", stand_in.url],
            check=False,
            cwd=program.folder,
            env={
                **settings_of(package, scenario),
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "SCRIPT": json.dumps(_script()),
            },
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
        if ran.returncode:
            raise RuntimeError(f"{package} {scenario} failed:\n{ran.stdout}\n{ran.stderr}")
        exchanges = [exchange.to_json() for exchange in stand_in.exchanges]
        requests: list[tuple[Signal, bytes]] = [
            (signal, body) for signal, body in recorder.requests if signal is not Signal.METRICS
        ]
    folders = {str(path): "/srv/guide/site-packages" for path in program.home.glob("lib/python*/site-packages")}
    folders |= {
        str(ROOT / "tests" / "captures"): "/srv/guide/app",
        str(program.home): "/srv/guide/.venv",
        str(Path(program.command[0]).resolve().parents[1]): "/usr",
    }
    sent = [(signal, _elsewhere(signal, body, folders)) for signal, body in requests if signal in _REQUESTS]
    for local in (str(ROOT), str(Path.home()), str(program.home)):
        if any(local.encode() in body for _, body in sent):
            raise RuntimeError(f"The capture of {package} {scenario} would name {local}.")
    return sent, exchanges


def _script() -> dict[str, Any]:
    """Return what programs ask, for those that cannot import it."""
    return {name: value for name, value in vars(script).items() if name.isupper() and not name.startswith("_")}


def _elsewhere(signal: Signal, body: bytes, folders: Mapping[str, str]) -> bytes:
    """Replace this machine's folders in every text by those of an invented server."""
    request = _REQUESTS[signal].FromString(body)
    _replace(request, folders)
    return request.SerializeToString()


def _replace(message: Message, folders: Mapping[str, str]) -> None:
    for field, value in message.ListFields():
        if isinstance(value, str):
            for here, there in folders.items():
                value = value.replace(here, there)  # noqa: PLW2901 - each folder in turn
            setattr(message, field.name, value)
        elif field.message_type is not None:
            for inner in value if field.is_repeated else (value,):
                _replace(inner, folders)


def write(package: str, scenario: str, sent: Sequence[tuple[Signal, bytes]], exchanges: list[dict[str, Any]]) -> Path:
    """Write one capture and what must be read from it."""
    path = DATA / package / f"{scenario}.otlp"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_recording(path, sent)
    write_json(path.with_suffix(".expected.json"), exchanges)
    return path


def main(arguments: Sequence[str]) -> None:
    """Record what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.captures.record", description=__doc__.splitlines()[0])
    parser.add_argument("--package", action="append", help="repeatable (default: all)")
    parser.add_argument("--scenario", action="append", help="repeatable (default: all)")
    default = user_cache_path("junjo-desktop-tests") / "captures"
    parser.add_argument("--cache", type=Path, default=default, help="folder of the environments (default: %(default)s)")
    given = parser.parse_args(arguments)
    failed = []
    for package in given.package or SCENARIOS:
        program = program_of(package, given.cache)
        for scenario in SCENARIOS[package]:
            if scenario not in (given.scenario or SCENARIOS[package]):
                continue
            try:
                path = write(package, scenario, *record(program, package, scenario))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failed.append(f"{package} {scenario}: {error}")
                continue
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes", flush=True)
    if failed:
        raise SystemExit("\n\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1:])

"""The snippets, run as they stand in programs of their own: what they send arrives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from junjo_desktop.app import Engine
from junjo_desktop.receiver.snippets import SNIPPETS, Target
from tests.features.connect.stand_ins import write_stand_ins

ONE_SPAN = """
from opentelemetry import trace as _trace
with _trace.get_tracer("test").start_as_current_span("hello"):
    pass
"""
BY_ENVIRONMENT = """
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
"""
SERVICES = "SELECT service_name FROM spans"


def write(which: str, target: Target) -> str:
    snippet_id, _, version = which.partition("/")
    found = next(snippet for snippet in SNIPPETS if snippet.id == snippet_id)
    return next(variant for variant in found.variants if variant.title == version).write(target)


def port(engine: Engine) -> int:
    return next(listener.port for listener in engine.listeners if listener.purpose == "OTLP/gRPC")


def run(program: str, packages: Path | None = None) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    if packages is not None:
        environment["PYTHONPATH"] = str(packages)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, env=environment)


def arrived(engine: Engine) -> list[str]:
    assert engine.indexer.drain(10)
    return [service for (service,) in engine.read(lambda cursor: cursor.execute(SERVICES).fetchall())]


@pytest.mark.parametrize("which", ["junjo/0.66 and newer", "opentelemetry/any version"])
def test_a_snippet_with_a_key_sends(engine: Engine, which: str) -> None:
    secret = engine.api_keys.create("snippet").secret
    run(write(which, Target(port(engine), secret)) + ONE_SPAN)
    assert arrived(engine) == ["my-program"]


@pytest.mark.parametrize("which", ["junjo/0.66 and newer", "opentelemetry/any version"])
def test_a_snippet_without_a_key_sends_where_none_is_needed(engine: Engine, which: str) -> None:
    engine.receiver.keys_required = False
    run(write(which, Target(port(engine))) + ONE_SPAN)
    assert arrived(engine) == ["my-program"]


def test_without_its_key_a_snippet_is_refused(engine: Engine) -> None:
    run(write("opentelemetry/any version", Target(port(engine))) + ONE_SPAN)
    assert arrived(engine) == []
    assert [refusal.reason.value for refusal in engine.report().refusals] == ["no key"]


def test_the_shell_variables_are_all_a_program_needs(engine: Engine, tmp_path: Path) -> None:
    target = Target(port(engine), engine.api_keys.create("snippet").secret)
    (tmp_path / "program.py").write_text(BY_ENVIRONMENT + ONE_SPAN)
    script = f"{write('environment/sh, bash, zsh', target)}\n{sys.executable} {tmp_path / 'program.py'}"
    subprocess.run(["/bin/sh", "-c", script], check=True, timeout=60)
    assert arrived(engine) == ["my-program"]


def test_a_dotenv_file_is_all_a_program_needs(engine: Engine) -> None:
    lines = write("environment/.env file", Target(port(engine), engine.api_keys.create("snippet").secret)).splitlines()
    variables = dict(line.split("=", 1) for line in lines)
    program = [sys.executable, "-c", BY_ENVIRONMENT + ONE_SPAN]
    subprocess.run(program, check=True, timeout=60, env=os.environ | variables)
    assert arrived(engine) == ["my-program"]


@pytest.mark.parametrize("which", ["junjo/0.62 to 0.65", "junjo/0.61 and older"])
def test_older_junjo_versions_are_called_as_they_want_it(engine: Engine, tmp_path: Path, which: str) -> None:
    secret = engine.api_keys.create("snippet").secret
    run(write(which, Target(port(engine), secret)) + ONE_SPAN, write_stand_ins(tmp_path / "packages"))
    assert arrived(engine) == ["my-program"]


def test_openinference_gets_the_provider_that_sends_here(engine: Engine, tmp_path: Path) -> None:
    target = Target(port(engine), engine.api_keys.create("snippet").secret)
    run(write("openinference/OpenAI", target), write_stand_ins(tmp_path / "packages"))
    assert arrived(engine) == ["my-program"]

"""What to put into a program so that its telemetry arrives here: the real port and the real key, ready to run.

Qt-free: the Connect page, the command line and the README show the same text. Each function returns a whole program
start-up (or environment), because half a snippet is what people get wrong.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

KEY_HEADER = "x-junjo-api-key"
PLACEHOLDER = "YOUR-KEY"
SERVICE_NAME = "my-program"
MASK = "•" * 12


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send. `key` is the secret of an API key, or None where no key is asked for; never shown in a repr."""

    port: int
    key: str | None = field(default=None, repr=False)
    host: str = "localhost"

    @property
    def endpoint(self) -> str:
        """`host:port`, as gRPC writes it."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a snippet: for a range of versions, or for a shell."""

    title: str
    language: str  # "python", "shell", "powershell" or "dotenv"
    write: Callable[[Target], str]


@dataclass(frozen=True, slots=True)
class Snippet:
    """One tab of the Connect page. `install` is the command that brings what the snippet imports; empty for none."""

    id: str
    title: str
    install: str
    variants: tuple[Variant, ...]


def mask(text: str, secret: str | None) -> str:
    """Return `text` with `secret` covered, in every spelling a snippet uses."""
    spellings = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]} if secret else set()
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, MASK)
    return text


def _text(value: str) -> str:
    # JSON's strings are Python's strings too, with double quotes.
    return json.dumps(value)


def _junjo(target: Target) -> str:
    return _junjo_program(
        "from junjo.telemetry.junjo_otel_exporter import JunjoOtelExporter",
        "JunjoOtelExporter",
        f"    endpoint={_text(target.endpoint)},\n",
        target,
    )


def _junjo_host_and_port(target: Target) -> str:
    return _junjo_program(
        "from junjo.telemetry.junjo_otel_exporter import JunjoOtelExporter",
        "JunjoOtelExporter",
        f"    host={_text(target.host)},\n    port={_text(str(target.port))},\n",
        target,
    )


def _junjo_server(target: Target) -> str:
    return _junjo_program(
        "from junjo.telemetry.junjo_server_otel_exporter import JunjoServerOtelExporter",
        "JunjoServerOtelExporter",
        f"    host={_text(target.host)},\n    port={_text(str(target.port))},\n",
        target,
    )


def _junjo_program(import_line: str, exporter: str, address: str, target: Target) -> str:
    # The SDK's constructor insists on a key; where none is asked for, an empty one is sent and not looked at.
    key = _text(target.key or "")
    return f"""\
{import_line}
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

provider = TracerProvider(resource=Resource.create({{"service.name": {_text(SERVICE_NAME)}}}))
exporter = {exporter}(
{address}    api_key={key},
    insecure=True,
)
provider.add_span_processor(exporter.span_processor)
trace.set_tracer_provider(provider)
"""


def _opentelemetry(target: Target) -> str:
    return f"""\
from opentelemetry import trace
{_provider(target)}trace.set_tracer_provider(provider)
"""


def _openinference(target: Target) -> str:
    return f"""\
from openinference.instrumentation.openai import OpenAIInstrumentor
{_provider(target)}OpenAIInstrumentor().instrument(tracer_provider=provider)
"""


def _provider(target: Target) -> str:
    headers = f"    headers={{{_text(KEY_HEADER)}: {_text(target.key)}}},\n" if target.key else ""
    return f"""\
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider(resource=Resource.create({{"service.name": {_text(SERVICE_NAME)}}}))
exporter = OTLPSpanExporter(
    endpoint={_text(target.endpoint)},
{headers}    insecure=True,
)
provider.add_span_processor(BatchSpanProcessor(exporter))
"""


def environment(target: Target) -> dict[str, str]:
    """Return the variables every OpenTelemetry SDK reads; header values are percent-encoded, as specified."""
    variables = {
        "OTEL_SERVICE_NAME": SERVICE_NAME,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{target.endpoint}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
    }
    if target.key:
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = f"{KEY_HEADER}={quote(target.key, safe='')}"
    return variables


def _shell(target: Target) -> str:
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment(target).items())


def _powershell(target: Target) -> str:
    return "".join(f"$env:{name} = '{value}'\n" for name, value in environment(target).items())


def _dotenv(target: Target) -> str:
    return "".join(f"{name}={value}\n" for name, value in environment(target).items())


SNIPPETS: tuple[Snippet, ...] = (
    Snippet(
        "junjo",
        "Junjo",
        "pip install junjo",
        (
            Variant("0.66 and newer", "python", _junjo),
            Variant("0.62 to 0.65", "python", _junjo_host_and_port),
            Variant("0.61 and older", "python", _junjo_server),
        ),
    ),
    Snippet(
        "opentelemetry",
        "OpenTelemetry Python",
        "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-grpc",
        (Variant("any version", "python", _opentelemetry),),
    ),
    Snippet(
        "environment",
        "Environment variables",
        "",
        (
            Variant("sh, bash, zsh", "shell", _shell),
            Variant("PowerShell", "powershell", _powershell),
            Variant(".env file", "dotenv", _dotenv),
        ),
    ),
    Snippet(
        "openinference",
        "OpenInference",
        "pip install openinference-instrumentation-openai opentelemetry-sdk opentelemetry-exporter-otlp-proto-grpc",
        (Variant("OpenAI", "python", _openinference),),
    ),
)
"""The tabs of the Connect page, in order."""

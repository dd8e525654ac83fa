"""Packages that are not installed for the tests, as far as the snippets use them, written out for a child process.

The constructors are those of the published packages: junjo 0.61.1, junjo 0.62.0 to 0.65.0 (both were read), and
openinference-instrumentation-openai 0.1.66.
"""

from __future__ import annotations

from pathlib import Path

_OLD_JUNJO = """
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor

class {name}:
    def __init__(self, host: str, port: str, api_key: str, insecure: bool = False):
        headers = (("x-junjo-api-key", api_key),)
        self.span_processor = BatchSpanProcessor(
            OTLPSpanExporter(endpoint=f"{{host}}:{{port}}", insecure=insecure, headers=headers, timeout=120)
        )
"""

_OPENINFERENCE = '''
class OpenAIInstrumentor:
    """Instead of waiting for a call of OpenAI, it makes a span at once."""
    def instrument(self, *, tracer_provider):
        with tracer_provider.get_tracer("openinference").start_as_current_span("ChatCompletion"):
            pass
'''

_FILES = {
    # Without these two, the installed package of the same name would win.
    "junjo/__init__.py": "",
    "junjo/telemetry/__init__.py": "",
    "junjo/telemetry/junjo_server_otel_exporter.py": _OLD_JUNJO.format(name="JunjoServerOtelExporter"),
    "junjo/telemetry/junjo_otel_exporter.py": _OLD_JUNJO.format(name="JunjoOtelExporter"),
    "openinference/instrumentation/openai.py": _OPENINFERENCE,
}


def write_stand_ins(folder: Path) -> Path:
    """Write the packages into `folder`, to be put on a child's `PYTHONPATH`."""
    for name, source in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return folder

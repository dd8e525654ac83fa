"""The newest Junjo SDK, with its own exporter and its documented setup, in programs of their own."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from junjo_desktop.samples import read_recording, recordings
from junjo_desktop.telemetry.intake import Signal
from resources.samples.record import PROGRAMS, ROOT
from tests.sdk.conftest import Running
from tests.sdk.observed import REQUESTS, sent, stored, stored_spans
from tests.sdk.proxy import proxy_to

# The setup that Junjo's documentation gives, shortened to what matters here.
DOCUMENTED = """
import asyncio, sys
from junjo import BaseState, BaseStore, Graph, Node, Workflow
from junjo.telemetry.junjo_otel_exporter import JunjoOtelExporter
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

class State(BaseState):
    count: int = 0

class Store(BaseStore[State]):
    async def set_count(self, count):
        await self.set_state({"count": count})

class Count(Node[Store]):
    async def service(self, store):
        await store.set_count(41 + 1)

def graph():
    node = Count()
    return Graph(source=node, sinks=[node], edges=[])

exporter = JunjoOtelExporter(endpoint=f"localhost:{sys.argv[1]}", api_key=sys.argv[2], insecure=True)
provider = TracerProvider(resource=Resource.create({"service.name": "my-ai-workflow"}))
provider.add_span_processor(exporter.span_processor)
trace.set_tracer_provider(provider)
asyncio.run(Workflow(name="counting", graph_factory=graph, store_factory=lambda: Store(State())).execute())
provider.shutdown()
"""


def _run(*arguments: str, cwd: Path = ROOT) -> None:
    outcome = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr


def test_the_documented_setup_works_with_this_port_and_key(running: Running, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(DOCUMENTED)
    _run(str(program), str(running.port), running.api_key, cwd=tmp_path)
    spans = {span.name: span for span in stored_spans(running.engine)}
    workflow, node = spans["counting"], spans["Count"]
    assert (workflow.span_type, node.span_type) == ("workflow", "node")
    assert node.parent_span_id == workflow.span_id
    assert node.events_json[0]["attributes"]["junjo.store.action"] == "set_count"
    assert workflow.attributes_json["junjo.workflow.state.end"] == '{"count":42}'


@pytest.mark.parametrize("program", ["shop", "planner"])
def test_everything_a_junjo_program_sends_is_stored_once_and_equal(running: Running, program: str) -> None:
    with proxy_to(running.port) as (proxy, port):
        _run("-m", f"resources.samples.programs.{program}", f"localhost:{port}", "--api-key", running.api_key)
        for signal in Signal:
            assert stored(running.engine, signal) == sent(signal, proxy.bodies(signal))


@pytest.mark.parametrize("program", PROGRAMS)
def test_sample_programs_still_do_what_their_recordings_claim(running: Running, program: str) -> None:
    _run("-m", f"resources.samples.programs.{program}", f"localhost:{running.port}", "--api-key", running.api_key)
    (recording,) = (path for path in recordings() if path.stem == program)
    claimed: Counter[tuple[str, str, str, int]] = Counter()
    for signal, body in read_recording(recording):
        if signal is Signal.TRACES:
            for resource in REQUESTS[signal].FromString(body).resource_spans:
                service = {each.key: each.value.string_value for each in resource.resource.attributes}["service.name"]
                for scope in resource.scope_spans:
                    claimed.update((service, span.name, scope.scope.name, span.status.code) for span in scope.spans)
    found = Counter(
        (span.service_name, span.name, span.scope.name, span.status_code) for span in stored_spans(running.engine)
    )
    assert found == claimed

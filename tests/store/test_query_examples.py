"""The examples of the README, asked of the recorded samples: each finds something, and just what it should."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.samples import read_recording, recordings
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.lookup import find, trace
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.query.parsing import parse
from tests.store.query_reference import Stored, matches
from tests.support.stored import StoredTelemetry

EXAMPLES = (
    "refund",
    '"cannot be read"',
    "tea -order",
    "service:checkout",
    "name:report status:error",
    "type:agent OR type:tool",
    "model:claude -model:haiku",
    'model in (gpt-4o, "gpt-4o-mini")',
    "provider exists",
    "tokens > 500",
    "duration > 2s",
    "error = true -message:tool",
    'name ~ "^(SELECT|INSERT) "',
    "http.response.status_code >= 500",
    "db.system.name = postgresql",
    "resource.host.name exists",
    "event.name:exception",
    'event.exception.message:"503"',
    "{type:llm model:gpt-4o duration > 1s}",
    "{type:workflow} >> {type:tool error = true}",
    "{type:agent} > {type:llm}",
    "{type:http} > {type:database} service:inventory",
    "{name:weekly_report} >> {type:concurrent} > {type:node}",
    "-{type:llm}",
    "(service:batch OR service:evals) type:llm",
    "cost > $0.001",
    "{cost > $0.0001 tokens > 200}",
    "scope:openinference",
)


def readme_examples() -> list[str]:
    """Return what stands in the first column of the README's table of queries; what is cut short is no query."""
    section = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").partition("## Asking\n")[2]
    rows = re.findall(r"^\| (`.*?) \|", section.partition("\n## ")[0].replace("\\|", "\x00"), re.MULTILINE)
    examples = [example.replace("\x00", "|") for row in rows for example in re.findall(r"`([^`]+)`", row)]
    return [example for example in examples if "…" not in example]


def test_the_readme_has_examples() -> None:
    assert len(readme_examples()) > 10


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """A store with the recorded samples, each once."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("samples"))
    for path in recordings():
        bodies = [body for signal, body in read_recording(path) if signal is Signal.TRACES]
        stored.add(*map(ExportTraceServiceRequest.FromString, bodies))
    calls = CallIndexing(stored.store)
    while calls.step():
        pass
    yield stored
    stored.close()


@pytest.fixture(scope="module")
def traces(samples: StoredTelemetry) -> Mapping[str, Stored]:
    """The samples, by trace."""
    ids = [trace_id for (trace_id,) in samples.read(lambda c: c.execute("SELECT trace_id FROM traces").fetchall())]
    priced = "SELECT span_id, cost FROM calls WHERE cost IS NOT NULL"
    costs = dict(samples.read(lambda cursor: cursor.execute(priced).fetchall()))
    return {
        each: Stored([listed.span for listed in samples.read(partial(trace, trace_id=each))], costs=costs)
        for each in ids
    }


@pytest.mark.parametrize("text", dict.fromkeys((*EXAMPLES, *readme_examples())))
def test_an_example_finds_what_it_says(samples: StoredTelemetry, traces: Mapping[str, Stored], text: str) -> None:
    query = parse(text)
    assert query is not None
    found = [listed.span.trace_id for listed in samples.read(partial(find, query=text))]
    now_ns = time.time_ns()
    assert set(found) == {
        trace_id for trace_id, stored in traces.items() if matches(query, replace(stored, now_ns=now_ns))
    }
    # How old the samples are, nobody knows; and their calls were cheap.
    assert 0 < len(found) < len(traces) or "time" in text or "$0.05" in text
    assert len(set(found)) == len(found)


def test_moments_are_reckoned_from_now(samples: StoredTelemetry) -> None:
    everything = len(samples.read(partial(find, query="time > 2000-01-01")))
    assert everything == len(samples.read(partial(find, query="")))
    assert samples.read(partial(find, query="time < 20000d ago")) == []

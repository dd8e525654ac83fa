"""The sample recordings, replayed into a real receiver."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter

import pytest

from junjo_desktop.errors import UserError
from junjo_desktop.samples import COPIES, read_recording, recordings, replay, write_recording
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.span import Span
from resources.samples.record import ROOT
from tests.sdk.conftest import Running
from tests.sdk.observed import sent, stored, stored_spans

HOUR_NS = 3_600_000_000_000


def _recorded(signal: Signal) -> int:
    bodies = [body for path in recordings() for found, body in read_recording(path) if found is signal]
    return sent(signal, bodies).total()


def test_every_sample_span_arrives_once(running: Running) -> None:
    acknowledged = replay(running.port, running.api_key)
    assert acknowledged == COPIES * _recorded(Signal.TRACES)
    spans = stored_spans(running.engine)
    assert len(spans) == acknowledged
    assert stored(running.engine, Signal.LOGS).total() == COPIES * _recorded(Signal.LOGS)
    assert stored(running.engine, Signal.METRICS).total() == _recorded(Signal.METRICS)


def test_samples_seem_to_be_of_the_last_day_and_end_now(running: Running) -> None:
    now = time.time_ns()
    replay(running.port, running.api_key, now_ns=now)
    spans = stored_spans(running.engine)
    assert now - 26 * HOUR_NS < min(span.start_ns for span in spans)
    assert now - 5_000_000_000 < max(span.end_ns for span in spans) <= now
    assert all(span.duration_ns > 0 for span in spans)


def test_copies_keep_the_shape_of_their_traces(running: Running) -> None:
    replay(running.port, running.api_key)
    spans = stored_spans(running.engine)
    by_trace: dict[str, set[str]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, set()).add(span.span_id)
    shapes = Counter(
        (span.name, span.parent_span_id is None, span.parent_span_id in by_trace[span.trace_id]) for span in spans
    )
    assert all(count % COPIES == 0 for count in shapes.values())
    for span in spans:
        for link in span.links_json:
            linked, has = link["traceId"], by_trace.get(link["traceId"], set())
            # A link of a trace whose root never came still leads to a stored span.
            assert link["spanId"] in has, f"{span.name} links to {linked}, which is not stored"


def test_a_second_replay_adds_as_much_again(running: Running) -> None:
    first = replay(running.port, running.api_key)
    second = replay(running.port, running.api_key, now_ns=time.time_ns() + 1)
    assert len(stored_spans(running.engine)) == first + second


def test_ids_of_a_run_are_those_of_no_other_copy(running: Running) -> None:
    replay(running.port, running.api_key)
    workflows = [span for span in stored_spans(running.engine) if span.junjo_span_type in {"workflow", "agent"}]
    assert len({span.junjo_runtime_id for span in workflows}) == len(workflows)
    stores = {str(span.attributes_json.get("junjo.workflow.store.id", span.span_id)) for span in workflows}
    assert len(stores) == len(workflows)
    for span in workflows:
        graph = span.attributes_json.get("junjo.workflow.execution_graph_snapshot")
        if isinstance(graph, str):
            nodes = {node["nodeRuntimeId"] for node in json.loads(graph)["nodes"]}
            inside = {each.junjo_runtime_id for each in stored_spans(running.engine) if each.trace_id == span.trace_id}
            assert nodes & inside


def test_the_samples_show_what_every_screen_needs(running: Running) -> None:
    replay(running.port, running.api_key)
    spans = stored_spans(running.engine)
    types = {span.span_type for span in spans}
    assert types >= {"workflow", "subflow", "node", "concurrent", "agent", "llm", "embedding", "tool", "retrieval"}
    assert types >= {"database", "http"}
    assert {span.status_code for span in spans} == {0, 1, 2}
    assert any(span.dropped_events_count for span in spans)
    assert any("junjo.cancelled" in span.attributes_json for span in spans)
    assert len({span.service_name for span in spans}) >= 7
    by_trace: dict[str, list[bool]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, []).append(span.parent_span_id is None)
    assert 100 <= len(by_trace) <= 175
    assert any(not any(roots) for roots in by_trace.values()), "a trace whose root never arrives"
    assert len({(span.llm_provider, span.llm_model) for span in spans if span.llm_model}) >= 6
    assert sum(span.input_tokens or 0 for span in spans) > 10_000


def _kinds(spans: list[Span]) -> set[str]:
    """What is worth seeing in one trace."""
    failed = {span.name for span in spans if "error.type" in span.attributes_json}
    types = Counter(span.span_type for span in spans)
    events = {(span.span_type, event["name"]) for span in spans for event in span.events_json}
    looped = max(Counter(span.name for span in spans if span.span_type == "node").values(), default=0) > 1
    inside_a_model = ("llm", "set_state") in events and types["concurrent"]
    found = {
        "failed in a loop": failed >= {"handle_message", "AnswerSubflow", "Draft"} and looped and inside_a_model,
        "failed at once": failed == {"weekly_report", "Gather", "LoadReviews"},
        "failed in an agent's tool": failed >= {"weekly_report", "Edit", "edit_report", "tool style_guide"},
        "failed agent": failed >= {"plan_route", "tool measure"},
        "cancelled": any("junjo.cancelled" in span.attributes_json for span in spans),
        "hook": ("node", "junjo.hook_error") in events,
        "subflow twice": types["subflow"] == 2,
        "without its owner": types["node"] > 0 and not types["workflow"],
    }
    return {kind for kind, holds in found.items() if holds} | {"any"}


def test_the_samples_have_runs_of_every_kind(running: Running) -> None:
    replay(running.port, running.api_key)
    traces: dict[str, list[Span]] = {}
    for span in stored_spans(running.engine):
        traces.setdefault(span.trace_id, []).append(span)
    kinds = Counter(kind for spans in traces.values() for kind in _kinds(spans))
    assert len(kinds) == 9, kinds
    assert min(kinds.values()) >= COPIES
    for name in ("handle_message", "weekly_report"):
        durations = {span.duration_ns for spans in traces.values() for span in spans if span.name == name}
        assert len(durations) >= 5 * COPIES
        assert max(durations) > 3 * min(durations)


def test_a_closed_port_is_the_users_to_mend(running: Running) -> None:
    running.engine.stop()
    with pytest.raises(UserError, match=str(running.port)):
        replay(running.port, running.api_key)


def test_a_wrong_key_is_the_users_to_mend_and_is_not_shown(running: Running) -> None:
    with pytest.raises(UserError) as raised:
        replay(running.port, "jk_secret_of_someone")
    assert "jk_secret_of_someone" not in str(raised.value)


def test_a_recording_is_read_as_it_was_written(running: Running) -> None:
    requests = [(Signal.TRACES, b"\x00" * 70_000), (Signal.LOGS, b""), (Signal.METRICS, b"m")]
    path = running.engine.data_dir.root / "again.otlp"
    write_recording(path, requests)
    assert list(read_recording(path)) == requests


def test_importing_the_samples_loads_neither_grpc_nor_qt() -> None:
    program = "import sys, junjo_desktop.samples; print([m for m in ('grpc', 'PySide6', 'google') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

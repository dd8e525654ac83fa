"""Real runs of which something is lost: nothing raises, and what is still called exact is what really was."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.errors import NotFoundError
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.telemetry.junjo.state import Certainty, reconstruct
from tests.recordings.load import Recording, recordings, spans_of
from tests.recordings.page import runs_of
from tests.recordings.record import VERSIONS

NUMBERED = [one for one in recordings(VERSIONS[-1]) if not one.scenario.startswith("killed")]
UNNUMBERED = [one for one in recordings() if one.version != VERSIONS[-1] and not one.scenario.startswith("killed")]


@settings(max_examples=150)
@given(st.sampled_from(NUMBERED), st.data())
def test_of_numbered_updates_anything_may_be_lost(one: Recording, data: st.DataObject) -> None:
    spans = _spans(one)
    kept = data.draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    left = [span for span, is_kept in zip(spans, kept, strict=True) if is_kept]
    for span in left:
        if len(span.events) and data.draw(st.booleans()):
            _drop_oldest(span, data.draw(st.integers(1, len(span.events))))
    _check(one, data, left)


@settings(max_examples=150)
@given(st.sampled_from(UNNUMBERED), st.data())
def test_of_updates_without_numbers_those_may_be_lost_that_opentelemetry_drops(
    one: Recording, data: st.DataObject
) -> None:
    spans = _spans(one)
    for span in spans:
        if len(span.events) and data.draw(st.booleans()):
            _drop_oldest(span, data.draw(st.integers(1, len(span.events))))
    _check(one, data, spans)


@settings(max_examples=150)
@given(st.sampled_from(UNNUMBERED), st.data())
def test_a_run_whose_owner_has_not_arrived_has_no_exact_state(one: Recording, data: st.DataObject) -> None:
    owners = {numbered.run.span_id for numbered in runs_of(one)}
    left = [span for span in _spans(one) if span.span_id.hex() not in owners]
    for run in _check(one, data, left):
        for record in run.stores:
            if record.owner_span_id is None:
                assert all(step.certainty is not Certainty.EXACT for step in reconstruct(record).transitions)


def _check(one: Recording, data: st.DataObject, spans: list[OtlpSpan]) -> list[Run]:
    """Build every run there is, from spans that arrive in any order, and compare what is called exact."""
    truth, runs = _truth(one), []
    arrived = spans_of(_request(one, data.draw(st.permutations(spans))))
    for span_id in [None, *(span.span_id for span in arrived if span.junjo_span_type is not None)]:
        try:
            run = build_run(arrived, span_id)
        except NotFoundError:
            continue
        runs.append(run)
        for record in run.stores:
            history = reconstruct(record)
            for step in history.transitions:
                after = history.state_after(step.position)
                if after.certainty is Certainty.EXACT:
                    assert after.value == truth[step.event.event_id]
    return runs


@cache
def _truth(one: Recording) -> dict[str | None, Any]:
    """Return the true state after each update that was sent, by the id of its event."""
    found: dict[str | None, Any] = {}
    for numbered in runs_of(one):
        for owner, history in numbered.histories().items():
            (told,) = (store for store in one.expected["stores"] if store["owner"] == owner)
            kept = [step for at, step in enumerate(told["transitions"]) if at not in told["lost"]]
            for step, true in zip(history.transitions, kept, strict=True):
                found[step.event.event_id] = true["state"]
    return found


def _spans(one: Recording) -> list[OtlpSpan]:
    (request,) = one.requests
    return [span for scope in request.resource_spans[0].scope_spans for span in scope.spans]


def _request(one: Recording, spans: list[OtlpSpan]) -> ExportTraceServiceRequest:
    (request,) = one.requests
    del request.resource_spans[0].scope_spans[1:]
    del request.resource_spans[0].scope_spans[0].spans[:]
    request.resource_spans[0].scope_spans[0].spans.extend(spans)
    return request


def _drop_oldest(span: OtlpSpan, count: int) -> None:
    del span.events[:count]
    span.dropped_events_count += count

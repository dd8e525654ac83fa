"""Whatever arrives, in whatever shape: a run is built, whole and in order, or it is not found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.errors import NotFoundError
from junjo_desktop.telemetry.junjo.executable import OWNER_TYPES
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.telemetry.span import Span
from tests.recordings.load import Recording, recordings, spans_of
from tests.support import otlp
from tests.telemetry.junjo.program import Program, graph_v2, group, id_of, set_state, subflow
from tests.telemetry.stored import PATIENT

KEYS = "ABCDEF"
keys = st.sampled_from(KEYS)
junk: st.SearchStrategy[otlp.Value] = st.one_of(
    st.integers(-5, 5), st.booleans(), st.none(), st.binary(max_size=3), st.lists(keys, max_size=2), st.text(max_size=3)
)
GRAPHS = (
    graph_v2("A", "B", "C", edges=[("A", "B"), ("B", "A", "Again"), ("B", "C"), ("B", "C", "Or")]),
    graph_v2(
        "A", group("B", "C", "D"), "C", "D", subflow("E", "graph_1", "F", "F"), "F", edges=[("A", "B"), ("B", "E")]
    ),
)
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "junjo__span_type": st.sampled_from(["workflow", "subflow", "node", "run_concurrent", "agent", "odd"]),
    "junjo__id": keys,
    "junjo__parent_id": keys,
    "junjo__executable_runtime_id": keys,
    "junjo__executable_definition_id": keys,
    "junjo__executable_structural_id": st.sampled_from(["graph_1", "node_A", "agent_1"]),
    "junjo__enclosing_graph_structural_id": st.just("graph_1"),
    "junjo__parent_executable_runtime_id": keys,
    "junjo__parent_executable_definition_id": keys,
    "junjo__parent_executable_structural_id": st.sampled_from(["graph_1", "node_A", "agent_1"]),
    "junjo__parent_executable_type": st.sampled_from(["workflow", "agent", "node"]),
    "junjo__agent__runtime_id": keys,
    "junjo__workflow__store__id": keys,
    "junjo__workflow__node__count": st.integers(0, 9),
    "junjo__workflow__execution_graph_snapshot": st.sampled_from([json.dumps(graph) for graph in GRAPHS]),
    "junjo__cancelled": st.booleans(),
    "error__type": st.just("KeyError"),
}
attributes: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {}, optional={key: st.one_of(values, values, values, junk) for key, values in ATTRIBUTES.items()}
)
names = st.sampled_from(["set_state", "exception", "junjo.hook_error", "other"])
told = st.dictionaries(
    st.sampled_from(["junjo.store.id", "junjo.state_json_patch", "exception.type", "exception.message", "id"]), junk
)
events = st.lists(st.one_of(st.tuples(names, told), keys.map(set_state)), max_size=3)


@st.composite
def traces(draw: st.DrawFn) -> list[Span]:
    program = Program()
    for key in draw(st.lists(keys, min_size=1, unique=True)):
        start = draw(st.integers(0, 20))
        parent = draw(st.one_of(st.none(), st.sampled_from("ABCDEFGH")))
        at = (start, start + draw(st.integers(0, 20)))
        program.span(key, parent, at, draw(events), draw(st.sampled_from([None, "boom"])), None, **draw(attributes))
    return program.spans()


@PATIENT
@given(
    traces(), st.one_of(st.none(), keys.map(id_of)), st.one_of(st.none(), keys), st.one_of(st.none(), st.just(2**62))
)
def test_any_trace_gives_a_sound_run_or_none(
    spans: list[Span], span_id: str | None, runtime_id: str | None, now_ns: int | None
) -> None:
    try:
        run = build_run(spans, span_id, runtime_id, now_ns)
    except NotFoundError:
        return
    check(run, spans)


@PATIENT
@given(traces())
def test_every_owner_that_arrived_has_a_run(spans: list[Span]) -> None:
    for span in spans:
        if span.span_type in {"workflow", "subflow", "agent"} and span.junjo_span_type in set(OWNER_TYPES):
            assert build_run(spans, span.span_id).span_id == span.span_id


@PATIENT
@given(st.sampled_from([one for one in recordings() if one.scenario != "many_updates"]), st.data())
def test_real_runs_that_lost_anything_are_built_of_the_rest(one: Recording, data: st.DataObject) -> None:
    requests = one.requests
    for request in requests:
        for sent in (spans.spans for scopes in request.resource_spans for spans in scopes.scope_spans):
            for place in reversed(range(len(sent))):
                fate = data.draw(st.sampled_from(["kept", "kept", "kept", "lost", "events", "attributes"]))
                if fate == "lost":
                    del sent[place]
                elif fate == "events":
                    del sent[place].events[: data.draw(st.integers(0, len(sent[place].events)))]
                elif fate == "attributes":
                    del sent[place].attributes[: data.draw(st.integers(0, len(sent[place].attributes)))]
    spans = spans_of(*requests)
    for runtime_id in {span.junjo_runtime_id for span in spans}:
        try:
            run = build_run(spans, runtime_id=runtime_id)
        except NotFoundError:
            continue
        check(run, spans)


def check(run: Run, spans: list[Span]) -> None:
    """Each span is there at most once and below its parent; all references lead to something."""
    steps = {step.span_id: step for step in run.steps}
    assert len(steps) == len(run.steps)
    assert run.steps[0].parent_span_id is None
    seen: set[str | None] = {None}
    for step in run.steps:
        assert step.parent_span_id in seen
        seen.add(step.span_id)
    arrived: Mapping[str, Span] = {span.span_id: span for span in spans}
    assert {id_ for id_, step in steps.items() if step.is_arrived} <= set(arrived)
    children = [span for span in spans if span.parent_span_id in steps and span.span_id != span.parent_span_id]
    placed = [child for child in children if child.span_id in steps]
    assert run.notes or len(placed) == len(children)
    assert (run.span_id is None) == (not run.steps[0].is_arrived)
    stores = {store.store_id: store for store in run.stores}
    assert len(stores) == len(run.stores)
    assert all(index < len(stores[store].events) for step in run.steps for store, index in step.events)
    for graph in run.graphs.values():
        executions: list[Any] = [id_ for ids in graph.executions.values() for id_ in ids]
        assert len(executions) == len(set(executions))
        assert set(executions) <= set(steps)
        assert graph.graph is None or set(graph.edges) <= {edge.id for edge in graph.graph.edges}
    assert all(failure.span_id in steps for failure in run.failures)

"""Real runs as they arrive, span by span: what is shown early is what turns out to be true."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.junjo.run import build_run
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree
from tests.recordings.load import Recording, recordings


def topmost(tree: TraceTree, span_id: str) -> str | None:
    """The outermost run around a span."""
    owners = [id_ for id_ in (span_id, *tree.above(span_id)) if tree.is_owner(id_)]
    return owners[-1] if owners else None


@pytest.mark.parametrize("one", recordings(), ids=str)
def test_no_span_is_ever_shown_in_a_run_that_it_is_not_part_of(one: Recording) -> None:
    spans = one.spans()
    whole = TraceTree(spans)
    for count in range(1, len(spans)):
        tree = TraceTree(spans[:count])
        for span_id in tree.spans:
            shown = topmost(tree, span_id)
            assert (shown is None) <= (topmost(whole, span_id) is None)
            if shown in whole.spans:
                assert topmost(whole, shown) == topmost(whole, span_id)


@pytest.mark.parametrize("one", recordings(), ids=str)
def test_what_has_arrived_keeps_its_name_state_and_times(one: Recording) -> None:
    spans = one.spans()
    first = TraceTree(spans).owners()[0]
    final = {step.span_id: step for step in build_run(spans, first.span_id).steps}
    for count in range(1, len(spans)):
        if any(topmost(TraceTree(spans[:count]), span.span_id) == first.span_id for span in spans[:count]):
            for step in build_run(spans[:count], first.span_id).steps:
                if step.is_arrived:
                    end = final[step.span_id]
                    told = (step.name, step.state, step.start_ns, step.end_ns, step.span_type)
                    assert told == (end.name, end.state, end.start_ns, end.end_ns, end.span_type)

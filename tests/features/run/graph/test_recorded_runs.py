"""Graphs of runs that real SDKs sent: what is drawn is what their programs did."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from junjo_desktop.features.run.graph.picture import BORROWED, NEVER_CAME, SO_FAR, picture_of
from junjo_desktop.features.run.graph.picture_model import Choices, Picture
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.widgets.layered.layout import lay_out
from tests.features.run.graph.test_picture import Characters
from tests.recordings.load import Recording, recordings

VERSIONS = sorted({one.version for one in recordings()})


def workflows(version: str) -> list[Recording]:
    """Recordings whose first run is a workflow whose graph arrived."""
    return [one for one in recordings(version) if one.expected["graphs"] and one.expected["graphs"][0]["owner"] == 0]


def wholly_opened(run: Run) -> Picture:
    opened: frozenset[str] = frozenset()
    while True:
        drawn = picture_of(run, Choices(opened), Characters())
        found = frozenset(key for key, node in drawn.nodes.items() if node.can_open)
        if found == opened:
            return drawn
        opened = found


def told_nodes(graph: dict[str, Any]) -> Counter[tuple[str, int]]:
    return Counter((node["label"], len(node["executions"])) for node in graph["nodes"])


def drawn_nodes(drawn: Picture) -> Counter[tuple[str, int]]:
    top = (node for key, node in drawn.nodes.items() if "/" not in key)
    return Counter((node.label, len(node.runs)) for node in top)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_graph_shows_what_the_program_did(version: str) -> None:
    shown = 0
    for recording in workflows(version):
        run = build_run(recording.spans())
        drawn = picture_of(run, Choices(), Characters())
        if drawn.sentence in (NEVER_CAME, SO_FAR):
            continue
        graph = recording.expected["graphs"][0]
        assert drawn_nodes(drawn) == told_nodes(graph), recording
        labels = [node["label"] for node in graph["nodes"]]
        told = Counter((labels[edge["tail"]], labels[edge["head"]], edge["taken"]) for edge in graph["edges"])
        edges = [edge for key, edge in drawn.edges.items() if "/" not in key]
        certain = Counter(
            (drawn.nodes[edge.tail].label, drawn.nodes[edge.head].label, edge.count)
            for edge in edges
            if not edge.is_inferred
        )
        assert certain <= told, recording
        assert len(edges) == len(graph["edges"]), recording
        shown += 1
    assert shown > 10


@pytest.mark.parametrize("version", VERSIONS)
def test_every_graph_opens_to_its_end_and_lays_out(version: str) -> None:
    for recording in workflows(version):
        drawn = wholly_opened(build_run(recording.spans()))
        layout = lay_out(drawn.plan)
        assert set(layout.boxes) == set(drawn.nodes), recording
        assert set(layout.routes) == set(drawn.edges), recording


@pytest.mark.parametrize("version", VERSIONS)
def test_what_ran_is_drawn_before_the_workflow_has_arrived(version: str) -> None:
    for recording in workflows(version):
        owner = build_run(recording.spans()).steps[0].span_id
        spans = [span for span in recording.spans() if span.span_id != owner]
        ended = {at for at, one in enumerate(recording.expected["executions"]) if one["outcome"] != "running"}
        nodes = recording.expected["graphs"][0]["nodes"]
        executed = {node["label"] for node in nodes if ended.intersection(node["executions"])}
        if not spans or not executed:
            continue
        drawn = picture_of(build_run(spans, owner), Choices(), Characters())
        assert executed <= {node.label for node in drawn.nodes.values()}, recording
        assert drawn.sentence in (BORROWED, NEVER_CAME, SO_FAR)

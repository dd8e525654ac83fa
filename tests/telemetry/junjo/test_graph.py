"""Snapshots of both versions become one drawing each; what is malformed is left out and noted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo.graph import Graph, NodeKind, read_graph
from tests.telemetry.junjo.program import graph_v2, group, subflow


def read(snapshot: Any) -> Graph:
    graph = read_graph({"junjo.workflow.execution_graph_snapshot": json.dumps(snapshot)})
    assert graph is not None
    return graph


def read_old(nodes: list[Any], edges: list[Any]) -> Graph:
    graph = read_graph({"junjo.workflow.graph_structure": json.dumps({"v": 1, "nodes": nodes, "edges": edges})})
    assert graph is not None
    return graph


def old_node(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": "Node", "label": id_.upper(), **more}


def old_edge(tail: str, head: str, subflow_id: str | None = None) -> dict[str, Any]:
    kind = "subflow" if subflow_id else "explicit"
    return {"id": f"{tail}_{head}", "source": tail, "target": head, "type": kind, "subflowId": subflow_id}


def ids(graph: Graph) -> list[str]:
    return [node.id for node in graph.nodes]


def ends(graph: Graph) -> list[tuple[str, str]]:
    return [(edge.tail, edge.head) for edge in graph.edges]


def test_without_a_snapshot_there_is_no_graph() -> None:
    assert read_graph({}) is None
    assert read_graph({"junjo.workflow.graph_structure": 7}) is None


def test_a_snapshot_has_its_nodes_edges_and_conditions() -> None:
    graph = read(graph_v2("a", "b", edges=[("a", "b", "IsEven"), ("a", "b")]))
    assert (graph.version, graph.structural_id, graph.notes) == (2, "graph_1", ())
    assert [(node.id, node.structural_id, node.label, node.kind) for node in graph.nodes] == [
        ("a", "node_a", "a", NodeKind.NODE),
        ("b", "node_b", "b", NodeKind.NODE),
    ]
    assert [(edge.id, edge.tail, edge.head, edge.label) for edge in graph.edges] == [
        ("edge_0", "a", "b", "IsEven"),
        ("edge_1", "a", "b", None),
    ]


def test_a_subflow_keeps_its_nodes_to_itself_as_deep_as_it_goes() -> None:
    graph = read(
        graph_v2(
            "a",
            subflow("s", "graph_2", "x", "t"),
            "x",
            subflow("t", "graph_3", "y", "y"),
            group("y", "y1", "y2"),
            "y1",
            "y2",
            "b",
            edges=[("a", "s"), ("s", "b"), ("x", "t", None, "s")],
        )
    )
    assert (ids(graph), ends(graph)) == (["a", "s", "b"], [("a", "s"), ("s", "b")])
    inner = graph.inner["s"]
    assert (ids(inner), ends(inner), inner.structural_id) == (["x", "t"], [("x", "t")], "graph_2")
    assert ids(inner.inner["t"]) == ["y", "y1", "y2"]
    assert inner.inner["t"].nodes[0].children == ("y1", "y2")
    assert list(graph.inner) == ["s"]


def test_a_subflow_may_run_in_a_concurrent_group() -> None:
    graph = read(graph_v2("a", group("g", "s", "b"), subflow("s", "graph_2", "x", "x"), "x", "b", edges=[("a", "g")]))
    assert (ids(graph), ids(graph.inner["s"])) == (["a", "g", "s", "b"], ["x"])


def test_an_old_subflow_of_several_nodes_is_known_by_its_edges() -> None:
    lone = {"isSubflow": True, "subflowSourceId": "other", "subflowSinkId": "others"}
    nodes = [old_node("a"), old_node("s", **lone), old_node("x"), old_node("y"), old_node("b")]
    graph = read_old(nodes, [old_edge("a", "s"), old_edge("s", "b"), old_edge("x", "y", "s")])
    assert (graph.version, ids(graph), graph.notes) == (1, ["a", "s", "b"], ())
    assert [node.label for node in graph.inner["s"].nodes] == ["X", "Y"]
    assert graph.nodes[1].subflow_source == "other"


def test_old_subflows_of_one_node_leave_no_stray_boxes() -> None:
    lone = {"isSubflow": True, "subflowSourceId": "?", "subflowSinkId": "?"}
    nodes = [
        old_node("a"),
        old_node("s", **lone),
        old_node("t", **lone),
        old_node("g", isSubgraph=True, children=["c", "d"]),
        old_node("c"),
        old_node("d"),
        old_node("u", **lone),
        old_node("x"),
    ]
    graph = read_old(nodes, [old_edge("a", "s"), old_edge("s", "u")])
    assert ids(graph) == ["a", "s", "u"]
    assert ids(graph.inner["s"]) == ["t"]
    assert ids(graph.inner["s"].inner["t"]) == ["g", "c", "d"]
    assert ids(graph.inner["u"]) == ["x"]


def test_an_old_workflow_of_one_node_is_drawn() -> None:
    assert ids(read_old([old_node("a")], [])) == ["a"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ("{}", "no list of nodes"),
        ('{"error": "Failed to serialize graph"}', "could not write"),
        ('{"v": 3, "nodes": [], "edges": []}', "Version 3"),
        ('{"v": 2, "nodes": [7], "edges": []}', "no object"),
        ('{"v": 2, "nodes": [{"nodeLabel": "x"}], "edges": []}', "without an id"),
    ],
)
def test_what_cannot_be_read_is_noted(text: str, note: str) -> None:
    graph = read_graph({"junjo.workflow.execution_graph_snapshot": text})
    assert graph is not None
    assert graph.nodes == ()
    assert any(note in one for one in graph.notes)


def test_malformed_parts_are_left_out_and_the_rest_is_drawn() -> None:
    graph = read(graph_v2("a", "a", group("g", "a", "ghost", "g"), "b", edges=[("a", "b"), ("b", "ghost")]))
    assert (ids(graph), ends(graph)) == (["a", "g", "b"], [("a", "b")])
    assert graph.nodes[1].children == ("a",)
    assert len(graph.notes) == 3


def test_edges_with_the_same_id_stay_apart() -> None:
    snapshot = graph_v2("a", "b", edges=[("a", "b"), ("b", "a")])
    for edge in snapshot["edges"]:
        edge["edgeStructuralId"] = "same"
    assert [edge.id for edge in read(snapshot).edges] == ["same", "same#2"]


def test_subflows_within_each_other_end_somewhere() -> None:
    graph = read(graph_v2("a", subflow("s", "g", "t", "t"), subflow("t", "g", "s", "s"), edges=[("a", "s")]))
    assert ids(graph) == ["a", "s"]
    assert ids(graph.inner["s"]) == ["t"]


KEYS = (
    *("id", "nodeRuntimeId", "nodeStructuralId", "nodeLabel", "type"),
    *("isSubflow", "isSubgraph", "isConcurrentSubgraph", "children", "childNodeRuntimeIds"),
    *(
        "subflowSourceId",
        "subflowSinkId",
        "subflowSourceNodeRuntimeId",
        "subflowSinkNodeRuntimeIds",
        "edgeStructuralId",
    ),
    *("source", "target", "tailNodeRuntimeId", "headNodeRuntimeId", "condition"),
    *("subflowId", "parentSubflowRuntimeId"),
)
names = st.sampled_from("abcde")
anything = st.one_of(
    names, names, st.lists(names), st.booleans(), st.none(), st.integers(), st.dictionaries(names, names)
)
items = st.lists(st.one_of(anything, st.dictionaries(st.sampled_from(KEYS), anything)), max_size=12)
snapshots = st.fixed_dictionaries(
    {"nodes": items, "edges": items}, optional={"v": anything, "graphStructuralId": names}
)


@given(st.one_of(snapshots, anything))
def test_any_snapshot_gives_a_graph_whose_parts_exist(snapshot: Any) -> None:
    check(read(snapshot), depth=0)


def check(graph: Graph, depth: int) -> None:
    assert depth <= 32
    own = set(ids(graph))
    assert len(own) == len(graph.nodes)
    assert len({edge.id for edge in graph.edges}) == len(graph.edges)
    assert all(edge.tail in own and edge.head in own for edge in graph.edges)
    children = [child for node in graph.nodes for child in node.children]
    assert len(children) == len(set(children))
    assert set(children) <= own
    for node_id, inner in graph.inner.items():
        assert next(node for node in graph.nodes if node.id == node_id).kind is NodeKind.SUBFLOW
        check(inner, depth + 1)

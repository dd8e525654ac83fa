"""What ran in a graph, how often, and which edges were taken: for certain, or inferred."""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.graph_execution import EdgeCount, GraphExecution
from junjo_desktop.telemetry.junjo.run import build_run
from tests.telemetry.junjo.program import Program, graph_v2, group, id_of, subflow

W = ("W", "graph_1")


def workflow(graph: Any, *path: tuple[str, str], **more: Any) -> Program:
    """A workflow that ran nodes one after the other; of each the key of its span and its node."""
    program = Program()
    program.execute("W", type="workflow", structure="graph_1", graph=graph, at=(0, 1000), **more)
    for place, (key, node) in enumerate(path, 1):
        program.execute(key, "W", at=(place * 10, place * 10 + 9), runtime=node, within=W)
    return program


def executed(program: Program, *without: str, key: str = "W") -> GraphExecution:
    return build_run(program.spans(*without), id_of("W")).graphs[id_of(key)]


def sure(**counts: int) -> dict[str, EdgeCount]:
    return {edge: EdgeCount(count, is_inferred=False) for edge, count in counts.items()}


def inferred(**counts: int) -> dict[str, EdgeCount]:
    return {edge: EdgeCount(count, is_inferred=True) for edge, count in counts.items()}


def test_all_iterations_of_a_loop_are_there_in_order() -> None:
    graph = graph_v2("a", "b", "c", edges=[("a", "b"), ("b", "a", "Again"), ("b", "c", "Done")])
    program = workflow(graph, ("a1", "a"), ("b1", "b"), ("a2", "a"), ("b2", "b"), ("c1", "c"))
    found = executed(program)
    assert found.executions == {
        "a": (id_of("a1"), id_of("a2")),
        "b": (id_of("b1"), id_of("b2")),
        "c": (id_of("c1"),),
    }
    assert found.edges == sure(edge_0=2, edge_1=1, edge_2=1)
    steps = {step.span_id: step for step in build_run(program.spans()).steps}
    assert [(steps[id_of(key)].iteration, steps[id_of(key)].iterations) for key in ("a1", "a2", "c1")] == [
        (1, 2),
        (2, 2),
        (1, 1),
    ]


def test_a_node_that_repeats_itself_takes_its_own_edge() -> None:
    program = workflow(graph_v2("a", edges=[("a", "a", "Again")]), ("a1", "a"), ("a2", "a"), ("a3", "a"))
    assert executed(program).edges == sure(edge_0=2)


def test_of_several_conditions_each_may_have_held() -> None:
    program = workflow(graph_v2("a", "b", edges=[("a", "b", "IsEven"), ("a", "b", "IsOdd")]), ("a1", "a"), ("b1", "b"))
    assert executed(program).edges == inferred(edge_0=1, edge_1=1)


def test_what_stands_behind_an_edge_without_condition_is_never_taken() -> None:
    program = workflow(graph_v2("a", "b", edges=[("a", "b"), ("a", "b", "IsOdd")]), ("a1", "a"), ("b1", "b"))
    assert executed(program).edges == sure(edge_0=1)


def test_a_path_with_a_gap_counts_no_edge_across_it() -> None:
    graph = graph_v2("a", "b", "c", edges=[("a", "b"), ("b", "c")])
    program = workflow(graph, ("a1", "a"), ("b1", "b"), ("c1", "c"))
    assert executed(program, "b1").edges == {}


def test_edges_are_inferred_when_the_owner_counts_more_than_arrived() -> None:
    graph = graph_v2("a", "b", "c", edges=[("a", "b"), ("b", "c"), ("a", "c", "Skip")])
    program = workflow(graph, ("a1", "a"), ("b1", "b"), ("c1", "c"), junjo__workflow__node__count=3)
    assert executed(program).edges == sure(edge_0=1, edge_1=1)
    assert executed(program, "b1").edges == inferred(edge_2=1)


def test_a_failure_ends_the_path() -> None:
    graph = graph_v2("a", "b", "c", edges=[("a", "b"), ("b", "c")])
    program = workflow(graph, ("a1", "a"), error="boom", junjo__workflow__node__count=1)
    program.execute("b1", "W", at=(20, 29), runtime="b", within=W, error="boom")
    assert executed(program).edges == sure(edge_0=1)


def test_a_concurrent_group_is_one_step_of_the_path_and_has_its_children() -> None:
    graph = graph_v2("a", group("g", "x", "y"), "x", "y", "b", edges=[("a", "g"), ("g", "b")])
    program = workflow(graph, ("a1", "a"))
    program.execute("g1", "W", at=(20, 29), type="run_concurrent", runtime="g", within=W)
    program.execute("x1", "g1", at=(21, 25), runtime="x", within=("g", "node_g"))
    program.execute("y1", "g1", at=(21, 28), runtime="y", within=("g", "node_g"))
    program.execute("b1", "W", at=(40, 49), runtime="b", within=W)
    found = executed(program)
    assert found.executions["x"] == (id_of("x1"),)
    assert found.executions["g"] == (id_of("g1"),)
    assert found.edges == sure(edge_0=1, edge_1=1)
    lost = executed(program, "g1")
    assert [lost.executions[node] for node in "xy"] == [(id_of("x1"),), (id_of("y1"),)]
    assert lost.edges == inferred(edge_0=1, edge_1=1)


def with_subflows() -> Program:
    """Two subflow nodes of the same structure; the second one runs twice."""
    graph = graph_v2(
        *(subflow("s", "graph_2", "n", "n"), subflow("t", "graph_2", "m", "m"), "n", "m"),
        edges=[("s", "t"), ("t", "t", "Again")],
    )
    program = workflow(graph)
    for place, (key, definition) in enumerate([("s1", "s"), ("t1", "t"), ("t2", "t")], 1):
        inner = graph_v2(f"{key}.n", structure="graph_2")
        at = (place * 100, place * 100 + 90)
        program.execute(
            key, "W", at, type="subflow", runtime=f"run {key}", definition=definition, structure="graph_2", within=W,
            graph=inner,
        )  # fmt: skip
        program.execute(
            f"{key}n", key, (at[0] + 1, at[1] - 1), runtime=f"{key}.n", within=(f"run {key}", "graph_2"),
            junjo__enclosing_graph_structural_id="graph_2",
        )  # fmt: skip
    return program


def test_subflows_of_the_same_structure_are_told_apart() -> None:
    found = executed(with_subflows())
    assert found.subflows == {"s": (id_of("s1"),), "t": (id_of("t1"), id_of("t2"))}
    assert found.executions == found.subflows
    assert found.edges == sure(edge_0=1, edge_1=1)


def test_each_subflow_has_what_it_did_itself() -> None:
    program = with_subflows()
    for key in ("s1", "t1", "t2"):
        assert executed(program, key=key).executions == {f"{key}.n": (id_of(f"{key}n"),)}


def test_a_subflow_without_an_own_id_in_the_graph_is_known_by_its_structure_if_one_is_left() -> None:
    program = with_subflows()
    for key in ("t1", "t2"):
        del program.sent[key], program.sent[f"{key}n"]
    one = graph_v2(subflow("s", "graph_2", "n", "n"), "n")
    two = graph_v2(subflow("s", "graph_2", "n", "n"), subflow("t", "graph_2", "m", "m"), "n", "m")
    for graph, expected in ((one, {"s": (id_of("s1"),)}), (two, {})):
        program.execute("W", type="workflow", structure="graph_1", graph=graph, at=(0, 1000))
        program.execute("s1", "W", (100, 190), type="subflow", definition="another", structure="graph_2", within=W)
        assert executed(program).subflows == expected


def test_a_subflow_whose_span_was_lost_has_its_place_in_the_graph() -> None:
    program = with_subflows()
    for key in ("t1", "t2"):
        del program.sent[key], program.sent[f"{key}n"]
    sent = program.sent["s1n"]
    for attribute in sent.attributes:
        if attribute.key == "junjo.parent_executable_definition_id":
            attribute.value.string_value = "s"
    run = build_run(program.spans("s1"))
    assert run.graphs[id_of("W")].subflows == {"s": (id_of("s1"),)}
    assert [(step.name, step.is_arrived) for step in run.steps] == [("W", True), ("s", False), ("s1n", True)]
    assert run.steps[1].state == "lost"


def test_the_graph_of_a_subflow_that_never_ran_is_told_by_its_parent() -> None:
    graph = graph_v2("a", subflow("s", "graph_2", "n", "n"), "n", edges=[("a", "s", "Never")])
    found = executed(workflow(graph, ("a1", "a")))
    assert found.graph is not None
    assert found.subflows == {}
    assert [node.id for node in found.graph.inner["s"].nodes] == ["n"]


def test_without_its_graph_a_run_has_its_executions_by_their_ids() -> None:
    program = workflow(None, ("a1", "a"), ("b1", "b"), ("a2", "a"))
    found = executed(program)
    assert found.graph is None
    assert found.executions == {"a": (id_of("a1"), id_of("a2")), "b": (id_of("b1"),)}
    assert found.edges == {}


def test_a_workflow_called_from_a_node_is_no_part_of_the_graph() -> None:
    program = workflow(graph_v2("a"), ("a1", "a"))
    program.execute("V", "a1", (11, 18), type="workflow", graph=graph_v2("a"), within=("a", "node_a"))
    program.execute("v1", "V", (12, 17), runtime="a", within=("V", "graph_1"))
    assert executed(program).executions == {"a": (id_of("a1"),)}
    assert executed(program, key="V").executions == {"a": (id_of("v1"),)}


def test_what_is_not_in_the_graph_is_counted_and_noted() -> None:
    program = workflow(graph_v2("a"), ("a1", "a"), ("z1", "z"))
    assert executed(program).unmatched == 1
    assert "1 execution is no node of the graph of its run." in build_run(program.spans()).notes


def going_on(*path: tuple[str, str]) -> Program:
    """A run that has ended (`first`), and another one of the same workflow that has not."""
    graph = graph_v2("a", "b", "c", edges=[("a", "b", "IsEven"), ("a", "c"), ("b", "c")])
    program = Program()
    program.execute("first", type="workflow", structure="graph_1", graph=graph, at=(0, 5))
    for place, (key, node) in enumerate(path, 1):
        at = (place * 10, place * 10 + 9)
        program.execute(key, "W", at, definition=f"{node}'", structure=f"node_{node}", within=W)
    return program


def test_a_run_that_goes_on_is_drawn_in_the_graph_of_another_one() -> None:
    found = build_run(going_on(("a1", "a"), ("b1", "b")).spans(), runtime_id="W").graphs[id_of("W")]
    assert found.graph is not None
    assert found.is_borrowed
    assert found.executions == {"a": (id_of("a1"),), "b": (id_of("b1"),)}
    assert found.edges == sure(edge_0=1)
    assert found.expected == ("c",)


def test_what_may_run_now_is_all_that_the_graph_allows() -> None:
    found = build_run(going_on(("a1", "a")).spans(), runtime_id="W").graphs[id_of("W")]
    assert found.expected == ("b", "c")
    program = going_on()
    program.execute("a1", "W", (10, 19), structure="node_a", within=W, error="boom")
    assert build_run(program.spans(), runtime_id="W").graphs[id_of("W")].expected == ()


def test_a_graph_of_another_trace_serves_as_well() -> None:
    program = going_on(("a1", "a"))
    known = build_run(program.spans(), id_of("first")).graphs[id_of("first")]
    assert known.graph is not None
    assert not known.is_borrowed
    alone = build_run(program.spans("first"), runtime_id="W", graphs={"graph_1": known.graph}).graphs[id_of("W")]
    assert (alone.is_borrowed, alone.expected) == (True, ("b", "c"))


def test_a_subflow_that_goes_on_is_found_by_the_graph_of_another_run_and_drawn_as_its_parent_tells_it() -> None:
    graph = graph_v2("a", subflow("s", "graph_2", "n", "m"), "n", "m", edges=[("a", "s"), ("n", "m", None, "s")])
    program = Program()
    program.execute("first", type="workflow", structure="graph_1", graph=graph, at=(0, 5))
    program.execute("a1", "W", (10, 19), structure="node_a", within=W)
    program.execute("n1", "S", (22, 29), structure="node_n", within=("S", "graph_2"))
    run = build_run(program.spans(), runtime_id="W")
    assert run.graphs[id_of("W")].subflows == {"s": (id_of("S"),)}
    assert [step.name for step in run.steps] == ["first", "a1", "s", "n1"]
    assert not any(step.is_assumed for step in run.steps)
    inner = run.graphs[id_of("S")]
    assert (inner.is_borrowed, inner.executions, inner.expected) == (True, {"n": (id_of("n1"),)}, ("m",))

"""What is drawn of a run: states, figures, conditions, opened subflows, chosen runs, and what has not arrived."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.features.run.graph.picture import NEVER_CAME, NO_NODES, NOTHING_YET, SO_FAR, picture_of
from junjo_desktop.features.run.graph.picture_model import Choices, DrawnNode, Picture
from junjo_desktop.features.run.graph.picture_words import edge_tooltip, node_tooltip, spoken_node
from junjo_desktop.telemetry.junjo.executable import ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.graph import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.run import EdgeCount, Run
from junjo_desktop.widgets.layered.layout import lay_out
from tests.features.run.graph.runs import RunMaker, graph, node, sample_run, subflow

GROUP = ExecutableType.RUN_CONCURRENT


class Characters:
    """Eight pixels a character."""

    def label(self, text: str) -> float:
        return 8.0 * len(text)

    header = edge = label


def picture(run: Run, *opened: str, runs: dict[str, int] | None = None, labels: bool = True) -> Picture:
    return picture_of(run, Choices(frozenset(opened), runs or {}, labels), Characters())


def by_label(drawn: Picture) -> dict[str, DrawnNode]:
    return {one.label: one for one in drawn.nodes.values()}


def test_nodes_say_what_they_did() -> None:
    nodes = by_label(picture(sample_run()))
    details = {label: (one.state.value, one.detail) for label, one in nodes.items()}
    assert details == {
        "LoadContext": ("done", "881 ms"),
        "SaveMessage": ("done", "270 ms"),
        "LoadHistory": ("done", "868 ms"),
        "LoadContact": ("done", "466 ms"),
        "AssessDirective": ("done", "741 ms"),
        "AnswerSubflow": ("done", "3.80 s · 2 runs"),
        "SmallTalk": ("not_run", "not run"),
        "Draft": ("done", "2.04 s · 3 runs"),
        "CheckPolicy": ("failed", "HTTPError · 580 ms"),
        "Sink": ("not_run", "not run"),
    }
    assert nodes["SaveMessage"].parent == nodes["LoadContext"].key


def test_edges_say_how_often_they_were_taken_and_whether_that_is_inferred() -> None:
    edges = list(picture(sample_run()).edges.values())
    assert [edge.text for edge in edges] == [
        "",
        "is question · inferred",
        "is smalltalk",
        "taken 2×",
        "not good enough · taken 2×",
        "",
        "",
        "",
        "asks again",
    ]
    assert [edge.is_taken for edge in edges] == [True, True, False, True, True, True, False, False, False]
    assert "Inferred" in edge_tooltip(edges[1])
    assert edge_tooltip(edges[2]) == "Condition: is smalltalk\nNot taken"


def test_edge_labels_take_no_room_when_they_are_switched_off() -> None:
    with_labels, without = (picture(sample_run(), labels=shown) for shown in (True, False))
    assert any(link.label_width for link in with_labels.plan.links)
    assert not any(link.label_width for link in without.plan.links)
    assert lay_out(without.plan).width < lay_out(with_labels.plan).width


def test_an_opened_subflow_shows_the_run_that_was_chosen() -> None:
    key = by_label(picture(sample_run()))["AnswerSubflow"].key
    for number, searches in ((0, ("q10",)), (1, ("q20", "q21"))):
        drawn = picture(sample_run(), key, runs={key: number})
        nodes = by_label(drawn)
        assert nodes["Search"].runs == searches
        assert nodes["Search"].parent == key
        assert nodes["AnswerSubflow"].detail == f"run {number + 1} of 2 · 1.90 s"
        layout = lay_out(drawn.plan)
        assert layout.boxes[key].holds(layout.boxes[nodes["Search"].key])


def test_subflows_open_as_deep_as_they_go_and_stay_open_in_other_runs() -> None:
    outer = by_label(picture(sample_run()))["AnswerSubflow"].key
    inner = by_label(picture(sample_run(), outer))["Write"].key
    for number in (0, 1):
        nodes = by_label(picture(sample_run(), outer, inner, runs={outer: number}))
        assert nodes["Polish"].runs == (f"z{number + 1}",)


def test_the_run_that_failed_is_looked_at_first_else_the_last() -> None:
    maker = RunMaker()
    spans = [maker.step("a", error="E"), maker.step("b")], [maker.step("c"), maker.step("d")]
    maker.ran(graph(("x", "y")), {"x": spans[0], "y": spans[1]})
    nodes = by_label(picture(maker.run()))
    assert (nodes["x"].span_id, nodes["y"].span_id) == ("a", "d")
    assert (nodes["x"].state, nodes["x"].detail) == (ExecutionState.FAILED, "E · 2.00 s · 2 runs")


def test_a_subflow_that_never_ran_opens_as_its_parent_tells_it() -> None:
    maker = RunMaker()
    maker.ran(graph((subflow("sub"),), inner={"sub": graph(("x", "y"), "x y")}), {})
    key = by_label(picture(maker.run()))["sub"].key
    nodes = by_label(picture(maker.run(), key))
    assert [nodes[name].state for name in ("sub", "x", "y")] == [ExecutionState.NOT_RUN] * 3


def test_without_a_graph_the_executed_nodes_stand_in_a_chain() -> None:
    maker = RunMaker(has_owner=False, state=ExecutionState.RUNNING)
    for number, name in enumerate(("Load", "Draft", "Draft", "Check")):
        maker.step(f"s{number}", "run", number, number + 0.5, name=name, runtime_id=name)
    maker.step("http", "s0", 0, 0.2, None, name="GET")
    drawn = picture(maker.run())
    assert drawn.sentence == SO_FAR
    assert {label: one.runs for label, one in by_label(drawn).items()} == {
        "Load": ("s0",),
        "Draft": ("s1", "s2"),
        "Check": ("s3",),
    }
    nodes = drawn.nodes
    assert [(nodes[edge.tail].label, nodes[edge.head].label) for edge in drawn.edges.values()] == [
        ("Load", "Draft"),
        ("Draft", "Draft"),
        ("Draft", "Check"),
    ]


def test_a_group_that_has_not_arrived_holds_what_ran_in_it() -> None:
    maker = RunMaker(has_owner=False, state=ExecutionState.RUNNING)
    maker.step("a", start=0)
    maker.step("group", "run", 1, None, GROUP, state=ExecutionState.RUNNING)
    maker.steps[-1] = replace(maker.steps[-1], name="", is_arrived=False)
    maker.step("b", "group", 1)
    maker.step("c", "group", 1)
    nodes = by_label(picture(maker.run()))
    group = nodes["Not arrived yet"]
    assert [nodes[name].parent for name in "abc"] == [None, group.key, group.key]
    assert group.detail == "running"


def test_a_group_that_arrived_holds_its_children_also_without_a_graph() -> None:
    maker = RunMaker(state=ExecutionState.LOST)
    maker.step("g", "run", 0, 2, GROUP, name="Both")
    maker.step("a", "g", 0, 1)
    maker.step("inner", "g", 0, 2, GROUP)
    maker.step("b", "inner", 0, 1)
    maker.step("sub", "run", 2, 3, ExecutableType.SUBFLOW)
    maker.step("x", "sub", 2, 3)
    drawn = picture(maker.run())
    nodes = by_label(drawn)
    assert drawn.sentence == NEVER_CAME
    assert (nodes["a"].parent, nodes["inner"].parent, nodes["b"].parent) == (
        nodes["Both"].key,
        nodes["Both"].key,
        nodes["inner"].key,
    )
    assert "x" not in nodes
    assert nodes["sub"].can_open
    assert by_label(picture(maker.run(), nodes["sub"].key))["x"].parent == nodes["sub"].key


def test_sentences_say_why_there_is_nothing() -> None:
    maker = RunMaker()
    assert picture(maker.run()).sentence == NOTHING_YET
    maker.ran(graph(()), {})
    assert picture(maker.run()).sentence == NO_NODES


def test_a_screen_reader_hears_kind_name_state_and_which_run() -> None:
    nodes = by_label(picture(sample_run()))
    assert spoken_node(nodes["CheckPolicy"]) == "Node CheckPolicy, failed, HTTPError · 580 ms"
    assert spoken_node(nodes["AnswerSubflow"]) == ("Subflow AnswerSubflow, done, 3.80 s · 2 runs, run 2 of 2, closed")
    assert "not run" in node_tooltip(nodes["Sink"])


names = st.sampled_from("abcdefgh")
hostile = st.one_of(st.text(max_size=30), st.sampled_from(("<b>x</b>", "\ud800", "\u202eabc", "\x00\x1b[31m", "")))
kinds = st.sampled_from(NodeKind)


@st.composite
def graphs(draw: st.DrawFn, depth: int = 2) -> Graph:
    """Any graph: groups in circles, children of several groups or of none that exist, subflows in subflows."""
    ids = draw(st.lists(names, unique=True))
    nodes = [
        GraphNode(one, None, draw(hostile), draw(hostile), draw(kinds), tuple(draw(st.lists(names, max_size=4))))
        for one in ids
    ]
    ends = st.sampled_from(ids) if ids else st.nothing()
    pairs = draw(st.lists(st.tuples(ends, ends, st.none() | hostile), max_size=12)) if ids else []
    edges = [GraphEdge(str(number), *pair) for number, pair in enumerate(pairs)]
    inner = {one.id: draw(graphs(depth - 1)) for one in nodes if depth and one.kind is NodeKind.SUBFLOW}
    return Graph(2, None, tuple(nodes), tuple(edges), inner=inner)


@settings(max_examples=150)
@given(graphs(), st.data())
def test_any_graph_is_drawn_whole(drawn: Graph, data: st.DataObject) -> None:
    maker = RunMaker()
    spans = {
        one.id: [maker.step(f"{one.id}{number}") for number in range(number)] for number, one in enumerate(drawn.nodes)
    }
    counts = {edge.id: EdgeCount(data.draw(st.integers(0, 3)), data.draw(st.booleans())) for edge in drawn.edges}
    maker.ran(drawn, spans, counts)
    run = maker.run()
    opened: frozenset[str] = frozenset()
    for _ in range(3):
        shown = picture(run, *opened)
        opened = frozenset(key for key, one in shown.nodes.items() if one.can_open)
    layout = lay_out(shown.plan)
    top = {key for key in shown.nodes if "/" not in key}
    assert len(top) == len(drawn.nodes)
    assert set(layout.boxes) == set(shown.nodes)
    assert set(layout.routes) == set(shown.edges)
    for one in shown.nodes.values():
        assert one.parent is None or layout.boxes[one.parent].holds(layout.boxes[one.key])
        (one.label + one.detail).encode("utf-8")


def test_very_deep_groups_are_drawn_too() -> None:
    deep = [node(f"g{number}", children=[f"g{number + 1}"]) for number in range(400)]
    maker = RunMaker()
    maker.ran(graph((*deep, "g400")), {})
    shown = picture(maker.run())
    assert set(lay_out(shown.plan).boxes) == set(shown.nodes)
    assert len(shown.nodes) == 401

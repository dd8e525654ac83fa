"""Runs made by hand: a graph, and what ran in it. Times are seconds after one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.graph import Graph, GraphEdge, GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.run import DroppedCounts, EdgeCount, GraphExecution, Run, Step

START = 1_795_000_000 * 10**9
DONE, FAILED = ExecutionState.DONE, ExecutionState.FAILED


def node(node_id: str, label: str = "", *, children: Iterable[str] = ()) -> GraphNode:
    """A node, or a concurrent group if it has children."""
    inside = tuple(children)
    kind = NodeKind.CONCURRENT if inside else NodeKind.NODE
    return GraphNode(node_id, None, label or node_id, label or node_id, kind, inside)


def subflow(node_id: str, label: str = "") -> GraphNode:
    """A subflow."""
    return GraphNode(node_id, None, label or node_id, label or node_id, NodeKind.SUBFLOW)


def graph(nodes: Iterable[GraphNode | str], *edges: str, inner: Mapping[str, Graph] | None = None) -> Graph:
    """A graph; an edge is written `tail head` or `tail head condition`."""
    made = tuple(node(one) if isinstance(one, str) else one for one in nodes)
    drawn = []
    for number, edge in enumerate(edges):
        tail, head, *condition = edge.split(" ", 2)
        drawn.append(GraphEdge(f"e{number}", tail, head, condition[0] if condition else None))
    return Graph(2, None, made, tuple(drawn), inner=inner or {})


@dataclass
class RunMaker:
    """Collects steps and graphs; the owner of the run is the span `run`, which may not have arrived."""

    name: str = "HandleMessage"
    has_owner: bool = True
    state: ExecutionState = DONE
    steps: list[Step] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    graphs: dict[str, GraphExecution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        end = 10 if self.has_owner else None
        self.step("run", None, 0, end, ExecutableType.WORKFLOW, name=self.name, state=self.state)

    def step(
        self,
        span_id: str,
        parent: str | None = "run",
        start: float = 0,
        end: float | None = 1,
        type_: ExecutableType | None = ExecutableType.NODE,
        *,
        name: str = "",
        state: ExecutionState = DONE,
        error: str | None = None,
        runtime_id: str = "",
    ) -> str:
        """Add a span; return its id. A failure has an error."""
        state = FAILED if error is not None else state
        if error is not None:
            self.failures.append(Failure(span_id, span_id, error, "", "", False, START, "", True))
        start_ns = START + round(start * 10**9)
        end_ns = None if end is None else START + round(end * 10**9)
        depth = 0 if parent is None else next((s.depth for s in self.steps if s.span_id == parent), -1) + 1
        executable = None if type_ is None else Executable(
            span_id, parent, type_, name or span_id, runtime_id or span_id, runtime_id or span_id, None, None, None,
            None, None, None, None, None, 2, start_ns, end_ns, state, error,
        )  # fmt: skip
        kind = type_.value if type_ else "other"
        self.steps.append(Step(span_id, parent, depth, name or span_id, kind, executable, start_ns, end_ns, state))
        return span_id

    def ran(
        self,
        drawn: Graph | None,
        executions: Mapping[str, Iterable[str]],
        edges: Mapping[str, int | EdgeCount] | None = None,
        owner: str = "run",
    ) -> None:
        """Say what an owner did in its graph: spans by node, counts by edge (`e0` is the first)."""
        spans = {node_id: tuple(found) for node_id, found in executions.items()}
        kinds = {} if drawn is None else {one.id: one.kind for one in drawn.nodes}
        subflows = {node_id: found for node_id, found in spans.items() if kinds.get(node_id) is NodeKind.SUBFLOW}
        counts = {
            edge_id: count if isinstance(count, EdgeCount) else EdgeCount(count, is_inferred=False)
            for edge_id, count in (edges or {}).items()
        }
        self.graphs[owner] = GraphExecution(owner, drawn, spans, counts, subflows)

    def run(self) -> Run:
        """Return the run."""
        owner = self.steps[0]
        span_id = "run" if self.has_owner else None
        return Run(
            "ab" * 16, span_id, "run", owner.executable, self.name, "checkout-agent", None, self.state, START,
            START + 10**10, tuple(self._in_tree_order()), dict(self.graphs), (), tuple(self.failures), (), None, (),
            DroppedCounts(), (),
        )  # fmt: skip

    def _in_tree_order(self) -> list[Step]:
        below: dict[str | None, list[Step]] = {}
        known = {step.span_id for step in self.steps}
        for step in self.steps:
            parent = step.parent_span_id if step.parent_span_id in known else None
            below.setdefault(parent, []).append(replace(step, parent_span_id=parent))
        order: list[Step] = []
        waiting = list(reversed(below.get(None, [])))
        while waiting:
            step = waiting.pop()
            order.append(step)
            waiting.extend(reversed(below.get(step.span_id, [])))
        return order


MESSAGE_GRAPH = graph(
    (
        node("load", "LoadContext", children=("save", "history", "contact")),
        node("save", "SaveMessage"),
        node("history", "LoadHistory"),
        node("contact", "LoadContact"),
        node("assess", "AssessDirective"),
        subflow("answer", "AnswerSubflow"),
        node("talk", "SmallTalk"),
        node("draft", "Draft"),
        node("check", "CheckPolicy"),
        node("sink", "Sink"),
    ),
    "load assess",
    "assess answer is question",
    "assess talk is smalltalk",
    "answer draft",
    "draft draft not good enough",
    "draft check",
    "check sink",
    "talk sink",
    "check answer asks again",
)
ANSWER_GRAPH = graph(
    (node("plan", "Plan"), node("search", "Search"), subflow("write", "Write")),
    "plan search",
    "search write",
    "search search again",
)
WRITE_GRAPH = graph((node("outline", "Outline"), node("polish", "Polish")), "outline polish")


def sample_run() -> Run:
    """A group, conditions, a subflow run twice with a subflow in it, loops, a failure, and what never ran."""
    maker = RunMaker(state=FAILED)
    maker.step("g1", "run", 0, 0.881, ExecutableType.RUN_CONCURRENT, name="LoadContext")
    for span_id, end in (("s1", 0.27), ("h1", 0.868), ("c1", 0.466)):
        maker.step(span_id, "g1", 0, end)
    maker.step("a1", "run", 0.9, 1.641)
    answers = [_answer(maker, number, at) for number, at in ((1, 1.7), (2, 3.7))]
    drafts = [maker.step(f"d{n}", "run", 6 + n, 6.68 + n) for n in range(3)]
    maker.step("x1", "run", 9.1, 9.68, error="HTTPError")
    maker.ran(
        MESSAGE_GRAPH,
        {
            "load": ["g1"], "save": ["s1"], "history": ["h1"], "contact": ["c1"], "assess": ["a1"],
            "answer": answers, "draft": drafts, "check": ["x1"],
        },
        {"e0": 1, "e1": EdgeCount(1, is_inferred=True), "e3": 2, "e4": 2, "e5": 1},
    )  # fmt: skip
    return maker.run()


def _answer(maker: RunMaker, number: int, at: float) -> str:
    """One run of the subflow; its second searches twice. In the last search, a span of other instrumentation."""
    sub = maker.step(f"sub{number}", "run", at, at + 1.9, ExecutableType.SUBFLOW)
    plan = maker.step(f"p{number}", sub, at, at + 0.2)
    searches = [maker.step(f"q{number}{n}", sub, at + 0.3 + n / 10, at + 0.4 + n / 10) for n in range(number)]
    maker.step(f"llm{number}", searches[-1], at + 0.31, at + 0.35, None, name="chat")
    write = maker.step(f"w{number}", sub, at + 0.8, at + 1.8, ExecutableType.SUBFLOW)
    outline = maker.step(f"o{number}", write, at + 0.8, at + 1)
    polish = maker.step(f"z{number}", write, at + 1, at + 1.8)
    executions = {"plan": [plan], "search": searches, "write": [write]}
    maker.ran(ANSWER_GRAPH, executions, {"e0": 1, "e1": 1, "e2": number - 1}, sub)
    maker.ran(WRITE_GRAPH, {"outline": [outline], "polish": [polish]}, {"e0": 1}, write)
    return sub

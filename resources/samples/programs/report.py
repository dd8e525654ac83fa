"""A weekly report, built with Junjo: three sources at once, one subflow used twice, an editing agent in a loop.

On the pretended day it is made several times. One run finds a source out of reach, one agent calls a tool that fails,
one hook of the program raises, one report needs three passes, and one is called off.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from junjo import (
    Condition,
    Edge,
    ExecutionCorrelation,
    Graph,
    Node,
    RunConcurrent,
    Subflow,
    Workflow,
    WorkflowExecutionError,
)
from junjo.hooks import Hooks, NodeCompletedEvent

from resources.samples.programs import openinference
from resources.samples.programs.conversation import Message, ModelCall
from resources.samples.programs.day import Day, Service, junjo_service, run
from resources.samples.programs.report_editor import edit
from resources.samples.programs.report_store import ReportState, ReportStore, SectionState, SectionStore

Mishap = Literal["reviews out of reach", "style guide lost", "metrics hook broken", "called off"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One report. It needs `passes` passes of the editor; the first takes `pace` times as long as on a good day."""

    hour: float
    week: str
    passes: int
    pace: float = 1.0
    mishap: Mishap | None = None


ISSUES = (
    Issue(3.1, "2026-W42", 1),
    Issue(6.4, "2026-W43", 2, 1.4),
    Issue(10.2, "2026-W44", 1, mishap="metrics hook broken"),
    Issue(14.8, "2026-W45", 1, mishap="reviews out of reach"),
    Issue(18.6, "2026-W45", 3, 1.9),
    Issue(21.7, "2026-W46", 1, mishap="called off"),
    Issue(23.6, "2026-W46", 2, mishap="style guide lost"),
)
FIGURES: dict[str, dict[str, float]] = {
    "LoadSales": {"orders": 1312, "revenue": 48_730},
    "LoadReturns": {"parcels": 41, "share": 0.031},
}
REVIEWS = ("The kettle is beautiful.", "The tin arrived dented.", "Tea as good as in Kyoto. 🍵")


class SourceUnreachableError(Exception):
    """A source of the report does not answer."""


class _ReportNode(Node[ReportStore]):
    def __init__(self, day: Day, service: Service, issue: Issue) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Junjo's constructor has no annotation
        self.day, self.tracing, self.issue = day, service, issue


class LoadSales(_ReportNode):
    """Reads what was sold."""

    async def service(self, store: ReportStore) -> None:
        await self.day.work(0.3 * self.issue.pace)
        await store.add_figures("sales", FIGURES["LoadSales"])


class LoadReturns(_ReportNode):
    """Reads what came back."""

    async def service(self, store: ReportStore) -> None:
        await self.day.work(0.2 * self.issue.pace)
        await store.add_figures("returns", FIGURES["LoadReturns"])


async def _ask(address: str) -> None:
    raise TimeoutError(f"{address} did not answer within 100 ms")


class LoadReviews(_ReportNode):
    """Reads what customers say; the other sources are still being read."""

    async def service(self, store: ReportStore) -> None:
        await self.day.work(0.1)
        if self.issue.mishap == "reviews out of reach":
            try:
                await _ask("reviews.internal:8443")
            except TimeoutError as error:
                raise SourceUnreachableError("The reviews cannot be read.") from error
        await store.set_reviews(REVIEWS)


class Outline(Node[SectionStore]):
    """Collects what a section is to say."""

    def __init__(self, day: Day) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.day = day

    async def service(self, store: SectionStore) -> None:
        await self.day.work(0.08)
        topic = (await store.get_state()).topic
        await store.set_outline((f"{topic}: the week in one line", f"{topic}: what changed", f"{topic}: what to do"))


class Write(Node[SectionStore]):
    """Has a model write the section."""

    def __init__(self, day: Day, service: Service, issue: Issue) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.day, self.tracing, self.issue = day, service, issue

    async def service(self, store: SectionStore) -> None:
        state = await store.get_state()
        text = f"{state.topic} in {self.issue.week}: {len(state.outline)} points, all calm."
        messages = (Message("system", "Write one paragraph."), Message("user", "\n".join(state.outline)))
        call = ModelCall(
            f"chatcmpl-{self.day.draw.getrandbits(96):024x}",
            "anthropic",
            "claude-sonnet-4",
            messages,
            Message("assistant", text),
            0.3,
        )
        with openinference.model_call(self.tracing.tracer, call):
            await self.day.work(1.1 * self.issue.pace)
            # Inside the model's span, which Junjo does not know: the change belongs to the node all the same.
            await store.set_text(text)


class SectionSubflow(Subflow[SectionState, SectionStore, ReportState, ReportStore]):
    """Writes one section, and hands it to the report."""

    topic = ""

    async def pre_run_actions(self, parent_store: ReportStore, subflow_store: SectionStore) -> None:
        await parent_store.set_status(f"writing {self.topic.lower()}")
        await subflow_store.set_topic(self.topic)

    async def post_run_actions(self, parent_store: ReportStore, subflow_store: SectionStore) -> None:
        await parent_store.add_section((await subflow_store.get_state()).text or "")


class Edit(_ReportNode):
    """Has an agent edit the report."""

    async def service(self, store: ReportStore) -> None:
        state = await store.get_state()
        draft = "\n".join(state.sections)
        edited = await edit(self.day, draft, state.passes + 1, guide=self.issue.mishap != "style guide lost")
        await store.set_edited(edited, state.passes + 1)


class Proofread(_ReportNode):
    """Looks for what is still wrong."""

    async def service(self, store: ReportStore) -> None:
        await self.day.work(0.15)
        await store.set_ready((await store.get_state()).passes >= self.issue.passes)


class Publish(_ReportNode):
    """Puts the report where everybody reads it."""

    async def service(self, store: ReportStore) -> None:
        await self.day.work(0.09)
        await store.set_status("published")


class IsReady(Condition[ReportState]):
    """Whether the report is as good as it has to be."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted

    def evaluate(self, state: ReportState) -> bool:
        return state.ready is self._wanted

    def __str__(self) -> str:
        return "ready" if self._wanted else "needs another pass"


def _section(day: Day, service: Service, issue: Issue, topic: str) -> SectionSubflow:
    def graph() -> Graph:
        outline, write = Outline(day), Write(day, service, issue)
        return Graph(source=outline, sinks=[write], edges=[Edge(tail=outline, head=write)])

    section = SectionSubflow(
        graph_factory=graph, store_factory=lambda: SectionStore(SectionState()), name=f"Write{topic}"
    )
    section.topic = topic
    return section


def _graph(day: Day, service: Service, issue: Issue) -> Graph:
    about = (day, service, issue)
    gather = RunConcurrent("Gather", [LoadSales(*about), LoadReturns(*about), LoadReviews(*about)])
    figures, reviews = _section(*about, "Figures"), _section(*about, "Reviews")
    editing, proofread, publish = Edit(*about), Proofread(*about), Publish(*about)
    return Graph(
        source=gather,
        sinks=[publish],
        edges=[
            Edge(tail=gather, head=figures),
            Edge(tail=figures, head=reviews),
            Edge(tail=reviews, head=editing),
            Edge(tail=editing, head=proofread),
            Edge(tail=proofread, head=editing, condition=IsReady(wanted=False)),
            Edge(tail=proofread, head=publish, condition=IsReady(wanted=True)),
        ],
    )


def _count_nodes(event: NodeCompletedEvent) -> None:
    """Stands for a user's own metrics, which fail without failing the run."""
    if "Proofread" in event.name:
        raise ConnectionRefusedError("metrics.internal:8125 refused the connection")


async def _make(day: Day, service: Service, issue: Issue) -> None:
    hooks = Hooks()
    if issue.mishap == "metrics hook broken":
        hooks.on_node_completed(_count_nodes)
    workflow: Workflow[ReportState, ReportStore] = Workflow(
        name="weekly_report",
        graph_factory=lambda: _graph(day, service, issue),
        store_factory=lambda: ReportStore(ReportState(week=issue.week)),
        hooks=hooks,
    )
    making = asyncio.create_task(workflow.execute(correlation=ExecutionCorrelation(type="week", id=issue.week)))
    if issue.mishap == "called off":
        await asyncio.sleep(2.2)
        making.cancel("the week is not over")
    with suppress(asyncio.CancelledError, WorkflowExecutionError):
        await making


async def program(day: Day) -> None:
    """Make every report at its hour."""
    service = junjo_service(day, "reports", "0.9.2", "reports-1")
    for issue in ISSUES:
        await day.until(issue.hour)
        await _make(day, service, issue)


if __name__ == "__main__":
    run(program, seed=2026)

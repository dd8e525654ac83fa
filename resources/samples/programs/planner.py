"""A Junjo agent that plans delivery routes: a scripted model, real tools, no network.

One run ends well, one fails in a tool, one asks for more than it may, and one starts a Junjo workflow from a tool.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from junjo import (
    Agent,
    AgentExecutionError,
    AgentLimits,
    AgentRunContext,
    BaseState,
    BaseStore,
    Graph,
    ModelDriverBinding,
    ModelDriverDescriptor,
    Node,
    Tool,
    Workflow,
)
from junjo.agent import FinalOutputResponse, ModelRequest, ModelResponse, ModelUsage, ToolCall, ToolCallsResponse
from junjo.agent.testing import ScriptedModelDriver
from pydantic import BaseModel

from resources.samples.programs.day import Day, junjo_service, run

KILOMETRES = {
    ("Lyon", "Dijon"): 193,
    ("Dijon", "Nancy"): 216,
    ("Nancy", "Strasbourg"): 160,
    ("Lyon", "Grenoble"): 112,
}


class Job(BaseModel):
    """Where the van goes."""

    request: str
    stops: list[str]


class Route(BaseModel):
    """The plan."""

    stops: list[str]
    kilometres: int
    note: str


class Leg(BaseModel):
    """From one town to the next."""

    start: str
    end: str


class Distance(BaseModel):
    """How far a leg is."""

    kilometres: int


class Load(BaseModel):
    """What a van carries."""

    parcels: int


class LoadPlan(BaseModel):
    """How it is stowed."""

    crates: int


class UnknownRoadError(Exception):
    """The map does not know a road between two towns."""


class StowState(BaseState):
    """Parcels that are being stowed."""

    parcels: int
    crates: int = 0


class StowStore(BaseStore[StowState]):
    """Store of the stowing workflow."""

    async def set_crates(self, crates: int) -> None:
        await self.set_state({"crates": crates})


class Stow(Node[StowStore]):
    """Twelve parcels a crate."""

    async def service(self, store: StowStore) -> None:
        await store.set_crates(-(-(await store.get_state()).parcels // 12))


class Thoughtful:
    """The scripted driver, with the time that a model would need."""

    def __init__(self, day: Day, script: Sequence[ModelResponse]) -> None:
        self._day = day
        self._script = ScriptedModelDriver(list(script))

    async def request(self, request: ModelRequest) -> object:
        await self._day.work(0.8 + 0.2 * request.ordinal)
        return await self._script.request(request)


def _asks(text: str, *calls: tuple[str, str, dict[str, object]], tokens: int) -> ToolCallsResponse:
    return ToolCallsResponse(
        tool_calls=[ToolCall(id=id_, name=name, arguments=arguments) for id_, name, arguments in calls],
        assistant_text=text,
        usage=ModelUsage(input_tokens=tokens, output_tokens=34, total_tokens=tokens + 34),
    )


def _leg(id_: str, start: str, end: str) -> tuple[str, str, dict[str, object]]:
    return id_, "measure", {"start": start, "end": end}


def _tools(day: Day) -> tuple[Tool[Any, Any, None], ...]:
    async def measure(input: Leg, context: AgentRunContext[None]) -> Distance:  # noqa: A002, ARG001 - named by Junjo
        await day.work(0.06)
        try:
            return Distance(kilometres=KILOMETRES[input.start, input.end])
        except KeyError as error:
            raise UnknownRoadError(f"no road from {input.start} to {input.end} on the map of 2026-11") from error

    async def stow(input: Load, context: AgentRunContext[None]) -> LoadPlan:  # noqa: A002, ARG001 - named by Junjo
        node = Stow()  # type: ignore[no-untyped-call]  # Junjo's constructor has no annotation
        workflow: Workflow[StowState, StowStore] = Workflow(
            name="stow_parcels",
            graph_factory=lambda: Graph(source=node, sinks=[node], edges=[]),
            store_factory=lambda: StowStore(StowState(parcels=input.parcels)),
        )
        await day.work(0.1)
        return LoadPlan(crates=(await workflow.execute()).state.crates)

    return (
        Tool(
            name="measure",
            description="Kilometres between two towns.",
            input_type=Leg,
            output_type=Distance,
            shared_service=measure,
        ),
        Tool(name="stow", description="Plan the crates.", input_type=Load, output_type=LoadPlan, shared_service=stow),
    )


RUNS: tuple[tuple[float, Job, int, tuple[ModelResponse, ...]], ...] = (
    (
        4.3,
        Job(request="Plan a route through Lyon, Dijon and Nancy.", stops=["Lyon", "Dijon", "Nancy"]),
        6,
        (
            _asks("Let me measure both legs.", _leg("c1", "Lyon", "Dijon"), _leg("c2", "Dijon", "Nancy"), tokens=412),
            FinalOutputResponse(
                output={"stops": ["Lyon", "Dijon", "Nancy"], "kilometres": 409, "note": "Both legs on the A31."},
                usage=ModelUsage(input_tokens=530, output_tokens=41, cached_input_tokens=384, total_tokens=571),
            ),
        ),
    ),
    (
        12.2,
        Job(request="Can the van reach Bern from Dijon?", stops=["Dijon", "Bern"]),
        6,
        (_asks("One leg to measure.", _leg("c1", "Dijon", "Bern"), tokens=398),),
    ),
    (
        16.1,
        Job(request="Find the shortest tour of all towns.", stops=["Lyon", "Dijon", "Nancy", "Strasbourg", "Grenoble"]),
        2,
        (
            _asks("First leg.", _leg("c1", "Lyon", "Dijon"), tokens=420),
            _asks("Now three more at once.", *[_leg(f"c{n}", "Lyon", "Grenoble") for n in (2, 3, 4)], tokens=505),
        ),
    ),
    (
        23.7,
        Job(request="Lyon to Grenoble with 40 parcels, please.", stops=["Lyon", "Grenoble"]),
        6,
        (
            _asks("Distance and crates.", _leg("c1", "Lyon", "Grenoble"), ("c2", "stow", {"parcels": 40}), tokens=433),
            FinalOutputResponse(
                output={"stops": ["Lyon", "Grenoble"], "kilometres": 112, "note": "Four crates fit in the small van."},
                usage=ModelUsage(input_tokens=561, output_tokens=58, reasoning_tokens=22, total_tokens=619),
            ),
        ),
    ),
)


async def program(day: Day) -> None:
    """Plan every route at its hour."""
    junjo_service(day, "logistics", "1.8.0", "logistics-2")
    descriptor = ModelDriverDescriptor(driver_key="scripted", provider="openai", model="gpt-4.1-mini", fixture=True)
    for hour, job, tool_calls, script in RUNS:
        await day.until(hour)
        driver = Thoughtful(day, script)
        agent: Agent[Job, Route, None] = Agent(
            key="route-planner",
            name="plan_route",
            instructions="Plan a route for one van. Measure every leg; never guess a distance.",
            input_type=Job,
            output_type=Route,
            model=ModelDriverBinding.shared(descriptor=descriptor, driver=driver),
            tools=_tools(day),
            limits=AgentLimits(model_requests=4, tool_calls=tool_calls),
        )
        with suppress(AgentExecutionError):
            await agent.execute(job, dependencies=None)


if __name__ == "__main__":
    run(program, seed=193)

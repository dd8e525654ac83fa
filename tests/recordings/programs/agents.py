# mypy: disable-error-code="no-untyped-call"
# (Constructors of Junjo have no annotations.)
"""Scenarios with agents. The model is scripted: no network, and the same answers in every recording."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from junjo import (
    Agent,
    AgentExecutionError,
    AgentLimits,
    AgentRunContext,
    BaseState,
    BaseStore,
    Edge,
    Node,
    Tool,
)
from junjo.agent import FinalOutputResponse, ModelRequest, ModelResponse, ModelUsage, ToolCall, ToolCallsResponse
from junjo.agent.testing import ScriptedError, ScriptedModelDriver
from pydantic import BaseModel

from tests.recordings.programs.parts import OrderStore, Receive, Send, order_store
from tests.recordings.programs.sdk import graph_of, model_of, workflow_of
from tests.recordings.programs.truth import TRUTH, action

KILOMETRES = {("Lyon", "Dijon"): 193, ("Dijon", "Nancy"): 216}


waiting = asyncio.Event()
"""Set when the tool that waits is waiting."""


class Job(BaseModel):
    """What is asked."""

    request: str


class Plan(BaseModel):
    """What is answered."""

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


class Crates(BaseModel):
    """How it is stowed."""

    crates: int


class StowState(BaseState):
    """Parcels that are being stowed."""

    parcels: int
    crates: int = 0


class StowStore(BaseStore[StowState]):
    """Store of the workflow that a tool calls."""

    @action
    async def set_crates(self, crates: int) -> None:
        await self.set_state({"crates": crates})


class Stow(Node[StowStore]):
    """Twelve parcels a crate."""

    async def service(self, store: StowStore) -> None:
        await store.set_crates(-(-(await store.get_state()).parcels // 12))


class NotedDriver:
    """A scripted model that notes what it is asked."""

    def __init__(self, operations: list[dict[str, Any]], script: tuple[ModelResponse | ScriptedError, ...]) -> None:
        self._operations = operations
        self._script = ScriptedModelDriver(list(script))

    async def request(self, request: ModelRequest) -> object:
        """Note the request and give the next answer of the script, which may be an error."""
        own: dict[str, Any] = {"kind": "model_request", "ordinal": request.ordinal}
        own |= {"message_count": len(request.messages), "response_type": None, "error": None}
        self._operations.append(own)
        try:
            answer: Any = await self._script.request(request)
        except Exception as error:
            own["error"] = f"{type(error).__name__}: {error}"
            raise
        own["response_type"] = answer.type
        return answer


def _asks(text: str, *calls: tuple[str, str, dict[str, object]]) -> ToolCallsResponse:
    return ToolCallsResponse(
        tool_calls=[ToolCall(id=id_, name=name, arguments=arguments) for id_, name, arguments in calls],
        assistant_text=text,
        usage=ModelUsage(input_tokens=400, output_tokens=30, total_tokens=430),
    )


def _leg(id_: str, start: str, end: str) -> tuple[str, str, dict[str, object]]:
    return id_, "measure", {"start": start, "end": end}


def _answers(kilometres: int, note: str) -> FinalOutputResponse:
    usage = ModelUsage(input_tokens=500, output_tokens=40, cached_input_tokens=380, total_tokens=540)
    return FinalOutputResponse(output={"kilometres": kilometres, "note": note}, usage=usage)


async def _measure(leg: Leg) -> Distance:
    if (leg.start, leg.end) not in KILOMETRES:
        raise LookupError(f"no road from {leg.start} to {leg.end}")
    return Distance(kilometres=KILOMETRES[leg.start, leg.end])


async def _stow(load: Load) -> Crates:
    def graph() -> Any:
        stow = Stow()
        return graph_of(stow, stow)

    workflow = workflow_of("stow parcels", graph, lambda: StowStore(StowState(parcels=load.parcels)))
    return Crates(crates=(await workflow.execute()).state.crates)


async def _wait(load: Load) -> Crates:
    waiting.set()
    await asyncio.Event().wait()
    return Crates(crates=load.parcels)


def _tool(operations: list[dict[str, Any]], name: str, types: tuple[Any, Any], work: Any) -> Tool[Any, Any, None]:
    async def noted(input: Any, context: AgentRunContext[None]) -> Any:  # noqa: A002 - named by Junjo
        own: dict[str, Any] = {"kind": "tool_call", "id": context.tool_call_id, "name": name}
        own |= {"arguments": input.model_dump(), "result": None, "error": None}
        operations.append(own)
        try:
            result = await work(input)
        except asyncio.CancelledError:
            own["error"] = "cancelled"
            raise
        except Exception as error:
            own["error"] = f"{type(error).__name__}: {error}"
            raise
        own["result"] = result.model_dump()
        return result

    into, out = types
    return Tool(name=name, description=f"To {name}.", input_type=into, output_type=out, shared_service=noted)


async def _run(request: str, *script: Any, model_requests: int = 4, tool_calls: int = 3) -> Any:
    """Run the planner; return its output, or None when it fails."""
    operations: list[dict[str, Any]] = []
    agent: Agent[Job, Plan, None] = Agent(
        key="planner",
        name="plan a route",
        instructions="Plan a route. Measure every leg; never guess.",
        input_type=Job,
        output_type=Plan,
        model=model_of(NotedDriver(operations, script)),
        tools=(
            _tool(operations, "measure", (Leg, Distance), _measure),
            _tool(operations, "stow", (Load, Crates), _stow),
            _tool(operations, "wait", (Load, Crates), _wait),
        ),
        limits=AgentLimits(model_requests=model_requests, tool_calls=tool_calls),
    )
    output = None
    try:
        with suppress(AgentExecutionError):
            output = (await agent.execute(Job(request=request), dependencies=None)).output.model_dump()
    finally:
        limits = {"model_requests": model_requests, "tool_calls": tool_calls}
        TRUTH.agent_ended(agent, limits, operations, output)
    return output


async def agent_tools() -> None:
    """Two tool calls in one batch, then the answer."""
    legs = (_leg("c1", "Lyon", "Dijon"), _leg("c2", "Dijon", "Nancy"))
    await _run("Lyon to Nancy", _asks("I measure both legs.", *legs), _answers(409, "On the A31."))


async def agent_tool_fails() -> None:
    """The second tool call fails, and the agent with it."""
    first, second = _leg("c1", "Lyon", "Dijon"), _leg("c2", "Dijon", "Bern")
    await _run("Lyon to Bern", _asks("First leg.", first), _asks("Second leg.", second))


async def agent_limit() -> None:
    """More tool calls in a batch than the limit lets in: none of them is admitted."""
    more = [_leg(f"c{number}", "Dijon", "Nancy") for number in (2, 3, 4)]
    first = _asks("One leg.", _leg("c1", "Lyon", "Dijon"))
    await _run("All towns", first, _asks("Three at once.", *more), tool_calls=2)


async def agent_request_limit() -> None:
    """The model would have to be asked a third time, and may be asked twice."""
    legs = (_leg("c1", "Lyon", "Dijon"), _leg("c2", "Dijon", "Nancy"))
    await _run("Step by step", _asks("One.", legs[0]), _asks("Two.", legs[1]), model_requests=2)


class Ask(Node[OrderStore]):
    """Has an agent plan the route, and keeps what it says."""

    async def service(self, store: OrderStore) -> None:
        plan = await _run("Lyon to Dijon", _asks("One leg.", _leg("c1", "Lyon", "Dijon")), _answers(193, "One leg."))
        await store.set_note(plan["note"])
        await store.set_count(plan["kilometres"])


async def agent_in_node() -> None:
    """A node of a workflow runs an agent."""

    def graph() -> Any:
        receive, ask, send = Receive(), Ask(), Send()
        return graph_of(receive, send, Edge(receive, ask), Edge(ask, send))

    await workflow_of("plan and send", graph, order_store).execute()


async def agent_calls_workflow() -> None:
    """A tool of an agent runs a workflow, twice in one batch."""
    loads: list[tuple[str, str, dict[str, object]]] = [("c1", "stow", {"parcels": 40}), ("c2", "stow", {"parcels": 5})]
    await _run("Stow two vans", _asks("Two vans.", *loads), _answers(0, "Four crates and one."))


async def agent_unknown_tool() -> None:
    """The model asks for two tools at once, one of which there is not: neither is admitted."""
    await _run("Fly to Nancy", _asks("By both.", _leg("c1", "Lyon", "Dijon"), ("c2", "fly", {"to": "Nancy"})))


async def agent_bad_arguments() -> None:
    """The arguments of a call are not what the tool takes."""
    await _run("Somewhere", _asks("I try.", ("c1", "measure", {"start": "Lyon"})))


async def agent_model_fails() -> None:
    """The second request to the model fails."""
    first = _asks("One leg.", _leg("c1", "Lyon", "Dijon"))
    await _run("Lyon to Dijon", first, ScriptedError(TimeoutError("no answer after 30 s")))


async def agent_bad_output() -> None:
    """The final answer is not what was declared, so it is rejected."""
    usage = ModelUsage(input_tokens=100, output_tokens=10, total_tokens=110)
    await _run("Lyon", FinalOutputResponse(output={"kilometres": "far"}, usage=usage))


async def agent_cancelled() -> None:
    """The task of the agent is cancelled while a tool runs."""
    run = asyncio.create_task(_run("Wait", _asks("I wait.", ("c1", "wait", {"parcels": 1}))))
    await waiting.wait()
    run.cancel("the customer left")
    with suppress(asyncio.CancelledError):
        await run

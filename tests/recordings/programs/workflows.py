# mypy: disable-error-code="no-untyped-call"
# (Constructors of Junjo have no annotations.)
"""Scenarios of one workflow: its paths, its loops, and what runs at the same time."""

from __future__ import annotations

import asyncio
from typing import Any

from junjo import BaseState, BaseStore, Condition, Edge, Node, RunConcurrent

from tests.recordings.programs.parts import (
    Check,
    OrderState,
    OrderStore,
    Pack,
    Receive,
    Send,
    Stamp,
    Turn,
    order_store,
)
from tests.recordings.programs.sdk import graph_of, workflow_of
from tests.recordings.programs.truth import TRUTH, action

MANY = 200


async def linear() -> None:
    """Four nodes, one after the other; one update changes nothing, one node updates nothing."""

    def graph() -> Any:
        receive, check, pack, send = Receive(), Check(), Pack(), Send()
        return graph_of(receive, send, Edge(receive, check), Edge(check, pack), Edge(pack, send))

    await workflow_of("take an order", graph, order_store).execute()


class CountedFive(Condition[OrderState]):
    """The loop has ended."""

    def evaluate(self, state: OrderState) -> bool:
        return state.count >= 5


class NotYet(Condition[OrderState]):
    """The loop goes on."""

    def evaluate(self, state: OrderState) -> bool:
        return state.count < 5


async def loop() -> None:
    """Two nodes that run five times, until a condition holds."""

    def graph() -> Any:
        receive, pack, check, send = Receive(), Pack(), Check(), Send()
        edges: Any = (Edge(pack, check), Edge(check, pack, NotYet()), Edge(check, send, CountedFive()))
        return graph_of(receive, send, Edge(receive, pack), *edges)

    await workflow_of("pack five boxes", graph, order_store).execute()


class IsPaid(Condition[OrderState]):
    """The order was paid before."""

    def evaluate(self, state: OrderState) -> bool:
        return state.paid


class HasItems(Condition[OrderState]):
    """There is something to send."""

    def evaluate(self, state: OrderState) -> bool:
        return bool(state.items)


async def conditions() -> None:
    """Three ways from the first node, of which the second is taken; one node is never reached."""

    def graph() -> Any:
        receive, check, turn, stamp, send = Receive(), Check(), Turn(), Stamp(), Send()
        ways: Any = (Edge(receive, check, IsPaid()), Edge(receive, turn, HasItems()), Edge(receive, send))
        return graph_of(receive, send, *ways, Edge(check, stamp), Edge(turn, stamp), Edge(stamp, send))

    await workflow_of("find the way", graph, order_store).execute()


class CheckStock(Node[OrderStore]):
    """Two updates, with the other node's between them."""

    async def service(self, store: OrderStore) -> None:
        await store.add_item("stock asked")
        await asyncio.sleep(0.01)
        await store.add_item("stock known")


class CheckCredit(Node[OrderStore]):
    """The same, and it ends first."""

    async def service(self, store: OrderStore) -> None:
        await store.add_item("credit asked")
        await asyncio.sleep(0)
        await store.add_item("credit known")


async def concurrent() -> None:
    """Two nodes at the same time, whose updates of one store interleave."""

    def graph() -> Any:
        receive, checks, send = Receive(), RunConcurrent("Checks", [CheckStock(), CheckCredit()]), Send()
        return graph_of(receive, send, Edge(receive, checks), Edge(checks, send))

    await workflow_of("check twice at once", graph, order_store).execute()


async def run_twice() -> None:
    """The same workflow object, run twice below a span of somebody else."""

    def graph() -> Any:
        receive, send = Receive(), Send()
        return graph_of(receive, send, Edge(receive, send))

    workflow = workflow_of("take one of two orders", graph, order_store)
    with TRUTH.foreign_span("POST /orders", {"http.request.method": "POST", "url.path": "/orders"}):
        await workflow.execute()
        await workflow.execute()


class Answer(Node[OrderStore]):
    """Updates the store before, inside and after a call of a model."""

    async def service(self, store: OrderStore) -> None:
        await store.set_note("asking")
        call = {
            "openinference.span.kind": "LLM",
            "llm.provider": "openai",
            "llm.model_name": "gpt-4.1-mini",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "Where is my order?",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": "In Dijon.",
            "llm.token_count.prompt": 12,
            "llm.token_count.completion": 4,
        }
        with TRUTH.foreign_span("ChatCompletion", call):
            await store.set_note("In Dijon.")
            await store.move_to("Dijon")
            with TRUTH.foreign_span("POST", {"http.request.method": "POST"}):
                await store.add_item("answer")
        await store.set_count(1)


async def foreign_span() -> None:
    """A node updates the store while a span of a model call, and one inside it, are current."""

    def graph() -> Any:
        receive, answer, send = Receive(), Answer(), Send()
        return graph_of(receive, send, Edge(receive, answer), Edge(answer, send))

    await workflow_of("answer a question", graph, order_store).execute()


class TallyState(BaseState):
    """A small state: it is written down after each of many updates."""

    count: int = 0
    done: bool = False


class TallyStore(BaseStore[TallyState]):
    """The store of the tally."""

    @action
    async def set_count(self, count: int) -> None:
        await self.set_state({"count": count})

    @action
    async def finish(self) -> None:
        await self.set_state({"done": True})


class Begin(Node[TallyStore]):
    """One update, which is known."""

    async def service(self, store: TallyStore) -> None:
        await store.set_count(1000)


class Tally(Node[TallyStore]):
    """More updates than a span keeps events."""

    async def service(self, store: TallyStore) -> None:
        for count in range(MANY):
            await store.set_count(count)


class Finish(Node[TallyStore]):
    """One more, which is known."""

    async def service(self, store: TallyStore) -> None:
        await store.finish()


async def many_updates() -> None:
    """200 updates in one node: OpenTelemetry keeps the newest 128 events of a span."""

    def graph() -> Any:
        begin, tally, finish = Begin(), Tally(), Finish()
        return graph_of(begin, finish, Edge(begin, tally), Edge(tally, finish))

    await workflow_of("count to 200", graph, lambda: TallyStore(TallyState())).execute()

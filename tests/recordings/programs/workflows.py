# mypy: disable-error-code="no-untyped-call"
# (Constructors of Junjo have no annotations.)
"""Scenarios of one workflow: its paths, its loops, and what runs at the same time."""

from __future__ import annotations

from typing import Any

from junjo import Condition, Edge

from tests.recordings.programs.parts import Check, OrderState, Pack, Receive, Send, order_store
from tests.recordings.programs.sdk import graph_of, workflow_of


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

# mypy: disable-error-code="no-untyped-call"
# (Constructors of Junjo have no annotations.)
"""Scenarios with workflows inside workflows."""

from __future__ import annotations

from typing import Any

from junjo import BaseState, BaseStore, Edge, Node

from tests.recordings.programs.parts import OrderStore, Receive, Send, order_store
from tests.recordings.programs.sdk import Subflow, graph_of, workflow_of
from tests.recordings.programs.truth import action


class TaxState(BaseState):
    """What the tax office wants to know."""

    town: str = ""
    rate: float = 0.0
    tries: int = 0


class TaxStore(BaseStore[TaxState]):
    """The store of the tax subflow."""

    @action
    async def set_town(self, town: str) -> None:
        await self.set_state({"town": town})

    @action
    async def set_rate(self, rate: float) -> None:
        await self.set_state({"rate": rate})

    @action
    async def try_again(self) -> None:
        await self.set_state({"tries": self._state.tries + 1})


class FindRate(Node[TaxStore]):
    """Tries and finds."""

    async def service(self, store: TaxStore) -> None:
        await store.try_again()
        await store.set_rate(0.19)


class KeepRate(Node[TaxStore]):
    """Writes what is there already."""

    async def service(self, store: TaxStore) -> None:
        await store.set_rate(0.19)


def tax_store() -> TaxStore:
    """Return a new store."""
    return TaxStore(TaxState())


def tax_graph() -> Any:
    """Two nodes in a row."""
    find, keep = FindRate(), KeepRate()
    return graph_of(find, keep, Edge(find, keep))


class Tax(Subflow):
    """Takes the town from the order into its own store."""

    async def before(self, parent: OrderStore, own: TaxStore) -> None:
        await own.set_town(str((await parent.get_state()).address["town"]))


async def subflow() -> None:
    """A subflow between two nodes; it updates only its own store."""

    def graph() -> Any:
        receive, send = Receive(), Send()
        tax = Tax(graph_factory=tax_graph, store_factory=tax_store, name="find the tax")
        return graph_of(receive, send, Edge(receive, tax), Edge(tax, send))

    await workflow_of("take a taxed order", graph, order_store).execute()

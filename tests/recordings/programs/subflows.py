# mypy: disable-error-code="no-untyped-call"
# (Constructors of Junjo have no annotations.)
"""Scenarios with workflows inside workflows."""

from __future__ import annotations

import asyncio
from typing import Any

import junjo
from junjo import BaseState, BaseStore, Condition, Edge, Node, RunConcurrent

from tests.recordings.programs.parts import OrderState, OrderStore, Pack, Receive, Send, order_store
from tests.recordings.programs.sdk import Subflow, graph_of, workflow_of
from tests.recordings.programs.truth import TRUTH, action


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
    """Tries, lets others run, and finds."""

    async def service(self, store: TaxStore) -> None:
        await store.try_again()
        await asyncio.sleep(0)
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
        tax = _tax()
        return graph_of(receive, send, Edge(receive, tax), Edge(tax, send))

    await workflow_of("take a taxed order", graph, order_store).execute()


def _tax() -> Tax:
    return Tax(graph_factory=tax_graph, store_factory=tax_store, name="find the tax")


async def subflow_twice() -> None:
    """Two subflows of the same structure and name in one graph."""

    def graph() -> Any:
        receive, first, pack, second, send = Receive(), _tax(), Pack(), _tax(), Send()
        edges: Any = (Edge(receive, first), Edge(first, pack), Edge(pack, second), Edge(second, send))
        return graph_of(receive, send, *edges)

    await workflow_of("tax it twice", graph, order_store).execute()


class CountedThree(Condition[OrderState]):
    """Enough boxes."""

    def evaluate(self, state: OrderState) -> bool:
        return state.count >= 3


class FewerThanThree(Condition[OrderState]):
    """Another box."""

    def evaluate(self, state: OrderState) -> bool:
        return state.count < 3


async def subflow_in_loop() -> None:
    """One subflow that runs three times."""

    def graph() -> Any:
        receive, pack, tax, send = Receive(), Pack(), _tax(), Send()
        back: Any = (Edge(tax, pack, FewerThanThree()), Edge(tax, send, CountedThree()))
        return graph_of(receive, send, Edge(receive, pack), Edge(pack, tax), *back)

    await workflow_of("tax every box", graph, order_store).execute()


class TalliedTax(Subflow):
    """A subflow inside a subflow: its parent's store is that of the tax."""

    async def before(self, parent: TaxStore, own: TaxStore) -> None:
        await own.set_town((await parent.get_state()).town)

    async def after(self, parent: TaxStore, own: TaxStore) -> None:
        await parent.set_rate((await own.get_state()).rate)


async def subflow_nested() -> None:
    """A subflow in a subflow in a workflow; the innermost gives its rate to the one around it."""

    def middle() -> Any:
        find, keep = FindRate(), KeepRate()
        inner = TalliedTax(graph_factory=tax_graph, store_factory=tax_store, name="ask the office")
        return graph_of(find, keep, Edge(find, inner), Edge(inner, keep))

    def graph() -> Any:
        receive, send = Receive(), Send()
        tax = Tax(graph_factory=middle, store_factory=tax_store, name="find the tax")
        return graph_of(receive, send, Edge(receive, tax), Edge(tax, send))

    await workflow_of("tax it deeply", graph, order_store).execute()


class GivenTax(Subflow):
    """Updates the parent's store before and after it runs, and its own too."""

    async def before(self, parent: OrderStore, own: TaxStore) -> None:
        await parent.set_note("tax asked")
        await own.set_town("Lyon")
        await parent.add_item("tax form")

    async def after(self, parent: OrderStore, own: TaxStore) -> None:
        await own.try_again()
        await parent.pay(round(100 * (1 + (await own.get_state()).rate), 2))
        await parent.set_note("tax known")


async def parent_updates() -> None:
    """The subflow's actions update the store of its parent."""

    def graph() -> Any:
        receive, pack = Receive(), Pack()
        tax = GivenTax(graph_factory=tax_graph, store_factory=tax_store, name="tax and tell")
        return graph_of(receive, pack, Edge(receive, tax), Edge(tax, pack))

    await workflow_of("be told the tax", graph, order_store).execute()


async def concurrent_subflows() -> None:
    """Two subflows of the same structure at the same time, which both tell their parent."""

    def graph() -> Any:
        towns = [GivenTax(tax_graph, tax_store, name=name) for name in ("of Lyon", "of Dijon")]
        receive, taxes, send = Receive(), RunConcurrent("Taxes", towns), Send()
        return graph_of(receive, send, Edge(receive, taxes), Edge(taxes, send))

    await workflow_of("tax two towns at once", graph, order_store).execute()


async def correlated() -> None:
    """A run with a subflow, given the application's own id of what it is about."""

    def graph() -> Any:
        receive, tax = Receive(), _tax()
        return graph_of(receive, tax, Edge(receive, tax))

    TRUTH.correlation = {"type": "shop.order", "id": "order/1042 “rush”"}
    given = junjo.ExecutionCorrelation(**TRUTH.correlation)
    await workflow_of("tax a known order", graph, order_store).execute(correlation=given)

# mypy: disable-error-code="no-untyped-call"
# (Constructors of Junjo have no annotations.)
"""Scenarios that do not end well: failed, cancelled, killed, and with a hook that fails."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import junjo
from junjo import Edge, Node, RunConcurrent

from tests.recordings.programs.parts import Break, OrderStore, Pack, Receive, Send, order_store
from tests.recordings.programs.sdk import Subflow, graph_of, workflow_of
from tests.recordings.programs.subflows import FindRate, KeepRate, Tax, TaxStore, tax_store
from tests.recordings.programs.truth import TRUTH


async def fails_in_node() -> None:
    """The second of three nodes fails behind an update."""

    def graph() -> Any:
        receive, breaks, send = Receive(), Break(), Send()
        return graph_of(receive, send, Edge(receive, breaks), Edge(breaks, send))

    with suppress(Exception):
        await workflow_of("break in a node", graph, order_store).execute()


class Refuse(Node[TaxStore]):
    """The office says no."""

    async def service(self, store: TaxStore) -> None:
        await store.try_again()
        raise ValueError("the office is closed")


class UnfinishedTax(Tax):
    """Would tell its parent afterwards, and never comes to it."""

    async def after(self, parent: OrderStore, own: TaxStore) -> None:  # noqa: ARG002 - the signature is Junjo's
        await parent.set_note("never reached")


async def fails_in_subflow() -> None:
    """A node of a subflow fails: so does the subflow, and so does the workflow."""

    def inner() -> Any:
        find, refuse = FindRate(), Refuse()
        return graph_of(find, refuse, Edge(find, refuse))

    def graph() -> Any:
        receive, send = Receive(), Send()
        tax: Subflow = UnfinishedTax(graph_factory=inner, store_factory=tax_store, name="find the tax")
        return graph_of(receive, send, Edge(receive, tax), Edge(tax, send))

    with suppress(Exception):
        await workflow_of("break in a subflow", graph, order_store).execute()


class Quick(Node[OrderStore]):
    """Has ended when the other one fails."""

    async def service(self, store: OrderStore) -> None:
        await store.add_item("quick")


class Slow(Node[OrderStore]):
    """Is still running when the other one fails. Newer versions cancel it, older ones let it go on."""

    def __init__(self, goes_on: asyncio.Event) -> None:
        super().__init__()
        self._goes_on = goes_on

    async def service(self, store: OrderStore) -> None:
        await store.add_item("slow")
        await self._goes_on.wait()


class BreakLater(Node[OrderStore]):
    """Fails when both others have done their update."""

    async def service(self, store: OrderStore) -> None:
        await asyncio.sleep(0.01)
        await store.set_note("breaking")
        raise RuntimeError("the scales are broken")


async def fails_in_concurrent() -> None:
    """One of three concurrent nodes fails: one has ended by then, one has not."""
    goes_on = asyncio.Event()

    def graph() -> Any:
        receive, send = Receive(), Send()
        checks = RunConcurrent("Checks", [Quick(), BreakLater(), Slow(goes_on)])
        return graph_of(receive, send, Edge(receive, checks), Edge(checks, send))

    with suppress(Exception):
        await workflow_of("break in one of three", graph, order_store).execute()
    goes_on.set()
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)


class Wait(Node[OrderStore]):
    """Says that it waits, and does so for ever."""

    def __init__(self, waits: asyncio.Event) -> None:
        super().__init__()
        self._waits = waits

    async def service(self, store: OrderStore) -> None:
        await store.set_note("waiting for the carrier")
        self._waits.set()
        await asyncio.Event().wait()


async def cancelled() -> None:
    """The task of the run is cancelled while its second node waits."""
    waits = asyncio.Event()

    def graph() -> Any:
        receive, wait, send = Receive(), Wait(waits), Send()
        return graph_of(receive, send, Edge(receive, wait), Edge(wait, send))

    run = asyncio.create_task(workflow_of("wait for a carrier", graph, order_store).execute())
    await waits.wait()
    run.cancel("the customer left")
    with suppress(asyncio.CancelledError):
        await run


class Die(Node[OrderStore]):
    """The process ends here, in the middle of a run."""

    async def service(self, store: OrderStore) -> None:
        await store.set_note("about to die")
        TRUTH.leave()


async def killed() -> None:
    """What had ended was sent, then the process died: the spans of the run itself never come."""

    def graph() -> Any:
        receive, pack, die, send = Receive(), Pack(), Die(), Send()
        return graph_of(receive, send, Edge(receive, pack), Edge(pack, die), Edge(die, send))

    await workflow_of("die in a node", graph, order_store).execute()


class DieHere(Node[TaxStore]):
    """The process ends here, deep in a run."""

    async def service(self, store: TaxStore) -> None:
        await asyncio.sleep(0.01)
        await store.set_rate(0.5)
        TRUTH.leave()


async def killed_inside() -> None:
    """The process died in a concurrent group of a subflow: four executions around what arrived never come."""

    def inner() -> Any:
        find, group = FindRate(), RunConcurrent("Offices", [KeepRate(), DieHere()])
        return graph_of(find, group, Edge(find, group))

    def graph() -> Any:
        receive, send = Receive(), Send()
        tax: Subflow = Tax(graph_factory=inner, store_factory=tax_store, name="find the tax")
        return graph_of(receive, send, Edge(receive, tax), Edge(tax, send))

    await workflow_of("die in a subflow", graph, order_store).execute()


async def hook_error() -> None:
    """Two hooks fail, of a node and of the workflow; the run succeeds all the same."""

    def breaks_at_pack(event: Any) -> None:
        if event.name == "Pack":
            error = LookupError(f"no screen for {event.name}")
            TRUTH.hook_failed(event.hook_name, error)
            raise error

    async def breaks_at_the_end(event: Any) -> None:
        error = ConnectionError("the bell does not answer")
        TRUTH.hook_failed(event.hook_name, error)
        raise error

    def graph() -> Any:
        receive, pack, send = Receive(), Pack(), Send()
        return graph_of(receive, send, Edge(receive, pack), Edge(pack, send))

    hooks = junjo.Hooks()
    hooks.on_node_completed(breaks_at_pack)
    hooks.on_workflow_completed(breaks_at_the_end)
    await workflow_of("ring at the end", graph, order_store, hooks).execute()

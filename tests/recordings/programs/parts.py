"""States, stores and nodes that several scenarios share: an order that is taken, checked, packed and sent."""

from __future__ import annotations

from typing import Any

from junjo import BaseState, BaseStore, Node

from tests.recordings.programs.truth import TRUTH, action


class OrderState(BaseState):
    """The order, with one value of each JSON type and text that is not ASCII."""

    note: str = "“rush” 🫖"
    count: int = 0
    total: float = 0.0
    paid: bool = False
    carrier: str | None = None
    items: list[str] = []  # noqa: RUF012 - pydantic copies the default
    address: dict[str, Any] = {"town": "Lyon", "a/b~c": [1, 2, 3]}  # noqa: RUF012 - pydantic copies this one, too


class OrderStore(BaseStore[OrderState]):
    """The store of an order."""

    @action
    async def set_note(self, note: str) -> None:
        await self.set_state({"note": note})

    @action
    async def set_count(self, count: int) -> None:
        await self.set_state({"count": count})

    @action
    async def add_item(self, item: str) -> None:
        # Read without waiting: a concurrent node must not get in between.
        await self.set_state({"items": [*self._state.items, item]})

    @action
    async def pay(self, total: float) -> None:
        await self.set_state({"total": total, "paid": True})

    @action
    async def move_to(self, town: str) -> None:
        await self.set_state({"address": {"town": town, "a/b~c": [3, 1]}})

    @action
    async def turn_items(self) -> None:
        await self.set_state({"items": self._state.items[1:] + self._state.items[:1]})

    @action
    async def forget_items(self) -> None:
        await self.set_state({"items": []})


class Receive(Node[OrderStore]):
    """Writes a note, the same again (no change), and an item."""

    async def service(self, store: OrderStore) -> None:
        await store.set_note("order 1042")
        await store.set_note("order 1042")
        await store.add_item("kettle")


class Check(Node[OrderStore]):
    """Changes nothing."""

    async def service(self, store: OrderStore) -> None:
        await store.get_state()


class Pack(Node[OrderStore]):
    """Adds an item and counts one up."""

    async def service(self, store: OrderStore) -> None:
        await store.add_item("box")
        await store.set_count((await store.get_state()).count + 1)


class Send(Node[OrderStore]):
    """Pays, moves, and forgets."""

    async def service(self, store: OrderStore) -> None:
        await store.pay(42.5)
        await store.move_to("Dijon")
        await store.forget_items()


class Stamp(Node[OrderStore]):
    """Updates the store itself, without an action: older versions then name the node as the store."""

    async def service(self, store: OrderStore) -> None:
        await store.set_state({"carrier": "post"})
        TRUTH.stepped(store, "service")


class Turn(Node[OrderStore]):
    """Moves an item from the first place to the last."""

    async def service(self, store: OrderStore) -> None:
        for item in ("cup", "saucer", "spoon"):
            await store.add_item(item)
        await store.turn_items()


class Break(Node[OrderStore]):
    """Updates, and fails."""

    async def service(self, store: OrderStore) -> None:
        await store.set_note("no carrier found")
        raise KeyError("no carrier")


def order_store() -> OrderStore:
    """Return a new store with a new order."""
    return OrderStore(OrderState())

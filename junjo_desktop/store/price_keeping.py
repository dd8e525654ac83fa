"""Own prices of models from the state file, kept together with what stored calls were priced by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from junjo_desktop.state.own_prices import OwnPrices
from junjo_desktop.store.database import Store
from junjo_desktop.store.own_prices import own_prices_of, price_again, take_own_prices
from junjo_desktop.telemetry.llm.prices.own_price import OwnPrice


class PriceKeeper:
    """May be asked on any thread. Methods raise `UserError`."""

    def __init__(self, store: Store, state_db: Path) -> None:
        self._store = store
        self._state_db = state_db
        self._on_change: Callable[[], None] | None = None

    def begin(self, on_change: Callable[[], None]) -> None:
        """Have calls be priced by what the state file says; `on_change` is called when some are to be priced again."""
        self._on_change = on_change
        self.take()

    def set_price(self, model: str, price: OwnPrice | None) -> None:
        """Set the price of a model, or take it away; its calls are priced again in the background.

        Raises `UsageError`.
        """
        with closing(OwnPrices(self._state_db)) as wished:
            if price is None:
                wished.remove(model)
            else:
                wished.write(model, price)
        self.take()

    def take(self) -> None:
        """Have calls be priced by what the state file says: another process may have changed it."""
        with closing(OwnPrices(self._state_db)) as wished:
            is_other = take_own_prices(self._store, wished.all())
        if is_other:
            self._tell()

    def price_again(self) -> None:
        """Have every call be priced by today's prices, in the background."""
        price_again(self._store)
        self._tell()

    def in_force(self) -> Mapping[str, Mapping[str, object]]:
        """Return the prices that calls are priced by, as a price table has them."""
        return {model: price.prices for model, price in self._store.read(own_prices_of).items()}

    def _tell(self) -> None:
        if self._on_change is not None:
            self._on_change()

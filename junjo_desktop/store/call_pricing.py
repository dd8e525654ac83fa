"""What calls cost, by LiteLLM's price table and the user's own prices."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from junjo_desktop.store.call_reading import Pricer
from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.prices.cost import Cost, cost_of
from junjo_desktop.telemetry.llm.prices.rates import KnownRates
from junjo_desktop.telemetry.llm.prices.table import Prices, PriceTable, PriceTableError, price_table
from junjo_desktop.telemetry.span import Span

logger = logging.getLogger(__name__)

_NO_TABLE = PriceTable({}, "")


def pricer(own_prices: Mapping[str, Prices]) -> Pricer:
    """Return what prices calls. Without a table (the log says why) only own prices and reported costs are known."""
    try:
        table = price_table()
    except PriceTableError as error:
        logger.warning("Calls are not priced: %s", error)
        table = _NO_TABLE

    rates = KnownRates()

    def price(call: LlmCall, span: Span) -> Cost:
        return cost_of(call, table, own_prices=own_prices, start_ns=span.start_ns, rates=rates)

    return price

"""What the user says that a model costs."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from junjo_desktop.errors import UsageError
from junjo_desktop.telemetry.llm.prices.table import Prices

LONGEST_MODEL = 200
MOST_DOLLARS = 1_000_000.0
_PER_MILLION = 1_000_000
_KEYS = (
    ("input", "input_cost_per_token"),
    ("output", "output_cost_per_token"),
    ("cache_read", "cache_read_input_token_cost"),
    ("cache_write", "cache_creation_input_token_cost"),
)


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """US dollars for a million tokens; a price for a cache that is None is that of other input."""

    input: float
    output: float
    cache_read: float | None = None
    cache_write: float | None = None

    @property
    def prices(self) -> Prices:
        """The same as the price table has it: for one token."""
        told = ((key, getattr(self, name)) for name, key in _KEYS)
        return {key: dollars / _PER_MILLION for key, dollars in told if dollars is not None}


def checked_model(text: str) -> str:
    """Return the name of a model as it is kept. Raises `UsageError` for what is none."""
    model = text.strip()
    if not model or len(model) > LONGEST_MODEL or not model.isprintable():
        raise UsageError(
            f"The name of a model has 1 to {LONGEST_MODEL} characters.", "Write it as the program calls it."
        )
    return model


def checked_price(price: OwnPrice) -> OwnPrice:
    """Return a price. Raises `UsageError` where it cannot be one."""
    for name, _ in _KEYS:
        dollars = getattr(price, name)
        if dollars is not None and not (isfinite(dollars) and 0 <= dollars <= MOST_DOLLARS):
            raise UsageError(
                f"The price for {name.replace('_', ' ')} cannot be {dollars}.",
                f"Give US dollars for a million tokens, from 0 to {MOST_DOLLARS:,.0f}.",
            )
    return price

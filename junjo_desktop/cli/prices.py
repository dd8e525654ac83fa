"""`prices`, `prices set`, `prices remove`: what models cost that no price table knows, or knows otherwise.

`prices --json` is one document: `own` (each with `model`, `input`, `output`, `cache_read`, `cache_write`: US dollars
for a million tokens; null: as other input), `unpriced` (`model`, `provider`, `calls`: stored calls without a known
price), `table_version`, `priced_by` (how many calls by which table), `to_price` (traces that are to be priced again).
"""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.text import harmless
from junjo_desktop.errors import NotFoundError
from junjo_desktop.state.own_prices import OwnPrices
from junjo_desktop.telemetry.llm.prices.own_price import OwnPrice


def prices(options: Options, found: Namespace) -> int:
    """Set or remove a price, or list them. Raises `NotFoundError`, `UsageError`, `UserError`."""
    if found.action != "list":
        with closing(OwnPrices(options.data_dir.state)) as own:
            said = _changed(own, found)
        remark(said)
    # Who answers takes the prices from the state file first, and prices again what they concern.
    with open_access(options.data_dir, reads_calls=True) as access:
        answer = orjson.loads(access.query("prices", {}))
    if found.json:
        write_json(answer)
    elif found.action == "list":
        write_lines(_lines(answer))
    return 0


def _changed(own: OwnPrices, found: Namespace) -> str:
    if found.action == "set":
        price = OwnPrice(found.input, found.output, found.cache_read, found.cache_write)
        return f"{own.write(found.model, price)} costs {_words(price)}. Its calls are priced again in the background."
    if not own.remove(found.model):
        raise NotFoundError(f"{found.model} has no price of its own.", "`junjo-desktop prices` lists what is set.")
    return f"{found.model.strip()} has no price of its own any more. Its calls are priced again in the background."


def _words(price: OwnPrice) -> str:
    told = [f"${price.input:,.6g} in", f"${price.output:,.6g} out"]
    told += [f"${price.cache_read:,.6g} cache read"] if price.cache_read is not None else []
    told += [f"${price.cache_write:,.6g} cache write"] if price.cache_write is not None else []
    return f"{', '.join(told)} a million tokens"


def _lines(answer: dict[str, Any]) -> list[str]:
    lines = []
    for one in answer["own"]:
        price = OwnPrice(one["input"], one["output"], one["cache_read"], one["cache_write"])
        lines.append(f"{harmless(one['model'])}: {_words(price)}")
    lines += [] if lines else ["No own price is set."]
    for one in answer["unpriced"]:
        lines.append(f"{harmless(one['model'])}: unpriced, {one['calls']:,} {'call' if one['calls'] == 1 else 'calls'}")
    lines.append(f"price table: {answer['table_version'] or 'none'}")
    return lines

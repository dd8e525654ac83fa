"""The user's own prices in the store: by which calls were priced, which have none, and pricing all again.

The state file has the prices that are wished for. Here stand those that calls were priced by. Both are brought together
in one transaction with the mark that the calls concerned are read again: whatever happens between, the next start sees
the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.database import Store
from junjo_desktop.telemetry.llm.prices.own_price import OwnPrice
from junjo_desktop.telemetry.llm.prices.table import PriceTableError, price_table

_MOST_UNPRICED = 200
_KEPT = "SELECT model, input, output, cache_read, cache_write FROM own_prices ORDER BY lower(model), model"
_CONCERNED = """
UPDATE call_traces SET version = 0 WHERE trace_id IN (
    SELECT trace_id FROM calls, (SELECT unnest($models::VARCHAR[]) AS own)
    WHERE own IN (request_model, response_model, provider || '/' || request_model, provider || '/' || response_model))
"""
_UNPRICED = f"""
SELECT coalesce(response_model, request_model) AS model, any_value(provider), count(*) AS calls FROM calls
WHERE is_counted AND cost IS NULL AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL) AND model IS NOT NULL
GROUP BY model ORDER BY calls DESC, model LIMIT {_MOST_UNPRICED}
"""  # noqa: S608 - a number of ours
_VERSIONS = """
SELECT table_version, count(*) FROM calls WHERE table_version IS NOT NULL GROUP BY table_version ORDER BY 2 DESC
"""


def own_prices_of(cursor: DuckDBPyConnection) -> dict[str, OwnPrice]:
    """Return the own prices that calls are priced by, by the names of models."""
    return {model: OwnPrice(*prices) for model, *prices in cursor.execute(_KEPT).fetchall()}


def take_own_prices(store: Store, wished: Mapping[str, OwnPrice]) -> bool:
    """Have calls be priced by these; say whether they were others. Raises `UserError`."""
    kept = store.read(own_prices_of)
    changed = [model for model in {**kept, **wished} if kept.get(model) != wished.get(model)]
    if not changed:
        return False
    with store.write() as writer:
        writer.execute("DELETE FROM own_prices")
        for model, price in wished.items():
            writer.execute("INSERT INTO own_prices VALUES (?, ?, ?, ?, ?)", [model, *asdict(price).values()])
        writer.execute(_CONCERNED, {"models": changed})
    return True


def price_again(store: Store) -> None:
    """Have every call be priced anew, in the background. Raises `UserError`."""
    with store.write() as writer:
        writer.execute("UPDATE call_traces SET version = 0")


def prices_answer(cursor: DuckDBPyConnection) -> dict[str, Any]:
    """Return `{own, unpriced, table_version, priced_by, to_price}`.

    `own`: prices in US dollars for a million tokens; `unpriced`: models of stored calls whose price is not known, with
    how many; `table_version`: the table's own now; `priced_by`: how many calls by which; `to_price`: how many traces
    are still to be priced again.
    """
    from junjo_desktop.store.call_rows import unread_count

    try:
        version: str | None = price_table().version
    except PriceTableError:
        version = None
    unpriced = cursor.execute(_UNPRICED).fetchall()
    return {
        "own": [{"model": model, **asdict(price)} for model, price in own_prices_of(cursor).items()],
        "unpriced": [{"model": model, "provider": provider, "calls": calls} for model, provider, calls in unpriced],
        "table_version": version,
        "priced_by": dict(cursor.execute(_VERSIONS).fetchall()),
        "to_price": unread_count(cursor),
    }

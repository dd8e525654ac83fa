"""Makes the history of a store from what arrived of it."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.state.history import StoreHistory
from junjo_desktop.telemetry.junjo.store_record import StoreRecord


def reconstruct(record: StoreRecord) -> StoreHistory:
    """Return the history of a store. Never raises, whatever the data."""
    history = StoreHistory()
    history.record = record
    return history

"""A store's history as JSON."""

from __future__ import annotations

from typing import Any

import orjson

from junjo_desktop.errors import UserError
from junjo_desktop.telemetry.junjo.json_value import TooDeepError, encoded, payload_value
from junjo_desktop.telemetry.junjo.state import StateValue, StoreHistory, Transition

MOST_STATE_BYTES = 64 * 1024 * 1024
"""All states of one document, as JSON; more is refused instead of filling the memory."""


class StateWriter:
    """Writes the states of one document and counts them; without `with_states` those between the ends are left out."""

    def __init__(self, *, with_states: bool) -> None:
        self.with_states = with_states
        self._room = MOST_STATE_BYTES

    def store(self, history: StoreHistory) -> dict[str, Any]:
        """Return the store. Raises `UserError` when the states of the document become too large."""
        record = history.record
        return {
            "id": record.store_id,
            "name": record.name,
            "owner_span_id": record.owner_span_id,
            "owner_type": record.owner_type,
            "parent_store_id": record.parent_store_id,
            "is_outside": record.is_outside,
            "status": history.status.value,
            "summary": history.summary,
            **self._state("start", history.start),
            **self._state("end", history.end),
            "revision_start": record.revision_start,
            "revision_end": record.revision_end,
            "transition_count": record.transition_count,
            "missing": [gap._asdict() for gap in history.missing],
            "notes": list(record.notes),
            "transitions": [self._transition(history, transition) for transition in history.transitions],
        }

    def _transition(self, history: StoreHistory, transition: Transition) -> dict[str, Any]:
        event = transition.event
        patch, patch_reason = payload_value(event.patch)
        found: dict[str, Any] = {
            "sequence": transition.sequence,
            "span_id": event.span_id,
            "event_id": event.event_id,
            "action": event.action,
            "time_unix_nano": str(event.time_ns),
            "revision_before": event.revision_before,
            "revision_after": event.revision_after,
            "patch": patch,
            "patch_mode": event.patch.mode.value,
            "patch_reason": patch_reason,
            "certainty": transition.certainty.value,
            "reason": transition.reason,
        }
        if self.with_states:
            found |= self._state("before", history.state_before(transition.position))
            # Its certainty is the transition's.
            found["after"] = self._written(history.state_after(transition.position))[0]
        return found

    def _state(self, name: str, state: StateValue) -> dict[str, Any]:
        value, reason = self._written(state)
        return {name: value, f"{name}_certainty": state.certainty.value, f"{name}_reason": reason}

    def _written(self, state: StateValue) -> tuple[orjson.Fragment | None, str]:
        if not state.is_known:
            return None, state.reason
        try:
            written = encoded(state.value)
        except TooDeepError as error:
            return None, str(error)
        self._room -= len(written)
        if self._room < 0:
            raise UserError(
                f"The states of this run take more than {MOST_STATE_BYTES // 2**20} MiB.",
                "Leave them out with --no-states: patches and both ends are then still there.",
            )
        return orjson.Fragment(written), state.reason

"""A state panel over known stores, with real work in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from junjo_desktop.background import Latest
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import DroppedCounts, Run
from junjo_desktop.telemetry.junjo.state import StoreHistory, reconstruct
from junjo_desktop.telemetry.junjo.store_record import StoreRecord
from tests.telemetry.junjo.state.true_stores import TrueStore

FIRST: dict[str, Any] = {
    "answer": {
        "draft": None,
        "iteration": 1,
        "critiques": [{"score": 0.4}],
        "pending": "get_order",
        "order": {"id": 7},
    },
    "history": [{"role": "user"}],
}


def answer(before: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a state with another answer; None takes a key away."""
    made = {**before["answer"], **changes}
    return {**before, "answer": {key: value for key, value in made.items() if value is not None or key == "draft"}}


SECOND = answer(FIRST, draft="On its way.")
THIRD = {**SECOND, "history": [*SECOND["history"], {"role": "assistant"}]}
FOURTH = answer(THIRD, draft="Order 1042\nis with DHL.", iteration=2, pending=None)
STATES = [FIRST, SECOND, SECOND, THIRD, FOURTH]


def answer_store(**more: Any) -> StoreRecord:
    """A store of four updates, of which the second changes nothing."""
    return replace(TrueStore(STATES, ["node"] * 4, is_numbered=True).whole(), name="AnswerStore", **more)


def histories(*records: StoreRecord) -> dict[str, StoreHistory]:
    """Return the histories of stores, by id."""
    return {record.store_id: reconstruct(record) for record in records}


def run_of(stores: Mapping[str, StoreHistory], name: str = "HandleMessage", span_id: str | None = "owner") -> Run:
    """A run that has these stores."""
    return Run(
        trace_id="1" * 32,
        span_id=span_id,
        runtime_id="runtime",
        executable=None,
        name=name,
        service_name="service",
        service_version=None,
        state=ExecutionState.DONE,
        start_ns=0,
        end_ns=1,
        steps=(),
        graphs={},
        stores=tuple(history.record for history in stores.values()),
        failures=(),
        hook_errors=(),
        parent=None,
        nested=(),
        dropped=DroppedCounts(),
        notes=(),
    )


class Work:
    """Gives workers on an executor, and keeps the errors of their jobs."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.errors: list[Exception] = []

    def worker(self, owner: QObject, on_result: Callable[[Any], None]) -> Latest[Any]:
        return Latest(self._executor, on_result, self.errors.append, owner)

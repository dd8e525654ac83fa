"""An app behind the private socket that notes what it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from junjo_desktop.errors import PortUnavailableError, UserError
from junjo_desktop.link.server import OnHangUp
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.derivation import Position, Rebuilt, Step
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.telemetry.intake import IntakeReport, Listener, Purpose, Refusal, RefusalReason, ServiceSeen

REPORT = IntakeReport(
    listeners=(
        Listener(Purpose.OTLP, 26155),
        Listener(Purpose.VALIDATOR, 50053, PortUnavailableError("Port 50053 is taken.", "Stop the other program.")),
    ),
    keys_required=True,
    requests=3,
    spans=2**53 + 1,
    log_records=4,
    metrics=5,
    waiting=6,
    stored_spans=7,
    store_bytes=8,
    services=(ServiceSeen("shop \u202e\x1b[31m", 9, 10),),
    refusals=(Refusal(RefusalReason.WRONG_KEY, 1, 1_700_000_000_000_000_001, "a…b", "Copy the key again."),),
    last_error="disk full",
)

POSITION = Position(2, Step.SPANS, 2**40, 2**39, 0, 0, 0, 5, 6, 7, 0)
TOLL = Toll(traces=1, spans=2**40, logs=3, metrics=4, kept=5)


class RecordingBackend:
    """Answers with what it was asked; raises what it is told to."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked = threading.Event()
        self.interrupted = threading.Event()
        self.window = False
        self.links: list[str] = []
        self.selections: list[Selection] = []
        self.left: int | None = None

    def answer(self, name: str, params: Mapping[str, Any], on_hang_up: OnHangUp) -> bytes:
        if self.error is not None:
            raise self.error
        if name == "long":
            on_hang_up(self.interrupted.set)
            self.asked.set()
            assert self.interrupted.wait(30)
            raise UserError("interrupted")
        return json.dumps({"name": name, "params": dict(params)}).encode()

    def report(self) -> IntakeReport:
        return REPORT

    @property
    def has_window(self) -> bool:
        return self.window

    def raise_window(self) -> bool:
        return self.window

    def open_link(self, link: str) -> bool:
        self.links.append(link)
        return self.window

    def toll_of(self, selection: Selection) -> Toll:
        self.selections.append(selection)
        return TOLL

    def delete(
        self, selection: Selection, on_progress: Callable[[Toll], None] | None, token: CancelToken | None
    ) -> Toll:
        """Delete `left` spans in steps of one; for ever when it is None."""
        assert on_progress is not None
        assert token is not None
        self.selections.append(selection)
        self.asked.set()
        taken = Toll()
        while not token.cancelled and (self.left is None or self.left):
            taken += Toll(spans=1)
            self.left = self.left and self.left - 1
            on_progress(taken)
        if token.cancelled:
            self.interrupted.set()
        return taken

    def rebuild(
        self, on_progress: Callable[[Position], None] | None, token: CancelToken | None, *, restart: bool
    ) -> Rebuilt:
        """Read `left` spans in steps of one; for ever when it is None."""
        assert on_progress is not None
        assert token is not None
        position = replace(POSITION, started_ns=restart)
        while not token.cancelled and (self.left is None or self.left):
            position = replace(position, spans=position.spans + 1)
            self.left = self.left and self.left - 1
            on_progress(position)
        return Rebuilt(not token.cancelled, not restart, position)

"""Counts what arrived and what was refused, since the start: the source of the status bar and the connection doctor."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from junjo_desktop.telemetry.intake import Refusal, RefusalReason, ServiceSeen, Signal

logger = logging.getLogger(__name__)

SERVICES_REMEMBERED = 1_000
_NAME_CHARACTERS = 200
_DETAIL_CHARACTERS = 400
_LOG_AGAIN_NS = 60 * 10**9


@dataclass(frozen=True, slots=True)
class ReceptionSnapshot:
    """The counts at one moment. `requests` are those acknowledged; items are counted by signal."""

    requests: int
    spans: int
    log_records: int
    metrics: int
    services: tuple[ServiceSeen, ...]  # the one seen last comes first
    refusals: tuple[Refusal, ...]  # the newest comes first
    started_ns: int


@dataclass(slots=True)
class _Seen:
    items: int = 0
    last_ns: int = 0


@dataclass(slots=True)
class _Refused:
    count: int = 0
    last_ns: int = 0
    logged_ns: int = 0
    detail: str = ""
    hint: str = ""


@dataclass(slots=True)
class _Counts:
    requests: int = 0
    items: dict[Signal, int] = field(default_factory=lambda: dict.fromkeys(Signal, 0))


class Reception:
    """Thread-safe counters. `accept` and `refuse` cost about a microsecond; neither blocks on anything but each other.

    Texts come from outside: they are cut, and are to be shown as plain text only. Of services, those seen last are
    remembered, as many as `SERVICES_REMEMBERED`; one that was forgotten counts from nothing when it comes again.
    """

    def __init__(self, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._now_ns = now_ns
        self._lock = threading.Lock()
        self._started_ns = now_ns()
        self._counts = _Counts()
        self._services: dict[str, _Seen] = {}
        self._refusals: dict[RefusalReason, _Refused] = {}

    def accept(self, signal: Signal, items_by_service: Mapping[str, int]) -> None:
        """Count one acknowledged request."""
        now = self._now_ns()
        with self._lock:
            self._counts.requests += 1
            for name, items in items_by_service.items():
                self._counts.items[signal] += items
                # Taken out and put in again, so that the dictionary stays in order of the last use.
                seen = self._services.pop(name[:_NAME_CHARACTERS], None) or _Seen()
                seen.items += items
                seen.last_ns = now
                self._services[name[:_NAME_CHARACTERS]] = seen
            while len(self._services) > SERVICES_REMEMBERED:
                del self._services[next(iter(self._services))]

    def refuse(self, reason: RefusalReason, detail: str, hint: str = "", *, count: int = 1) -> None:
        """Count a refusal and keep its last words. They go to the log at the first time, then once a minute at most."""
        now = self._now_ns()
        with self._lock:
            refused = self._refusals.pop(reason, None) or _Refused()
            refused.count += count
            refused.last_ns = now
            refused.detail = detail[:_DETAIL_CHARACTERS]
            refused.hint = hint[:_DETAIL_CHARACTERS]
            self._refusals[reason] = refused
            must_log = not 0 <= now - refused.logged_ns < _LOG_AGAIN_NS  # the clock may have gone back
            if must_log:
                refused.logged_ns = now
            total = refused.count
        if must_log:
            logger.warning("refused, %s (%d so far): %r", reason.value, total, detail[:_DETAIL_CHARACTERS])

    def snapshot(self) -> ReceptionSnapshot:
        """Return the counts as they are now."""
        with self._lock:
            items = self._counts.items
            return ReceptionSnapshot(
                requests=self._counts.requests,
                spans=items[Signal.TRACES],
                log_records=items[Signal.LOGS],
                metrics=items[Signal.METRICS],
                services=tuple(
                    ServiceSeen(name, seen.items, seen.last_ns) for name, seen in reversed(self._services.items())
                ),
                refusals=tuple(
                    Refusal(reason, refused.count, refused.last_ns, refused.detail, refused.hint)
                    for reason, refused in reversed(self._refusals.items())
                ),
                started_ns=self._started_ns,
            )

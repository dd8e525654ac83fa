"""Vocabulary of the intake: what arrives, what waits, what was refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

from junjo_desktop.errors import UserError


class Signal(IntEnum):
    """The three OTLP signals; the values are stored in the journal."""

    TRACES = 1
    LOGS = 2
    METRICS = 3


@dataclass(frozen=True, slots=True)
class IntakeEntry:
    """One acknowledged export request, as it came over the wire."""

    seq: int
    signal: Signal
    received_ns: int
    body: bytes


class IntakeSource(Protocol):
    """What the indexer reads from. The receiver's journal is one; tests may bring another.

    Entries are ordered by `seq`, never change, and stay until trimmed. All methods are thread-safe.
    """

    @property
    def journal_id(self) -> str:
        """Identity of this journal file; a new file has a new one."""

    @property
    def newest_seq(self) -> int:
        """Position of the newest entry that is committed and still there; 0 when there is none."""

    @property
    def is_pressed(self) -> bool:
        """Whether requests come in so fast just now that storing them should wait; costs nothing to ask."""

    def read_after(self, seq: int, max_bytes: int) -> Sequence[IntakeEntry]:
        """Return committed entries with a greater `seq`, in order, about `max_bytes` of them (at least one if any)."""

    def trim(self, up_to: int) -> None:
        """Delete entries up to and including `up_to`: they are stored elsewhere now."""

    def quarantine(self, seq: int, reason: str) -> None:
        """Put an entry that cannot be stored aside, with its reason; it is kept and no longer returned."""

    def forget_quarantined(self) -> None:
        """Delete all that was put aside: the user wants everything gone."""

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Block until an entry after `seq` is committed or the time is over; say which. For one thread."""

    def wake(self) -> None:
        """End the `wait` under way, or else the next one, at once."""

    def waiting(self, seq: int) -> int:
        """Return how many items (spans, log records, metrics) stand after `seq`."""


class RefusalReason(StrEnum):
    """Why something sent to us was not taken. The values are shown and must stay stable."""

    NO_KEY = "no key"
    WRONG_KEY = "wrong key"
    REVOKED_KEY = "revoked key"
    TLS = "TLS spoken to a plaintext port"
    HTTP1 = "HTTP/1.1 spoken to a gRPC port"
    NOT_HTTP2 = "not HTTP/2"
    WRONG_PORT = "wrong port"
    UNKNOWN_METHOD = "unknown method"
    OVERSIZED = "oversized"
    MALFORMED = "malformed"
    INVALID_ITEM = "invalid item"
    OVERLOADED = "overloaded"
    UNAVAILABLE = "own trouble"


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often one reason happened, and the last time in words. `hint` tells the user what to do."""

    reason: RefusalReason
    count: int
    last_ns: int
    detail: str
    hint: str


class Purpose(StrEnum):
    """What a port is for, as it is shown."""

    OTLP = "OTLP/gRPC"
    VALIDATOR = "key validator"


@dataclass(frozen=True, slots=True)
class Listener:
    """One port: bound (`error` is None, `port` is the real one) or not."""

    purpose: Purpose
    port: int
    error: UserError | None = None


def open_ports(listeners: Iterable[Listener], purpose: Purpose) -> tuple[int, ...]:
    """Return the ports that are bound for `purpose`, in the order they were asked for."""
    return tuple(listener.port for listener in listeners if listener.purpose is purpose and listener.error is None)


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """What arrived from one `service.name` since the app started."""

    service_name: str
    items: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """The state of the intake at one moment; what the status bar, Connect and `doctor` show."""

    listeners: tuple[Listener, ...]
    keys_required: bool
    requests: int
    spans: int
    log_records: int
    metrics: int
    waiting: int  # items acknowledged and not yet indexed
    stored_spans: int
    store_bytes: int
    services: tuple[ServiceSeen, ...]
    refusals: tuple[Refusal, ...]
    quarantined: int = 0
    last_error: str | None = None  # of the journal or the indexer
    secret_store_problem: str | None = None
    started_ns: int = 0
    notices: tuple[str, ...] = ()  # what the user should know though everything works again: what was set aside

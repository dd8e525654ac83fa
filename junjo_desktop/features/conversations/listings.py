"""What the list of conversations is made of. Free of Qt and SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junjo_desktop.store.query_calls import NAMED, OF_TRACE
from junjo_desktop.telemetry.llm.usage import Usage
from junjo_desktop.widgets.row_source import Ids, OrderedIds


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the list. Times in nanoseconds since the epoch; `start_ns` 0 was not told.

    `key` is a `CONVERSATION_KEY`. Sums are of the calls that count; tokens and cost are None when nothing told any.
    """

    key: str
    first_words: str
    services: tuple[str, ...]
    models: tuple[str, ...]
    traces: int
    calls: int
    failed: int
    without_usage: int
    unpriced: int
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    cost: float | None
    start_ns: int
    last_ns: int
    end_ns: int

    @property
    def row_id(self) -> str:
        """Its id in the list."""
        return self.key

    @property
    def conversation_id(self) -> str | None:
        """Its id; None for calls that tell no conversation."""
        return self.key[1:] if self.key.startswith(NAMED) else None

    @property
    def trace_id(self) -> str | None:
        """The trace of calls that tell no conversation."""
        return None if self.key.startswith(NAMED) else self.key[1:]

    @property
    def duration_ns(self) -> int | None:
        """From the start of its first call to the end of its last; None where a start is missing."""
        return max(0, self.end_ns - self.start_ns) if self.start_ns > 0 else None

    @property
    def usage(self) -> Usage:
        """All tokens."""
        return Usage(
            self.input_tokens,
            self.output_tokens,
            self.cache_read_tokens,
            self.cache_write_tokens,
            reasoning_tokens=self.reasoning_tokens,
        )


def key_of(conversation_id: str | None, trace_id: str | None) -> str:
    """Return the key of a conversation."""
    return f"{NAMED}{conversation_id}" if conversation_id is not None else f"{OF_TRACE}{trace_id}"


@dataclass(frozen=True, slots=True)
class Totals:
    """What only reading every call tells: services, each with its conversations, and how many conversations are named.

    `others` are the traces whose calls tell no conversation. Both are of those that are listed.
    """

    services: Mapping[str, int] = field(default_factory=dict)
    named: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class ConversationListing:
    """An answer to one filter and order; see `widgets.live_source.LiveRows`. `stored` counts calls."""

    ids: Ids = field(default_factory=OrderedIds)
    stored: int = 0
    new: int = 0
    first_rows: Mapping[str, ConversationRow] = field(default_factory=dict)
    totals: Totals | None = None
    is_partial: bool = False

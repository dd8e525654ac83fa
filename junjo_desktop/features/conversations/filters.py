"""What narrows the list of conversations, and the columns it is sorted by. Qt-free and free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.widgets.list_filter import ListFilter


class SortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    LAST = "last"
    STARTED = "started"
    FIRST_WORDS = "first_words"
    SERVICE = "service"
    MODEL = "model"
    CALLS = "calls"
    TOKENS = "tokens"
    COST = "cost"
    FAILURES = "failures"
    DURATION = "duration"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list; ties are the latest first, so that it is stable."""

    by: SortBy = SortBy.LAST
    descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFilter(ListFilter):
    """What a conversation must satisfy to be listed: one of its calls is of the service, of the time, and matches.

    `failed` None: with failed calls or without. `only_named` leaves out calls that tell no conversation; otherwise
    those of a trace are listed as one.
    """

    failed: bool | None = None
    only_named: bool = False

    def own_words(self) -> dict[str, str]:
        """Return what is in force of these fields."""
        words: dict[str, str] = {}
        if self.failed is not None:
            words["failed"] = "with failures" if self.failed else "without failures"
        if self.only_named:
            words["only_named"] = "with an id"
        return words

"""What narrows the list of calls, and the columns it is sorted by. Qt-free and free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.widgets.list_filter import ListFilter, ListSort, quoted


class SortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    STARTED = "started"
    MODEL = "model"
    PROVIDER = "provider"
    OPERATION = "operation"
    SERVICE = "service"
    PLACE = "place"
    DURATION = "duration"
    TTFT = "ttft"
    INPUT = "input"
    OUTPUT = "output"
    COST = "cost"
    FINISH = "finish"
    STATUS = "status"
    FIRST_WORDS = "first_words"
    CONVERSATION = "conversation"
    AGENT = "agent"
    USER = "user"
    TEMPERATURE = "temperature"
    REASONING_EFFORT = "reasoning_effort"
    TRACE_ID = "trace_id"
    SPAN_ID = "span_id"


@dataclass(frozen=True, slots=True)
class Sort(ListSort):
    """An order of the list."""

    by: SortBy = SortBy.STARTED


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter(ListFilter):
    """What a call must satisfy to be listed. The default lets every call through.

    `model` is the one that answered, else the one asked for. `failed` None: failed or not. `only_counted` leaves out
    calls of which another span tells more.
    """

    model: str | None = None
    provider: str | None = None
    failed: bool | None = None
    only_counted: bool = False

    def own_words(self) -> dict[str, str]:
        """Return what is in force of these fields."""
        words: dict[str, str] = {}
        if self.model is not None:
            words["model"] = f"model {quoted(self.model)}"
        if self.provider is not None:
            words["provider"] = f"provider {quoted(self.provider)}"
        if self.failed is not None:
            words["failed"] = "failed only" if self.failed else "not failed"
        if self.only_counted:
            words["only_counted"] = "without repeated calls"
        return words

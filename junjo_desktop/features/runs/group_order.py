"""In which order groups of runs stand. Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from junjo_desktop.features.runs.listings import GroupRow, GroupsListing
from junjo_desktop.store.run_listings import RunGroup
from junjo_desktop.widgets.row_source import OrderedIds


class GroupSortBy(StrEnum):
    """What groups can be sorted by; the values are kept in the window's state."""

    NAME = "name"
    SERVICE = "service"
    RUNS = "runs"
    FAILURE_RATE = "failure_rate"
    FAILED = "failed"
    OPEN = "open"
    P50 = "p50"
    P95 = "p95"
    LAST = "last"
    MODEL_REQUESTS = "model_requests"
    TOOL_CALLS = "tool_calls"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class GroupSort:
    """An order of groups; what has no value comes last, and ties are by the newest run."""

    by: GroupSortBy = GroupSortBy.LAST
    descending: bool = True


def group_tokens(group: RunGroup) -> int | None:
    """Return all tokens of a group, None when no run told any."""
    told = [tokens for tokens in (group.input_tokens, group.output_tokens) if tokens is not None]
    return sum(told) if told else None


_KEYS: dict[GroupSortBy, Callable[[RunGroup], Any]] = {
    GroupSortBy.NAME: lambda group: group.name.lower(),
    GroupSortBy.SERVICE: lambda group: group.service_name.lower(),
    GroupSortBy.RUNS: lambda group: group.count,
    GroupSortBy.FAILURE_RATE: lambda group: group.failure_rate,
    GroupSortBy.FAILED: lambda group: group.failed,
    GroupSortBy.OPEN: lambda group: group.running + group.lost,
    GroupSortBy.P50: lambda group: group.p50_ns,
    GroupSortBy.P95: lambda group: group.p95_ns,
    GroupSortBy.LAST: lambda group: group.last_start_ns,
    GroupSortBy.MODEL_REQUESTS: lambda group: group.model_requests,
    GroupSortBy.TOOL_CALLS: lambda group: group.tool_calls,
    GroupSortBy.TOKENS: group_tokens,
}


def ordered(listing: GroupsListing, sort: GroupSort) -> GroupsListing:
    """Return the groups, which stand by their newest run, in another order."""
    key = _KEYS[sort.by]
    rows: list[GroupRow] = list(listing.first_rows.values())
    known = [row for row in rows if key(row.group) is not None]
    known.sort(key=lambda row: key(row.group), reverse=sort.descending)
    unknown = [row for row in rows if key(row.group) is None]
    return replace(listing, ids=OrderedIds([row.key for row in (*known, *unknown)]))

"""Prices that are lower at certain hours of certain days, as the table tells them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

_NS_PER_S = 1_000_000_000


def off_peak_prices(prices: Mapping[str, Any], at_ns: int | None) -> Mapping[str, Any]:
    """Return the lower prices where they hold at a time (ns since 1970); an empty mapping where none do."""
    told = prices.get("off_peak_pricing")
    if not isinstance(told, dict) or at_ns is None:
        return {}
    try:
        at = datetime.fromtimestamp(at_ns // _NS_PER_S, UTC)
    except (ValueError, OverflowError, OSError):
        return {}
    calendar = _calendar(told.get("weekday_timezone"))
    rules = [{"hours_utc": told.get("hours_utc")}, *(rule for rule in _list(told.get("windows")))]
    return told if any(isinstance(rule, dict) and _holds(rule, at, calendar) for rule in rules) else {}


def _holds(rule: Mapping[str, Any], at: datetime, calendar: tzinfo) -> bool:
    weekdays = rule.get("weekdays")
    if weekdays is not None and at.astimezone(calendar).isoweekday() not in _list(weekdays):
        return False
    hours = rule.get("hours_utc")
    return any(_is_within(window, at.time()) for window in ([hours] if isinstance(hours, str) else _list(hours)))


def _is_within(window: Any, now: time) -> bool:
    """Whether a time lies in `HH:MM-HH:MM`, which may go over midnight; the same time twice is the whole day."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in str(window).split("-"))
    except (ValueError, TypeError):
        return False
    return start <= now < end if start < end else now >= start or now < end


def _calendar(name: Any) -> tzinfo:
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else UTC
    except (ValueError, OSError, KeyError):  # no such zone, or none are installed
        return UTC


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

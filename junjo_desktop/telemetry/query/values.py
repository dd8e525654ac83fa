"""What values mean: numbers, durations, moments, yes and no. None where a text is none of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from junjo_desktop.telemetry.severity import Severity, severity_of

_NUMBER = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?)([kKMG]?)")
_TIMES = {"": 1, "k": 1_000, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_SECOND = 10**9
_UNITS_NS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "min": 60 * _SECOND,
    "h": 3_600 * _SECOND,
    "d": 86_400 * _SECOND,
    "w": 604_800 * _SECOND,
}
_STEP = r"(\d{1,12}(?:\.\d{1,9})?)(ns|us|µs|μs|ms|min|s|m|h|d|w)"
_ONE_STEP = re.compile(_STEP)
_DURATION = re.compile(rf"(?:{_STEP})+")
_AGO = " ago"
_SEVERITY_NUMBER = re.compile(r"[0-9]{1,2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number_of(text: str) -> Decimal | None:
    """Read `500`, `1.5`, `10k`, `2M`."""
    found = _NUMBER.fullmatch(text)
    return Decimal(found[1]) * _TIMES[found[2]] if found else None


def duration_ns_of(text: str) -> int | None:
    """Read `150ms`, `2s`, `1m30s` as nanoseconds."""
    if _DURATION.fullmatch(text) is None:
        return None
    return int(sum(Decimal(number) * _UNITS_NS[unit] for number, unit in _ONE_STEP.findall(text)))


def moment_ns_of(text: str, now_ns: int) -> int | None:
    """Read `15m ago`, `2026-11-20`, `2026-11-20T18:00` (local where it has no zone) as nanoseconds since 1970."""
    if text.endswith(_AGO):
        age_ns = duration_ns_of(text.removesuffix(_AGO))
        return None if age_ns is None else now_ns - age_ns
    try:
        moment = datetime.fromisoformat(text)
        since = (moment if moment.tzinfo else moment.astimezone()) - _EPOCH
    except (ValueError, OverflowError, OSError):
        return None
    return (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds * 1_000


def money_of(text: str) -> Decimal | None:
    """Read `$0.05`, `0.05`, `$10k` as US dollars."""
    return number_of(text.removeprefix("$"))


def flag_of(text: str) -> bool | None:
    """Read `true` or `yes`, `false` or `no`."""
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower())


def severity_of_word(text: str) -> Severity | None:
    """Read `warn`, `WARNING`, `error`, or a number of OpenTelemetry's, as its range."""
    found = severity_of(int(text) if _SEVERITY_NUMBER.fullmatch(text) else 0, text)
    return found or None

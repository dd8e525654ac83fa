"""Moments as people write them: a date, a date and time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_AGE = re.compile(r"(\d{1,6})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_NS, _LATEST_NS = -(2**63), 2**63 - 1


def when_ns(text: str, now_ns: int) -> int:
    """Return nanoseconds since the epoch for ISO 8601 (local time where no zone is given) or an age like `30d`.

    What stored times cannot reach is brought to their limit. Raises `ValueError`.
    """
    age = _AGE.fullmatch(text)
    found = now_ns - int(age[1]) * _SECONDS[age[2]] * 10**9 if age else _iso_ns(text)
    return min(max(found, _EARLIEST_NS), _LATEST_NS)


def _iso_ns(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.astimezone()
    except OverflowError as error:
        raise ValueError(str(error)) from error
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000

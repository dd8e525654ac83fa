"""How durations, times, counts and sizes are written, everywhere the same. Qt-free."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from math import floor, log10

_US, _MS, _S = 10**3, 10**6, 10**9
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_UNITS = (
    (_US, 1, 0, "ns"),
    (999_500, _US, 0, "µs"),
    (9_950_000, _MS, 1, "ms"),
    (999_500_000, _MS, 0, "ms"),
    (9_995_000_000, _S, 2, "s"),
    (59_950_000_000, _S, 1, "s"),
)

_LEAST_DOLLARS = 1e-5


def duration_text(duration_ns: int) -> str:
    """Return `850 ns`, `12 µs`, `4.2 ms`, `38 ms`, `1.42 s`, `18.2 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`."""
    size = abs(duration_ns)
    sign = "−" if duration_ns < 0 else ""
    # Rounding comes before the choice of the unit: 999.7 ms is 1.00 s, never 1000 ms.
    for below, unit_ns, decimals, unit in _UNITS:
        if size < below:
            return f"{sign}{size / unit_ns:.{decimals}f} {unit}"
    seconds = (size + _S // 2) // _S
    if seconds < _HOUR:
        return sign + _pair(seconds, _MINUTE, "min", 1, "s")
    if seconds < _DAY:
        return sign + _pair(seconds, _HOUR, "h", _MINUTE, "min")
    return sign + _pair(seconds, _DAY, "d", _HOUR, "h")


def offset_text(offset_ns: int) -> str:
    """Return a duration with its sign: `+1.42 s`, `−38 ms`, `+0`."""
    if offset_ns == 0:
        return "+0"
    return duration_text(offset_ns) if offset_ns < 0 else f"+{duration_text(offset_ns)}"


def moment_text(moment_ns: int, now: datetime | None = None, zone: tzinfo | None = None) -> str:
    """Return the local clock to the millisecond, `14:02:58.480`; on another day `19 Nov 14:02:58.480`.

    Milliseconds are cut, not rounded, as clocks do.
    """
    moment = _local(moment_ns, zone)
    now = datetime.now(UTC).astimezone(zone) if now is None else now
    clock = f"{moment:%H:%M:%S}.{moment_ns % _S // _MS:03}"
    if moment.date() == now.date():
        return clock
    day = f"{moment.day} {moment:%b}" if moment.year == now.year else f"{moment:%Y-%m-%d}"
    return f"{day} {clock}"


def iso_text(moment_ns: int, zone: tzinfo | None = None) -> str:
    """Return the moment in ISO 8601 with all nine decimals and the local offset."""
    moment = _local(moment_ns, zone)
    offset = f"{moment:%z}" or "+0000"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment_ns % _S:09}{offset[:3]}:{offset[3:5]}"


def count_text(count: int) -> str:
    """Return `8,912`."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 failure`, `2 failures`, `1,204 traces`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def cost_text(dollars: float | None) -> str:
    """Return `$0.0412`, `$12.40`, `$1,204`, `< $0.00001`; `unpriced` for what is not known; `$0` is nothing at all."""
    if dollars is None:
        return "unpriced"
    if not dollars:
        return "$0"
    size = abs(dollars)
    if size >= 1000:
        return f"${dollars:,.0f}"
    if size >= 1:
        return f"${dollars:,.2f}"
    if size < _LEAST_DOLLARS:
        return f"< ${_LEAST_DOLLARS:.5f}"
    return f"${dollars:.4f}" if size >= 0.01 else f"${_significant(dollars)}"


def cost_phrase(dollars: float | None) -> str:
    """Return a cost as it stands in a sentence: `$0.0412`, `less than $0.00001`."""
    return cost_text(dollars).replace("< ", "less than ")


def bytes_text(size: int) -> str:
    """Return `812 B`, `1.2 KB`, `34 MB`; a kilobyte is 1,000 bytes."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in ("KB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5 or unit == "TB":
            return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:,.0f} {unit}"
    raise AssertionError("the loop returns at its last unit")


def _significant(value: float) -> str:
    """Return two figures that count, without an exponent: `0.0000063`."""
    return f"{value:.{1 - floor(log10(abs(value)))}f}"


def _pair(seconds: int, big: int, big_unit: str, small: int, small_unit: str) -> str:
    amount, rest = divmod(seconds, big)
    rest //= small
    return f"{amount} {big_unit} {rest} {small_unit}" if rest else f"{amount} {big_unit}"


def _local(moment_ns: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(moment_ns // _S, UTC).astimezone(zone)

"""The part of a trace's time that is on screen: zoom, pan, and where the ticks stand. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIN_SPAN_NS = 1_000
"""The closest zoom: one microsecond across."""
_MARGIN = 0.02

_MS, _S = 10**6, 10**9
_LONG_STEPS = tuple(seconds * _S for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800))
_LONGER_STEPS = tuple(hours * 3600 * _S for hours in (1, 2, 3, 6, 12, 24))


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """The visible part [start, end) of the whole [whole_start, whole_end); nanoseconds since the epoch."""

    whole_start_ns: int
    whole_end_ns: int
    start_ns: int
    end_ns: int

    @classmethod
    def over(cls, start_ns: int, end_ns: int) -> TimeWindow:
        """Return a window that shows all of a trace, with a little room at its end."""
        end_ns = max(end_ns, start_ns + MIN_SPAN_NS)
        end_ns += int((end_ns - start_ns) * _MARGIN)
        return cls(start_ns, end_ns, start_ns, end_ns)

    @property
    def span_ns(self) -> int:
        """How much time is visible."""
        return self.end_ns - self.start_ns

    @property
    def is_whole(self) -> bool:
        """Whether everything is visible."""
        return self.start_ns <= self.whole_start_ns and self.end_ns >= self.whole_end_ns

    def x(self, moment_ns: int, width: float) -> float:
        """Return where a moment stands on `width` pixels; beyond them when it is not visible."""
        return (moment_ns - self.start_ns) * width / self.span_ns

    def moment(self, x: float, width: float) -> int:
        """Return the moment at a pixel."""
        return self.start_ns + round(x * self.span_ns / max(width, 1))

    def zoomed(self, factor: float, at_ns: int) -> TimeWindow:
        """Show `factor` times the time, `at_ns` staying where it is on the screen."""
        span = max(MIN_SPAN_NS, min(round(self.span_ns * factor), self.whole_end_ns - self.whole_start_ns))
        start = at_ns - round((at_ns - self.start_ns) * span / self.span_ns)
        return self.shown(start, start + span)

    def panned(self, by_ns: int) -> TimeWindow:
        """Move by `by_ns`, no farther than the trace goes."""
        return self.shown(self.start_ns + by_ns, self.end_ns + by_ns)

    def shown(self, start_ns: int, end_ns: int) -> TimeWindow:
        """Show from `start_ns` to `end_ns`, moved and cut to what the trace covers."""
        span = max(MIN_SPAN_NS, min(end_ns - start_ns, self.whole_end_ns - self.whole_start_ns))
        start = max(self.whole_start_ns, min(start_ns, self.whole_end_ns - span))
        return replace(self, start_ns=start, end_ns=start + span)

    def around(self, start_ns: int, end_ns: int) -> TimeWindow:
        """Show one span with a tenth of its time on both sides."""
        margin = max((end_ns - start_ns) // 10, MIN_SPAN_NS // 2)
        return self.shown(start_ns - margin, end_ns + margin)

    def grown(self, start_ns: int, end_ns: int) -> TimeWindow:
        """Take over the bounds of a trace that grew: what was whole stays whole, a zoom stays where it is."""
        whole = TimeWindow.over(start_ns, end_ns)
        return whole if self.is_whole else whole.shown(self.start_ns, self.end_ns)


def tick_step(span_ns: int, most: int) -> int:
    """Return the smallest step that fits at most `most` times: 1, 2, 5 × 10ⁿ below a second, then as clocks do."""
    wanted = max(1, -(-span_ns // most))
    power = 1
    while power < _S:
        for digit in (1, 2, 5):
            if digit * power >= wanted:
                return digit * power
        power *= 10
    for step in _LONG_STEPS + _LONGER_STEPS:
        if step >= wanted:
            return step
    day = _LONGER_STEPS[-1]
    return day * -(-wanted // day)


def ticks(window: TimeWindow, origin_ns: int, most: int) -> tuple[tuple[int, int], ...]:
    """Return (moment, step count from `origin_ns` times the step) of each tick in the window, at most about `most`."""
    step = tick_step(window.span_ns, most)
    first = -(-(window.start_ns - origin_ns) // step)
    last = (window.end_ns - origin_ns) // step
    return tuple((origin_ns + number * step, number * step) for number in range(first, last + 1))


def offset_text(offset_ns: int, step_ns: int) -> str:
    """Write a tick in the unit of its step: `0`, `250 µs`, `1.5 s`, `2 min 30 s`, `1 h 5 min`."""
    if offset_ns == 0:
        return "0"
    sign = "−" if offset_ns < 0 else ""
    size = abs(offset_ns)
    if size >= 60 * _S and step_ns >= _S:
        return sign + _clock_text(size // _S)
    for unit_ns, unit in ((_S, "s"), (_MS, "ms"), (1_000, "µs"), (1, "ns")):
        if size >= unit_ns:
            return f"{sign}{size / unit_ns:.{_decimals(step_ns, unit_ns)}f} {unit}"
    return "0"


def _decimals(step_ns: int, unit_ns: int) -> int:
    decimals = 0
    while decimals < 9 and step_ns * 10**decimals % unit_ns:
        decimals += 1
    return decimals


def _clock_text(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)

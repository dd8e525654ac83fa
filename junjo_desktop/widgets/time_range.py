"""When something started: the last hour, between two moments, or at any time. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.widgets.figures import duration_text, moment_text

MINUTE_NS = 60 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The last `last_ns`, or between two moments (nanoseconds since the epoch), or any time."""

    last_ns: int | None = None
    since_ns: int | None = None
    until_ns: int | None = None

    @classmethod
    def relative(cls, kept: object) -> TimeRange:
        """Return what `asdict` made of a range, if it was relative; any time otherwise, and for anything odd."""
        last_ns = kept.get("last_ns") if isinstance(kept, dict) else None
        return cls(last_ns=last_ns if isinstance(last_ns, int) and last_ns > 0 else None)

    def bounds(self, now_ns: int) -> tuple[int | None, int | None]:
        """Return the first and last start that fit, None for open."""
        if self.last_ns is not None:
            return now_ns - self.last_ns, None
        return self.since_ns, self.until_ns

    @property
    def is_open(self) -> bool:
        """Whether every time fits."""
        return self == TimeRange()


ANY_TIME = TimeRange()

PRESETS: dict[str, TimeRange] = {
    "Last 15 minutes": TimeRange(last_ns=15 * MINUTE_NS),
    "Last hour": TimeRange(last_ns=60 * MINUTE_NS),
    "Last 24 hours": TimeRange(last_ns=24 * 60 * MINUTE_NS),
    "Last 7 days": TimeRange(last_ns=7 * 24 * 60 * MINUTE_NS),
    "All time": ANY_TIME,
}


def range_words(time_range: TimeRange) -> str:
    """Return a time range in words: `last 24 hours`, `14:02:11 – 14:05:00`."""
    for title, preset in PRESETS.items():
        if preset == time_range:
            return title.lower()
    since, until = time_range.since_ns, time_range.until_ns
    if time_range.last_ns is not None:
        return f"last {duration_text(time_range.last_ns)}"
    if since is None or until is None:
        return f"since {_clock(since)}" if since is not None else f"until {_clock(until or 0)}"
    return f"{_clock(since)} – {_clock(until)}"


def _clock(moment_ns: int) -> str:
    return moment_text(moment_ns).partition(".")[0]

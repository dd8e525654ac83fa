"""What is stored and what retention does with it, in words. Qt-free."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from junjo_desktop.widgets.figures import bytes_text, count_text, counted, duration_text

if TYPE_CHECKING:
    from junjo_desktop.store.statistics import RetentionForecast, StorageReport

_S = 10**9
_DAY_NS = 86_400 * _S
_SOON_NS = 60 * _S


def facts(report: StorageReport, now_ns: int | None = None) -> tuple[tuple[str, str], ...]:
    """Return captions and values of everything that is counted."""
    found = [
        ("Spans", count_text(report.spans)),
        ("Traces", count_text(report.traces)),
        ("Starred", count_text(report.starred)),
        ("Log records", count_text(report.logs)),
        ("Metrics", count_text(report.metrics)),
        ("Oldest", "nothing yet" if report.oldest_ns is None else moment_words(report.oldest_ns, now_ns)),
        ("Growth", growth_words(report.growth_bytes_a_day)),
        ("A span takes", bytes_text(round(report.bytes_a_span)) if report.bytes_a_span else "unknown yet"),
    ]
    if report.quarantined:
        found.append(("Set aside", f"{counted(report.quarantined, 'export')} that could not be stored"))
    return tuple(found)


def growth_words(bytes_a_day: float | None) -> str:
    """Return `about 12 MB a day`."""
    if bytes_a_day is None:
        return "not known yet"
    return f"about {bytes_text(round(bytes_a_day))} a day" if bytes_a_day >= 1 else "none"


def moment_words(moment_ns: int, now_ns: int | None = None) -> str:
    """Return a day and how long ago it is: `21 Oct 2026, 30 d ago`."""
    now_ns = time.time_ns() if now_ns is None else now_ns
    return f"{day_text(moment_ns)}, {_ago(now_ns - moment_ns)}"


def day_text(moment_ns: int) -> str:
    """Return `21 Oct 2026 14:02`, local."""
    moment = datetime.fromtimestamp(moment_ns // _S, UTC).astimezone()
    return f"{moment.day} {moment:%b %Y %H:%M}"


def forecast_words(forecast: RetentionForecast | None, now_ns: int | None = None) -> str:
    """Say what retention removes next, when, and why."""
    if forecast is None:
        return "Nothing: nothing that is stored comes near a limit."
    now_ns = time.time_ns() if now_ns is None else now_ns
    when = "In the next minutes" if is_due(forecast, now_ns) else f"In about {_about((forecast.when_ns or 0) - now_ns)}"
    return f"{when}: {_amount_words(forecast)} ({forecast.reason})."


def preview_words(forecast: RetentionForecast | None, now_ns: int | None = None) -> str:
    """Say what other limits would remove."""
    if forecast is None:
        return "These limits remove nothing of what is stored."
    now_ns = time.time_ns() if now_ns is None else now_ns
    if is_due(forecast, now_ns):
        return f"These limits remove in the next minutes: {_amount_words(forecast)} ({forecast.reason})."
    return f"These limits remove nothing now. {forecast_words(forecast, now_ns)}"


def is_due(forecast: RetentionForecast | None, now_ns: int | None = None) -> bool:
    """Whether something is removed as soon as retention runs."""
    if forecast is None:
        return False
    now_ns = time.time_ns() if now_ns is None else now_ns
    return forecast.when_ns is None or forecast.when_ns - now_ns < _SOON_NS


def _amount_words(forecast: RetentionForecast) -> str:
    if not forecast.traces:
        return f"logs and metrics received before {day_text(forecast.before_ns)}"
    what = f"{counted(forecast.traces, 'trace')} with {counted(forecast.spans, 'span')}"
    return f"{what}, last received before {day_text(forecast.before_ns)}"


def _about(wait_ns: int) -> str:
    """Return a wait without false precision: `30 days`, `5 h`, `12 min`."""
    if wait_ns >= 2 * _DAY_NS:
        return f"{round(wait_ns / _DAY_NS):,} days"
    hours = wait_ns / (3600 * _S)
    return f"{round(hours)} h" if hours >= 2 else f"{max(1, round(hours * 60))} min"


def _ago(age_ns: int) -> str:
    if age_ns < _SOON_NS:
        return "just now"
    if age_ns >= 2 * _DAY_NS:
        return f"{age_ns // _DAY_NS:,} days ago"
    return f"{duration_text(age_ns)} ago"

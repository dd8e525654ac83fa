"""The connection doctor: reads an intake report and says what is well, what is wrong, and what to do next.

Qt-free: the Connect page and the command line show the same findings. A report holds no secret, so no finding does.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from junjo_desktop.telemetry.intake import (
    IntakeReport,
    Listener,
    Purpose,
    Refusal,
    RefusalReason,
    ServiceSeen,
    open_ports,
)

Severity = Literal["ok", "info", "warning", "error"]
Topic = Literal["Listening", "Received", "Refused", "Indexing"]

_SHOWN_SERVICES = 20
_SHOWN_CHARACTERS = 160
_LONG = 400
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # Persian words and many emoji are made with them

# The sender tries these again by itself, or only a part was left out: nothing is lost for good yet.
_MILD = frozenset({RefusalReason.OVERLOADED, RefusalReason.INVALID_ITEM, RefusalReason.UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor saw. `title` is a short sentence; `detail` and `next_step` are sentences or empty."""

    severity: Severity
    title: str
    detail: str = ""
    next_step: str = ""


def diagnose(report: IntakeReport, *, now_ns: int | None = None) -> tuple[Finding, ...]:
    """Return the findings along the way of the data: ports, keys, what arrived, what was refused, what waits."""
    return tuple(finding for _, findings in diagnose_by_topic(report, now_ns=now_ns) for finding in findings)


def diagnose_by_topic(
    report: IntakeReport, *, now_ns: int | None = None
) -> tuple[tuple[Topic, tuple[Finding, ...]], ...]:
    """Return the same findings under their topics; every topic is there, in order, even with no finding."""
    now = time.time_ns() if now_ns is None else now_ns
    return (
        ("Listening", (*_of_listeners(report.listeners), *_of_keys(report))),
        ("Received", (*_of_services(report.services, now), *_of_silence(report))),
        ("Refused", tuple(_of_refusal(refusal, now) for refusal in report.refusals)),
        ("Indexing", tuple(_of_indexing(report))),
    )


def findings_text(findings: Iterable[Finding]) -> str:
    """Return the findings as plain text for a terminal, a file or the clipboard."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.severity:<8}{finding.title}")
        lines.extend(f"{'':8}{text}" for text in (finding.detail, finding.next_step) if text)
    return "\n".join(lines)


def ago(then_ns: int, now_ns: int) -> str:
    """Return how long ago `then_ns` was, in words: "just now", "12 s ago", "3 min ago", "5 h ago", "2 days ago"."""
    seconds = max(0, now_ns - then_ns) // 1_000_000_000
    if seconds < 2:
        return "just now"
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86_400} days ago"


def one_line(text: str, limit: int = _SHOWN_CHARACTERS) -> str:
    """Return text from outside as one harmless line: controls and direction marks replaced, cut at `limit`."""
    cut = text[: limit + 1]
    shown = "".join(sign if sign in _JOINERS or unicodedata.category(sign) not in _UNSAFE else "\ufffd" for sign in cut)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 span" or "1,204 spans"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _of_listeners(listeners: tuple[Listener, ...]) -> Iterator[Finding]:
    can_receive = bool(open_ports(listeners, Purpose.OTLP))
    if not can_receive:
        yield Finding(
            "error",
            "No port for OTLP/gRPC is open: nothing can be received.",
            next_step="Free one of the ports below, or choose other ports in Preferences or with --otlp-port.",
        )
    for listener in listeners:
        if listener.error is None:
            yield Finding("ok", f"Listening on 127.0.0.1:{listener.port} ({listener.purpose}).")
        else:
            severity: Severity = "warning" if can_receive else "error"
            yield Finding(severity, listener.error.message, next_step=listener.error.hint)


def _of_keys(report: IntakeReport) -> Iterator[Finding]:
    if not report.keys_required:
        yield Finding("info", "Telemetry is accepted without a key from this computer.")
    if report.secret_store_problem:
        yield Finding(
            "warning",
            "Secrets of API keys are not kept after this run.",
            one_line(report.secret_store_problem, _LONG),
        )


def _of_services(services: tuple[ServiceSeen, ...], now_ns: int) -> Iterator[Finding]:
    newest_first = sorted(services, key=lambda seen: -seen.last_ns)
    for seen in newest_first[:_SHOWN_SERVICES]:
        name = _isolated(one_line(seen.service_name)) or "unnamed service"
        yield Finding("ok", f"{name}: {counted(seen.items, 'item')} received, last {ago(seen.last_ns, now_ns)}.")
    if len(newest_first) > _SHOWN_SERVICES:
        yield Finding("ok", f"{counted(len(newest_first) - _SHOWN_SERVICES, 'more service')} received.")


def _isolated(text: str) -> str:
    # A name written from right to left must not pull the figures after it to its left.
    return text if text.isascii() else f"\u2068{text}\u2069"


def _of_refusal(refusal: Refusal, now_ns: int) -> Finding:
    return Finding(
        "warning" if refusal.reason in _MILD else "error",
        f"Refused: {refusal.reason.value}, {counted(refusal.count, 'time')}, last {ago(refusal.last_ns, now_ns)}.",
        one_line(refusal.detail, _LONG),
        one_line(refusal.hint, _LONG),
    )


def _of_silence(report: IntakeReport) -> Iterator[Finding]:
    if report.services or report.refusals or report.requests:
        return
    yield Finding(
        "info",
        "Nothing has arrived since the app started.",
        "Most SDKs send in batches: up to 5 seconds may pass, and the program must end in an orderly way or flush.",
        "Put the snippet of the Connect page into your program and run it.",
    )


def _of_indexing(report: IntakeReport) -> Iterator[Finding]:
    if report.waiting:
        yield Finding("info", f"{counted(report.waiting, 'item')} safely received, waiting to be indexed.")
    if report.quarantined:
        were = "was" if report.quarantined == 1 else "were"
        yield Finding(
            "warning",
            f"{counted(report.quarantined, 'request')} could not be indexed and {were} put aside.",
            "What was put aside stays in the intake journal; nothing else waits for it.",
            "The log file says why.",
        )
    for notice in report.notices:
        yield Finding("warning", "A file of the data folder was found damaged.", one_line(notice, 2 * _LONG))
    if report.last_error:
        detail = one_line(report.last_error, _LONG)
        yield Finding("error", "Receiving or indexing had an error.", detail, "The log file says more.")

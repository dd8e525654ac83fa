"""What the status bar says about an `IntakeReport`. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.telemetry.intake import IntakeReport, Purpose, open_ports
from junjo_desktop.widgets.figures import bytes_text, count_text, counted


@dataclass(frozen=True, slots=True)
class Listening:
    """Whether we can be reached, in words; `problem` is the whole sentence for the tooltip."""

    text: str
    is_well: bool
    problem: str = ""


def listening(report: IntakeReport) -> Listening:
    """Say on which ports OTLP is received, or which cannot be opened."""
    bound = open_ports(report.listeners, Purpose.OTLP)
    failed = [listener for listener in report.listeners if listener.error is not None]
    problem = "\n".join(str(listener.error) for listener in failed)
    if not bound:
        return Listening("Not listening", is_well=False, problem=problem)
    text = "Listening on " + " · ".join(map(str, bound))
    if failed:
        text += f", not on {' · '.join(str(listener.port) for listener in failed)}"
    return Listening(text, is_well=not failed, problem=problem)


def rate(before: IntakeReport | None, now: IntakeReport, elapsed_s: float) -> str:
    """Say how many spans came in a second since the report before."""
    if before is None or elapsed_s <= 0 or now.spans < before.spans:
        return "0 spans/s"
    return f"{count_text(round((now.spans - before.spans) / elapsed_s))} spans/s"


def stored(report: IntakeReport) -> str:
    """Say how much is stored."""
    return f"{counted(report.stored_spans, 'span')} · {bytes_text(report.store_bytes)}"


def trouble(report: IntakeReport) -> tuple[str, str]:
    """Return the newest trouble in few words and in a sentence; both empty when there is none."""
    if report.last_error:
        return "Storing failed", report.last_error
    if report.notices:
        return "Damage found", "\n".join(report.notices)
    if report.quarantined:
        return f"{counted(report.quarantined, 'export')} set aside", "They could not be decoded and are kept."
    if not report.refusals:
        return "", ""
    newest = max(report.refusals, key=lambda refusal: refusal.last_ns)
    return f"{counted(newest.count, 'export')} refused: {newest.reason}", f"{newest.detail} {newest.hint}".strip()

"""What is said of a log record: its severity, its first line, its facts. Qt-free."""

from __future__ import annotations

from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.severity import Severity, severity_of
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, iso_text, moment_text, offset_text

_ROLES: dict[Severity, Role] = {
    Severity.UNKNOWN: "dim",
    Severity.TRACE: "dim",
    Severity.DEBUG: "dim",
    Severity.INFO: "info",
    Severity.WARN: "warning",
    Severity.ERROR: "error",
    Severity.FATAL: "error",
}


def severity_role(severity: Severity) -> Role:
    """Return the colour role of a severity."""
    return _ROLES[severity]


def severity_words(number: int, text: str) -> str:
    """Return the range and, where the sender calls it otherwise, its own word: `warn`, `error (Severe)`."""
    severity = severity_of(number, text)
    own = text.strip()
    is_same = severity is not Severity.UNKNOWN and severity_of(0, own) is severity
    return f"{severity.word} ({own})" if own and not is_same else severity.word


def first_line(body_text: str) -> str:
    """Return the first line of a body in which something stands."""
    return next((line.strip() for line in body_text.splitlines() if line.strip()), "")


def record_facts(record: LogRecord, trace_start_ns: int) -> tuple[Fact, ...]:
    """Return what the columns of a record say; what is empty is left out. A trace start of 0 is an unknown one."""
    moment = record.time_unix_nano or record.observed_time_unix_nano
    facts = [Fact("Severity", severity_words(record.severity_number, record.severity_text), _severity_tip(record))]
    if moment and trace_start_ns:
        facts.append(Fact("After", offset_text(moment - trace_start_ns), "Since the trace began"))
    facts += _time_facts(record)
    if record.event_name:
        facts.append(Fact("Event", record.event_name))
    facts.append(Fact("Service", record.service_name))
    if record.scope.name:
        facts.append(Fact("Scope", f"{record.scope.name} {record.scope.version}".strip()))
    if record.span_id:
        facts.append(Fact("Span", record.span_id))
    if record.dropped_attributes_count:
        facts.append(Fact("Dropped attributes", count_text(record.dropped_attributes_count)))
    return tuple(facts)


def _severity_tip(record: LogRecord) -> str:
    sent = f"severity_number {record.severity_number}"
    return f"{sent}, severity_text {record.severity_text}" if record.severity_text else sent


def _time_facts(record: LogRecord) -> list[Fact]:
    time, observed = record.time_unix_nano, record.observed_time_unix_nano
    if not time and not observed:
        return [Fact("Time", "unknown", "The sender wrote 0")]
    facts = [Fact("Time", moment_text(time), _moment_tip(time))] if time else []
    if observed and observed != time:
        facts.append(Fact("Observed", moment_text(observed), _moment_tip(observed)))
    return facts


def _moment_tip(moment_ns: int) -> str:
    return f"{iso_text(moment_ns)}\n{moment_ns} ns"

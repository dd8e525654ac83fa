"""How severe a log record is: OpenTelemetry's six ranges, each of four numbers."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """A range of severity numbers; the value is its first number."""

    UNKNOWN = 0
    """Neither a number nor a text that is understood was sent."""
    TRACE = 1
    DEBUG = 5
    INFO = 9
    WARN = 13
    ERROR = 17
    FATAL = 21

    @property
    def word(self) -> str:
        """What lists call it."""
        return self.name.lower()


_RANGE = 4
LAST_NUMBER = 24
SEVERITY_TEXTS = {
    "TRACE": Severity.TRACE,
    "VERBOSE": Severity.TRACE,
    "DEBUG": Severity.DEBUG,
    "DBG": Severity.DEBUG,
    "INFO": Severity.INFO,
    "INFORMATION": Severity.INFO,
    "INFORMATIONAL": Severity.INFO,
    "NOTICE": Severity.INFO,
    "WARN": Severity.WARN,
    "WARNING": Severity.WARN,
    "ERROR": Severity.ERROR,
    "ERR": Severity.ERROR,
    "SEVERE": Severity.ERROR,
    "FATAL": Severity.FATAL,
    "CRITICAL": Severity.FATAL,
    "CRIT": Severity.FATAL,
    "ALERT": Severity.FATAL,
    "EMERGENCY": Severity.FATAL,
    "EMERG": Severity.FATAL,
    "PANIC": Severity.FATAL,
}
"""What senders write where they number nothing."""


def texts_at_least(severity: Severity) -> tuple[str, ...]:
    """Return the texts, in capitals and without digits at their end, that name this range or a more severe one."""
    return tuple(text for text, named in SEVERITY_TEXTS.items() if named >= severity)


def severity_of(number: int, text: str = "") -> Severity:
    """Return the range of a severity number; where none was sent, the one that the text names."""
    if 1 <= number <= LAST_NUMBER:
        return Severity((number - 1) // _RANGE * _RANGE + 1)
    # Senders that number nothing often write the level of their own logging library, "WARN3" also for a step of it.
    return SEVERITY_TEXTS.get(text.strip().upper().rstrip("0123456789"), Severity.UNKNOWN)

"""A bug of ours, as text that can be read before it is passed on. Qt-free."""

from __future__ import annotations

import platform
import re
import sys
import traceback
from dataclasses import dataclass

_PACKAGES = ("junjo-desktop", "PySide6-Essentials", "duckdb", "grpcio", "protobuf")
_SECRETS = (
    re.compile(r"\bjd_[A-Za-z0-9_-]{8,}"),
    re.compile(r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{12,}"),
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(r"(?i)(?:(?<=api-key)|(?<=api_key)|(?<=authorization))[\"']?\s*[:=,]\s*[\"']?(?!bearer)[^\s\"']+"),
)
_MASK = " (masked)"


@dataclass(frozen=True, slots=True)
class BugReport:
    """What went wrong in one line, and everything that helps to mend it."""

    summary: str
    details: str


def bug_report(error: BaseException) -> BugReport:
    """Describe an exception: its trace without any values of variables, and the versions that ran."""
    trace = "".join(traceback.format_exception(error))
    summary = masked(f"{type(error).__name__}: {error}".strip().splitlines()[0])
    return BugReport(summary, masked(f"{trace}\n{versions()}"))


def masked(text: str) -> str:
    """Return `text` without what looks like a key or a token."""
    for secret in _SECRETS:
        text = secret.sub(_MASK, text)
    return text


def versions() -> str:
    """Return a line for each version that matters."""
    lines = [f"Python {platform.python_version()} on {platform.platform()}", f"Started as {sys.executable}"]
    lines.extend(f"{name} {_version(name)}" for name in _PACKAGES)
    return "\n".join(lines)


def _version(name: str) -> str:
    # Here and not above: it costs 25 ms and 3 MB, and reports are rare.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"

"""The intake report as a JSON object, there and back: `doctor` asks a running app for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from junjo_desktop.errors import PortUnavailableError
from junjo_desktop.telemetry.intake import IntakeReport, Listener, Purpose, Refusal, RefusalReason, ServiceSeen

_NESTED = ("listeners", "services", "refusals", "notices")


def report_to_json(report: IntakeReport) -> dict[str, Any]:
    """Return the report as plain values; a listener's error is `{message, hint}` or null."""
    plain = {name: getattr(report, name) for name in report.__dataclass_fields__ if name not in _NESTED}
    return {
        "listeners": [_listener_to_json(listener) for listener in report.listeners],
        **plain,
        "services": [asdict(service) for service in report.services],
        "refusals": [asdict(refusal) | {"reason": refusal.reason.value} for refusal in report.refusals],
        "notices": list(report.notices),
    }


def report_from_json(found: Mapping[str, Any]) -> IntakeReport:
    """Return the report that `report_to_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` on others."""
    plain = {name: value for name, value in found.items() if name not in _NESTED}
    return IntakeReport(
        listeners=tuple(_listener_from_json(listener) for listener in found["listeners"]),
        services=tuple(ServiceSeen(**service) for service in found["services"]),
        refusals=tuple(
            Refusal(**{**refusal, "reason": RefusalReason(refusal["reason"])}) for refusal in found["refusals"]
        ),
        notices=tuple(found.get("notices", ())),
        **plain,
    )


def _listener_to_json(listener: Listener) -> dict[str, Any]:
    error = listener.error
    return {
        "purpose": listener.purpose,
        "port": listener.port,
        "error": {"message": error.message, "hint": error.hint} if error else None,
    }


def _listener_from_json(found: Mapping[str, Any]) -> Listener:
    error = found["error"]
    return Listener(
        purpose=Purpose(found["purpose"]),
        port=found["port"],
        error=PortUnavailableError(error["message"], error["hint"]) if error else None,
    )

"""Expressions over rows of `logs` that lists have in common: when, how severe."""

from __future__ import annotations

from junjo_desktop.telemetry.severity import LAST_NUMBER, SEVERITY_TEXTS

MOMENT = "CASE WHEN time_ns > 0 THEN time_ns ELSE observed_ns END"
"""When it happened, else when it was observed, in nanoseconds since the epoch; 0 when the sender told neither."""

_BY_TEXT = " ".join(f"WHEN '{text}' THEN {int(severity)}" for text, severity in SEVERITY_TEXTS.items())
SEVERITY = f"""CASE WHEN severity_number BETWEEN 1 AND {LAST_NUMBER} THEN severity_number
    ELSE CASE rtrim(upper(trim(severity_text)), '0123456789') {_BY_TEXT} ELSE 0 END END"""
"""A number of severity as `telemetry.severity.severity_of` reads it; 0 where nothing was understood."""

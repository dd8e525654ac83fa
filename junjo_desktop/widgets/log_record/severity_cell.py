"""The cell of a severity: a shape and a word, both in its colour."""

from __future__ import annotations

from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cells import Shape
from junjo_desktop.widgets.log_record.words import severity_role

_SHAPES: dict[Severity, Shape] = {
    Severity.INFO: "ring",
    Severity.WARN: "half",
    Severity.ERROR: "full",
    Severity.FATAL: "cross",
}


def severity_state(severity: Severity) -> tuple[Shape, Role, str]:
    """Return what `widgets.cells.state_cell` paints."""
    return _SHAPES.get(severity, "none"), severity_role(severity), severity.word

"""Signs that an update is not what it should be, or that one before it is missing."""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.events import StateEvent
from junjo_desktop.telemetry.junjo.state.patch import Patch
from junjo_desktop.telemetry.junjo.state.pointer import value_at
from junjo_desktop.telemetry.junjo.state.sameness import is_same


def contradicts_revisions(event: StateEvent, patch: Patch) -> bool:
    """Whether revisions and patch disagree: the SDK counts one on for an update that changes something."""
    if event.revision_before is None or event.revision_after is None:
        return False
    return event.revision_after - event.revision_before != (1 if patch.operations else 0)


def repeats_itself(document: Any, patch: Patch) -> bool:
    """Whether an update sets what is there already. The SDK sends differences: then one before it is missing."""
    if not patch.operations:
        return False
    first = patch.operations[0]
    return first.name == "replace" and is_same(value_at(document, first.path), first.value)

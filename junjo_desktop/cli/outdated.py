"""Saying that what is derived from spans should be made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def advice_on(derivation: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is the matter and what to do, or None; `derivation` is the answer to the query of that name."""
    if derivation["rebuild"] is not None:
        return "Reading stored spans again was stopped on the way.", "`junjo-desktop rebuild` goes on there."
    if derivation["version"] != derivation["current_version"]:
        return (
            "What stored spans mean was read by another version of Junjo Desktop, and this one reads it otherwise.",
            "`junjo-desktop rebuild` reads it again; the app may run meanwhile.",
        )
    return None

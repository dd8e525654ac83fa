"""Imports of what only the environments of the captures hold: type checkers do not know it."""

from __future__ import annotations

import importlib
from typing import Any


def imported(module: str, name: str) -> Any:
    """Return what a module holds under a name."""
    return getattr(importlib.import_module(module), name)

"""Puts a splitter back as it was left."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter


def restore_split(splitter: QSplitter, state: QSettings, key: str) -> bool:
    """Put back what is kept under `key`; False when there is nothing, or nothing that makes sense."""
    kept = state.value(key)
    return isinstance(kept, QByteArray) and splitter.restoreState(kept)

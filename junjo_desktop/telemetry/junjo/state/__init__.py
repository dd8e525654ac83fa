"""What a store held before and after each of its updates, and how sure that is."""

from junjo_desktop.telemetry.junjo.state.certainty import (
    ABSENT,
    UNKNOWN_STATE,
    Certainty,
    HistoryStatus,
    Nothing,
    StateValue,
)
from junjo_desktop.telemetry.junjo.state.changes import Change, ChangeKind, ChangeNode, Changes, changes_between
from junjo_desktop.telemetry.junjo.state.history import StoreHistory
from junjo_desktop.telemetry.junjo.state.reconstruction import reconstruct
from junjo_desktop.telemetry.junjo.state.transition import MissingUpdates, PathChange, Transition

__all__ = [
    "ABSENT",
    "UNKNOWN_STATE",
    "Certainty",
    "Change",
    "ChangeKind",
    "ChangeNode",
    "Changes",
    "HistoryStatus",
    "MissingUpdates",
    "Nothing",
    "PathChange",
    "StateValue",
    "StoreHistory",
    "Transition",
    "changes_between",
    "reconstruct",
]

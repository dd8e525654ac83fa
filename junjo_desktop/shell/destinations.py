"""Places a feature can ask the window to go to. Features know destinations, never each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page of the rail, by its feature's name."""

    feature: str


@dataclass(frozen=True, slots=True)
class OpenTraces:
    """The list of traces, narrowed to one service or a text when given."""

    service: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class OpenTrace:
    """One trace, with one of its spans selected when given."""

    trace_id: str
    span_id: str | None = None

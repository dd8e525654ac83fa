"""What is to be deleted, and what a deletion takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be deleted: exactly one of the first four fields is given. Raises `ValueError` otherwise."""

    trace_ids: tuple[str, ...] = ()
    """These traces, as stored (lower-case), with the logs that name them; starred ones, too."""
    service: str | None = None
    """Spans, logs and metrics of one service; spans of others in the same traces stay."""
    before_ns: int | None = None
    """Whole traces that ended before (were received before, where no span tells a time), with their logs; and logs and
    metrics of no stored trace that were received before."""
    everything: bool = False
    starred_too: bool = False
    """Whether starred traces go as well where they are not named by id."""

    def __post_init__(self) -> None:
        given = (bool(self.trace_ids), self.service is not None, self.before_ns is not None, self.everything)
        if sum(given) != 1:
            raise ValueError(f"exactly one of four kinds must be given, not {sum(given)}")


@dataclass(frozen=True, slots=True)
class Toll:
    """How much a deletion takes. A trace counts when nothing of it is left."""

    traces: int = 0
    spans: int = 0
    logs: int = 0
    metrics: int = 0
    kept: int = 0
    """Traces that are spared although they are selected, because they are starred. Of a deletion itself: 0."""
    noted: int = 0
    """Of the traces, those with tags or comments, which go with them. Of a deletion itself: not counted."""

    def __add__(self, other: Toll) -> Toll:
        return Toll(
            traces=self.traces + other.traces,
            spans=self.spans + other.spans,
            logs=self.logs + other.logs,
            metrics=self.metrics + other.metrics,
            kept=self.kept + other.kept,
            noted=self.noted + other.noted,
        )

    def __bool__(self) -> bool:
        return bool(self.traces or self.spans or self.logs or self.metrics)

"""What narrows a list of traces beside a query, as a condition on rows of `traces`. Values are parameters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

_SINGLE = {
    "service": "trace_id IN (SELECT trace_id FROM trace_services WHERE service_name = $service)",
    "name": "name = $name",
    "since_ns": "start_ns >= $since_ns",
    "until_ns": "start_ns <= $until_ns",
    "min_duration_ns": "duration_ns >= $min_duration_ns",
    # What told no start or no end, or ended before it began, took nobody knows how long.
    "max_duration_ns": "duration_ns BETWEEN 0 AND $max_duration_ns AND start_ns > 0 AND end_ns > 0",
}


@dataclass(frozen=True, slots=True)
class TraceNarrowing:
    """What a trace must satisfy; None and False let every trace through. Times in nanoseconds since the epoch.

    `service` is that of any of its spans, `name` its own. `trace_ids` are those that may be listed at all.
    """

    service: str | None = None
    name: str | None = None
    since_ns: int | None = None
    until_ns: int | None = None
    min_duration_ns: int | None = None
    max_duration_ns: int | None = None
    errors_only: bool = False
    has_llm: bool = False
    trace_ids: Collection[str] | None = None

    def condition(self) -> tuple[list[str], dict[str, object]]:
        """Return what must all hold, with its parameters by name."""
        clauses: list[str] = []
        parameters: dict[str, object] = {}
        for name, clause in _SINGLE.items():
            value = getattr(self, name)
            if value is not None:
                clauses.append(clause)
                parameters[name] = value
        if self.errors_only:
            clauses.append("error_count > 0")
        if self.has_llm:
            clauses.append("llm_count > 0")
        if self.trace_ids is not None:
            clauses.append("trace_id IN (SELECT unnest($trace_ids::VARCHAR[]))")
            parameters["trace_ids"] = list(self.trace_ids)
        return clauses, parameters

"""Two traces, or a trace and the median of its name, as two lines under each other."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.facts_grid import FactsGrid, FactText, FactTitle, SideFacts
from junjo_desktop.telemetry.trace_comparison.model import TraceComparison, TraceFacts, UsualComparison
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import cost_text, count_text, counted, duration_text, iso_text, moment_text

_TITLES = (
    FactTitle("Started", 1),
    FactTitle("Duration", 0),
    FactTitle("Spans", 2),
    FactTitle("Failed spans", 4),
    FactTitle("Model calls", 5),
    FactTitle("Tokens", 3),
    FactTitle("Cost", 6),
    FactTitle("Name", 7, only_if_differs=True),
    FactTitle("Service", 8, only_if_differs=True),
    FactTitle("Trace id", 9),
)
_ID_CHARACTERS = 16
_NONE = FactText("")


class TraceGrid(FactsGrid):
    """Shows what is said of both sides as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_TITLES, "trace", parent)

    def show_traces(self, comparison: TraceComparison) -> None:
        """Show two traces."""
        self.name_sides("Left", "Right")
        self.show_sides(_side(comparison.left), _side(comparison.right))

    def show_usual(self, comparison: UsualComparison) -> None:
        """Show the median of the others above the trace."""
        others = f"Median of {count_text(comparison.others)}" if comparison.others else "No others"
        self.name_sides(others, "This trace", opens_left=False)
        self.show_sides(_median(comparison), _side(comparison.trace))


def _side(facts: TraceFacts) -> SideFacts:
    return SideFacts(
        _outcome(facts),
        "Its root span never arrived" if facts.is_root_missing else "",
        (
            FactText(
                *((moment_text(facts.start_ns), iso_text(facts.start_ns)) if facts.start_ns > 0 else ("unknown",))
            ),
            _duration(facts.duration_ns),
            FactText(count_text(facts.span_count)),
            FactText(count_text(facts.error_count) if facts.error_count else ""),
            FactText(count_text(facts.llm_count) if facts.llm_count else ""),
            _tokens(facts),
            _cost(facts),
            FactText(facts.name),
            FactText(facts.service_name),
            FactText(f"{facts.trace_id[:_ID_CHARACTERS]}…", facts.trace_id),
        ),
    )


def _outcome(facts: TraceFacts) -> tuple[str, Role]:
    if facts.is_root_missing:
        return "root missing", "warning"
    return ("failed", "error") if facts.is_error else ("ok", "ok")


def _duration(lasted_ns: int | None) -> FactText:
    if lasted_ns is None:
        return FactText("unknown", "Its spans did not tell their times")
    return FactText(duration_text(lasted_ns), f"{lasted_ns:,} ns")


def _tokens(facts: TraceFacts) -> FactText:
    tokens = facts.tokens
    if tokens is None:
        return _NONE
    return FactText(
        count_text(tokens), f"{count_text(facts.input_tokens or 0)} in, {count_text(facts.output_tokens or 0)} out"
    )


def _cost(facts: TraceFacts) -> FactText:
    if facts.cost is None:
        return _NONE
    unpriced = f"Without {counted(facts.unpriced, 'call')} whose cost is not known" if facts.unpriced else ""
    return FactText(cost_text(facts.cost), unpriced or "Of its model calls, each counted once")


def _median(comparison: UsualComparison) -> SideFacts:
    failed = f"{count_text(comparison.failed)} of {count_text(comparison.others)} failed"
    duration = _NONE
    if comparison.median_ns is not None and comparison.p95_ns is not None:
        duration = FactText(
            duration_text(comparison.median_ns), f"{comparison.median_ns:,} ns, p95 {duration_text(comparison.p95_ns)}"
        )
    role: Role = "warning" if comparison.failed else "ok"
    trace = comparison.trace
    counts = (comparison.median_spans, None, comparison.median_model_calls, comparison.median_tokens)
    texts = (
        _NONE,
        duration,
        *(FactText("" if count is None else count_text(count)) for count in counts),
        FactText("" if comparison.median_cost is None else cost_text(comparison.median_cost)),
        # What both have in common is not said.
        FactText(trace.name),
        FactText(trace.service_name),
        _NONE,
    )
    return SideFacts((failed if comparison.others else "", role), "", texts)

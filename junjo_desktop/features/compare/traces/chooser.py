"""Asks with which other trace one is to be compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.side_chooser import Choice, ChooserWords, SideChooser
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.compared_traces import TracesToChoose, traces_to_choose
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.trace_comparison.model import NO_NAME, TraceFacts
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, moment_text
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEADINGS = ("Started", "Outcome", "Duration", "Spans", "Failed", "Tokens", "Trace id")
_WIDTHS = (156, 96, 90, 64, 60, 80)
_WORDS = ChooserWords(
    many="other traces",
    placeholder="Ask, as in the list of traces: error = true duration > 2s; or paste the id of any trace",
    filter_name="Filter traces",
    list_name="Traces to compare with",
    none="There is no other trace of this name to compare with. The id of any trace can be pasted above.",
    none_matches="No other trace of this name matches.",
)


class TraceChooser(SideChooser):
    """`chosen` carries the id of a trace (None: what is usual), and whether it began before the one asked for."""

    chosen = Signal(object, bool)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        quick = ("Median of its name", "Previous trace", "Newest without failures")
        super().__init__(_WORDS, _HEADINGS, _WIDTHS, quick, parent)
        self._trace_id = ""
        self._found: TracesToChoose | None = None
        self._workbench = workbench
        self._reader = workbench.reader(self, self._show, self._failed)
        self.median, self.previous, self.well = self.quick
        self.asked.connect(self._read)
        self.taken.connect(self.take_current)
        self.median.clicked.connect(self._take_median)
        self.previous.clicked.connect(self._take_previous)
        self.well.clicked.connect(self._take_well)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._reader.busy

    def ask(self, trace_id: str) -> None:
        """Offer what a trace may be compared with."""
        self._trace_id, self._found = trace_id, None
        self.begin()

    def _read(self) -> None:
        self._reader.submit(partial(traces_to_choose, trace_id=self._trace_id, text=self.filter.text()))

    def _show(self, found: TracesToChoose) -> None:
        self._found = found
        self.filter.clear_problem()
        this = found.this
        started = moment_text(this.start_ns) if this.start_ns > 0 else "no start time"
        heading = f"Compare {this.name.strip() or NO_NAME} of {started} with …"
        self.offer(heading, [Choice(_cells(row), _tips(row)) for row in found.rows], found.count)
        self.offer_quickly(0, "What is usual for traces of this name" if found.previous or found.rows else None)
        for number, row in ((1, found.previous), (2, found.well)):
            self.offer_quickly(number, None if row is None else plain_tooltip(" · ".join(filter(None, _cells(row)))))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, QueryError):
            self.filter.show_problem(str(error), error.start, error.end)
            self.say(str(error))
        else:
            self._workbench.report_error(error)

    def take_current(self) -> None:
        """Compare with the trace of the current line."""
        row = self.list.currentIndex().row()
        if self._found is not None and 0 <= row < len(self._found.rows):
            self._take_trace(self._found.rows[row])

    def _take_median(self) -> None:
        self.chosen.emit(None, False)

    def _take_previous(self) -> None:
        self._take_trace(None if self._found is None else self._found.previous)

    def _take_well(self) -> None:
        self._take_trace(None if self._found is None else self._found.well)

    def _take_trace(self, row: TraceFacts | None) -> None:
        if row is not None and self._found is not None:
            self.chosen.emit(row.trace_id, row.start_ns < self._found.this.start_ns)


def _cells(row: TraceFacts) -> tuple[str, ...]:
    tokens = row.tokens
    return (
        moment_text(row.start_ns) if row.start_ns > 0 else "no start time",
        "root missing" if row.is_root_missing else "failed" if row.is_error else "ok",
        "" if row.duration_ns is None else duration_text(row.duration_ns),
        count_text(row.span_count),
        count_text(row.error_count) if row.error_count else "",
        "" if tokens is None else count_text(tokens),
        row.trace_id,
    )


def _tips(row: TraceFacts) -> tuple[str, ...]:
    started, *rest = _cells(row)
    return iso_text(row.start_ns) if row.start_ns > 0 else started, *rest

"""Asks with which other run of the same workflow one is to be compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.queries import Candidates, candidates, place_of
from junjo_desktop.features.compare.side_chooser import Choice, ChooserWords, SideChooser
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.widgets.figures import duration_text, iso_text, moment_text
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEADINGS = ("Started", "Outcome", "Duration", "Version", "Correlation", "Failure")
_WIDTHS = (156, 84, 104, 66, 124)
_WORDS = ChooserWords(
    many="other runs",
    placeholder="Filter: failure, version, correlation, id",
    filter_name="Filter runs",
    list_name="Runs to compare with",
    none="There is no other run of this name to compare with.",
    none_matches="No other run matches.",
)


class RunChooser(SideChooser):
    """`chosen` carries the place of a run, and whether it began before the run that was asked for."""

    chosen = Signal(object, bool)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(_WORDS, _HEADINGS, _WIDTHS, ("Previous run", "Last completed run"), parent)
        self._run: OpenRun | None = None
        self._found: Candidates | None = None
        self._reader = workbench.reader(self, self._show)
        self.previous, self.completed = self.quick
        self.asked.connect(self._read)
        self.taken.connect(self.take_current)
        self.previous.clicked.connect(self._take_previous)
        self.completed.clicked.connect(self._take_completed)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._reader.busy

    def ask(self, run: OpenRun) -> None:
        """Offer what a run may be compared with."""
        self._run, self._found = run, None
        self.begin()

    def _read(self) -> None:
        if self._run is not None:
            self._reader.submit(partial(candidates, run=self._run, text=self.filter.text()))

    def _show(self, found: Candidates) -> None:
        self._found = found
        this = found.this
        heading = "Compare with …"
        if this is not None:
            started = moment_text(this.start_ns) if this.start_ns else "no start time"
            heading = f"Compare {this.name or '(no name)'} of {started} with …"
        self.offer(heading, [Choice(_cells(row), _tips(row)) for row in found.rows], found.count)
        for number, row in enumerate((found.previous, found.completed)):
            tip = None if row is None else plain_tooltip(" · ".join(filter(None, _cells(row))))
            self.offer_quickly(number, tip)

    def take_current(self) -> None:
        """Compare with the run of the current line."""
        row = self.list.currentIndex().row()
        if self._found is not None and 0 <= row < len(self._found.rows):
            self._take_run(self._found.rows[row])

    def _take_previous(self) -> None:
        self._take_run(None if self._found is None else self._found.previous)

    def _take_completed(self) -> None:
        self._take_run(None if self._found is None else self._found.completed)

    def _take_run(self, row: RunRow | None) -> None:
        if row is not None:
            this = None if self._found is None else self._found.this
            self.chosen.emit(place_of(row), this is not None and row.start_ns < this.start_ns)


def _cells(row: RunRow) -> tuple[str, ...]:
    return (
        moment_text(row.start_ns) if row.start_ns else "no start time",
        row.outcome.value,
        "" if row.duration_ns is None else duration_text(row.duration_ns),
        row.service_version or "",
        row.correlation_id or "",
        ": ".join(filter(None, (row.error_type, row.error_message))),
    )


def _tips(row: RunRow) -> tuple[str, ...]:
    started, outcome, duration, version, _, failure = _cells(row)
    correlation = " ".join(filter(None, (row.correlation_type, row.correlation_id)))
    exact = iso_text(row.start_ns) if row.start_ns else started
    return exact, outcome, duration, version, correlation, failure

"""Counts how the durations of the listed spans are distributed, in the background, and where one span stands."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QObject

from junjo_desktop.features.spans import queries
from junjo_desktop.features.spans.filters import SpanFilter
from junjo_desktop.features.spans.listings import SpanRow
from junjo_desktop.features.spans.words import distribution_words, rank_words
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.span_durations import STEPS_PER_DECADE, DurationRank, SpanDurations
from junjo_desktop.widgets.figures import duration_text
from junjo_desktop.widgets.histogram import DurationRange, HistogramStrip
from junjo_desktop.widgets.histogram_scale import Bin, Histogram, Line


class Distribution(QObject):
    """Serves the histogram. It shows the spans of a filter however long they take, and the chosen durations in it."""

    def __init__(self, workbench: Workbench, strip: HistogramStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._strip = strip
        self._filter = SpanFilter()
        self._counted: SpanFilter | None = None
        self._found = SpanDurations()
        self._marked: SpanRow | None = None
        self._rank: DurationRank | None = None
        self._is_shown = False
        self._counter = workbench.reader(self, self._take)
        self._ranker = workbench.reader(self, self._take_rank)
        strip.show_caption("Counting …")

    @property
    def found(self) -> SpanDurations:
        """What is shown."""
        return self._found

    @property
    def rank(self) -> DurationRank | None:
        """Where the marked span stands; None while none is marked."""
        return self._rank

    def set_shown(self, shown: bool) -> None:
        """Count only while somebody looks."""
        self._is_shown = shown
        if shown and self._counted != self._filter:
            self.count()

    def show_filter(self, chosen: SpanFilter) -> None:
        """Show the durations of other spans."""
        self._filter = chosen
        limits = chosen.min_duration_ns, chosen.max_duration_ns
        is_any = limits == (None, None)
        self._strip.show_range(None if is_any else DurationRange(limits[0] or 0, _most(limits[1])))
        if self._marked is not None and not _passes(self._marked, chosen):
            self.mark(None)
        if self._is_shown and (self._counted is None or _without_range(self._counted) != _without_range(chosen)):
            self.count()

    def count(self) -> None:
        """Count again: other spans are listed, or more of them are stored."""
        if self._is_shown:
            self._counted = self._filter
            self._counter.submit(partial(queries.durations, chosen=self._filter, now_ns=time.time_ns()))
            self._ask_rank()
        else:
            self._counted = None

    def mark(self, row: SpanRow | None) -> None:
        """Show where a span stands; None for none."""
        if row is not None and not _passes(row, self._filter):
            row = None
        is_other = row is None or self._marked is None or row.duration_ns != self._marked.duration_ns
        self._marked = row
        self._strip.show_mark("this span", None if row is None else row.duration_ns)
        if is_other:
            self._rank = None
            self._say()
            self._ask_rank()

    def _ask_rank(self) -> None:
        row = self._marked
        if row is None or row.duration_ns is None:
            self._ranker.cancel()
        elif self._is_shown:
            ask = partial(queries.rank, chosen=self._filter, duration_ns=row.duration_ns, now_ns=time.time_ns())
            self._ranker.submit(ask)

    def _take(self, found: SpanDurations) -> None:
        self._found = found
        lines = (Line("p50", found.p50_ns), Line("p95", found.p95_ns), Line("p99", found.p99_ns))
        bins = tuple(Bin(step.step, step.count, step.failed) for step in found.steps)
        self._strip.show_histogram(Histogram(bins, STEPS_PER_DECADE, lines if found.total else ()))
        self._say()

    def _take_rank(self, rank: DurationRank) -> None:
        if self._marked is not None and rank.duration_ns == self._marked.duration_ns:
            self._rank = rank
            self._say()

    def _say(self) -> None:
        words = distribution_words(self._found, self._filter)
        marked, rank = self._marked, self._rank
        if marked is not None and marked.duration_ns is not None and rank is not None:
            words = f"This span, {duration_text(marked.duration_ns)}: {rank_words(rank)} · {words}"
        elif marked is not None and marked.duration_ns is None:
            words = f"This span told no duration · {words}"
        self._strip.show_caption(words)


def _most(limit_ns: int | None) -> int:
    return (1 << 63) - 1 if limit_ns is None else limit_ns


def _without_range(chosen: SpanFilter) -> SpanFilter:
    return chosen.without("duration")


def _passes(row: SpanRow, chosen: SpanFilter) -> bool:
    """Tell whether a span is of those whose durations are shown, as far as its row tells."""
    wanted = (
        (chosen.name, row.name),
        (chosen.service, row.service_name),
        (chosen.span_type, row.span_type),
        (chosen.failed, row.is_error),
    )
    return all(value is None or value == found for value, found in wanted)

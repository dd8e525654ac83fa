"""The line that says what is inside the area of time that the user chose."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.area import Area
from junjo_desktop.features.trace.totals import AreaTotals, totals_between
from junjo_desktop.features.trace.tree import SpanTree
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import count_text, counted, duration_text
from junjo_desktop.widgets.icon_button import icon_button

_TYPES_SHOWN = 6


class AreaStrip(QFrame):
    """Hidden while no area is chosen. `zoom_asked`: see it as large as possible."""

    zoom_asked = Signal()

    def __init__(self, area: Area, reads: BackgroundReads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self._tree: SpanTree | None = None
        self._analysis: Analysis | None = None
        self._adder = reads.reader(self, self._show)
        self.setProperty("look", "bar")
        self.heading = QLabel(self)
        self.heading.setProperty("look", "heading")
        self.words = ElidedLabel(parent=self)
        self.zoom = icon_button("zoom-fit", "Zoom to this area (Enter)", self)
        self.leave = icon_button("close", "Leave this area (Esc)", self)
        self.types = ElidedLabel(parent=self, look="dim")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 3, 8, 3)
        line.setSpacing(10)
        line.addWidget(self.heading)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.words)
        texts.addWidget(self.types)
        line.addLayout(texts, 1)
        for button in (self.zoom, self.leave):
            line.addWidget(button)
        self.zoom.clicked.connect(self.zoom_asked)
        self.leave.clicked.connect(area.clear)
        area.changed.connect(self._drawn)
        area.settled.connect(self._add)
        self.hide()

    def show_tree(self, tree: SpanTree) -> None:
        """Add up spans of this trace, as it is now."""
        self._tree = tree
        self._add()

    def show_analysis(self, analysis: Analysis) -> None:
        """Own times are known now."""
        self._analysis = analysis
        self._add()

    def _drawn(self) -> None:
        self.setVisible(self._area.is_set)
        self.heading.setText(duration_text(self._area.end_ns - self._area.start_ns))
        self.words.setText("…")
        self.types.setText("")

    def _add(self) -> None:
        if self._tree is None or not self._area.is_set:
            self._adder.cancel()
            return
        analysis = self._analysis if self._analysis is not None and self._analysis.tree is self._tree else None
        self._adder.submit(_Add(self._tree, self._area.start_ns, self._area.end_ns, analysis))

    def _show(self, totals: AreaTotals) -> None:
        if (totals.start_ns, totals.end_ns) == (self._area.start_ns, self._area.end_ns):
            words, types = total_words(totals), type_words(totals)
            self.words.setText(" · ".join(words))
            self.types.setText(" · ".join(types))
            self.setAccessibleName(f"Chosen area of {self.heading.text()}: {', '.join((*words, *types))}")


@dataclass(frozen=True, slots=True)
class _Add:
    tree: SpanTree
    start_ns: int
    end_ns: int
    analysis: Analysis | None

    def __call__(self, _cursor: object) -> AreaTotals:
        own = None if self.analysis is None else self.analysis.self_times
        return totals_between(self.tree, self.start_ns, self.end_ns, own)


def total_words(totals: AreaTotals) -> list[str]:
    """Return what the strip says of all spans."""
    words = [counted(totals.count, "span")]
    if totals.whole_count != totals.count:
        words.append(f"{count_text(totals.whole_count)} of them wholly inside")
    words.append(f"{duration_text(totals.covered_ns)} covered")
    if totals.self_ns is not None:
        words.append(f"{duration_text(totals.self_ns)} own time")
    if totals.error_count:
        words.append(counted(totals.error_count, "failure"))
    if totals.call_count:
        words.append(counted(totals.call_count, "model call"))
    if totals.tokens is not None:
        words.append(counted(totals.tokens, "token"))
    return words


def type_words(totals: AreaTotals) -> list[str]:
    """Return what the strip says of the spans of each type: how many, and their own time."""
    words = [
        f"{kind_word(total.span_type)} {count_text(total.count)}"
        + (f", {duration_text(total.self_ns)} own" if total.self_ns else "")
        for total in totals.types[:_TYPES_SHOWN]
    ]
    if len(totals.types) > _TYPES_SHOWN:
        words.append(counted(len(totals.types) - _TYPES_SHOWN, "type more", "types more"))
    return words

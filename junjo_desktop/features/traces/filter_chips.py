"""The filters in force, as chips: one press takes one away, another all of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.features.traces.time_range_menu import range_words
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import duration_text
from junjo_desktop.widgets.flow_layout import FlowLayout

_LONGEST = 60


def filter_words(shown: TraceFilter) -> dict[str, str]:
    """Return what is in force, by the name that `TraceFilter.without` knows: `{"errors_only": "errors only"}`."""
    words: dict[str, str] = {}
    if shown.service is not None:
        words["service"] = f"service {isolated(one_line(shown.service, _LONGEST))}"
    if shown.errors_only:
        words["errors_only"] = "errors only"
    if shown.has_llm:
        words["has_llm"] = "with LLM calls"
    if shown.starred_only:
        words["starred_only"] = "starred only"
    if not shown.time_range.is_open:
        words["time_range"] = f"started {range_words(shown.time_range)}"
    if shown.min_duration_ns is not None or shown.max_duration_ns is not None:
        words["duration"] = _duration_words(shown.min_duration_ns, shown.max_duration_ns)
    if shown.text.strip():
        words["text"] = f"text “{isolated(one_line(shown.text.strip(), _LONGEST))}”"
    return words


def _duration_words(least_ns: int | None, most_ns: int | None) -> str:
    if least_ns is None:
        return f"took at most {duration_text(most_ns or 0)}"
    if most_ns is None:
        return f"took at least {duration_text(least_ns)}"
    return f"took {duration_text(least_ns)} – {duration_text(most_ns)}"


class FilterChips(QFrame):
    """Hidden while nothing is in force. `changed` carries the filter that is left."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "facts")
        self._shown = TraceFilter()
        self._flow = FlowLayout(self, 6, 6)
        self._flow.setContentsMargins(14, 6, 14, 6)
        self.hide()

    def show_filter(self, shown: TraceFilter) -> None:
        """Show the chips of this filter."""
        self._shown = shown
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        words = filter_words(shown)
        for part, text in words.items():
            self._add(text, f"Remove the filter: {text}").clicked.connect(partial(self._without, part))
        if len(words) > 1:
            self._add("Clear filters", "Clear all filters").clicked.connect(self.clear)
        self.setVisible(bool(words))

    def clear(self) -> None:
        """Take all filters away."""
        self.changed.emit(TraceFilter())

    def _add(self, text: str, name: str) -> QPushButton:
        chip = QPushButton(text.replace("&", "&&"), self)
        chip.setProperty("look", "chip")
        chip.setIcon(icon("close"))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setAccessibleName(name)
        chip.setToolTip(name.partition(":")[0])
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _without(self, part: str) -> None:
        self.changed.emit(self._shown.without(part))

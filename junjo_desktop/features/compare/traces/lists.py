"""The lists of a comparison of traces in tabs: the spans, and where the time went."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.rows import ComparedRow
from junjo_desktop.features.compare.rows_view import RowsView
from junjo_desktop.features.compare.side_lists import SideLists
from junjo_desktop.features.compare.traces.loading import LoadedTraces
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.list_bar import toggle

_SPANS, _TIMES = range(2)
_HEADINGS = ("Span", "Left", "Right", "Difference", "Left above right")
_USUAL_HEADINGS = ("Span", "Median", "This trace", "Difference", "Median above this trace")


class TraceLists(SideLists):
    """`moved` comes when another row is current."""

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(("Spans", "Time"), parent)
        self._loaded: LoadedTraces | None = None
        nouns = ("left trace", "right trace")
        self.spans = RowsView("Spans of both sides", parent=self, nouns=nouns)
        self.times = RowsView("Where the time went", parent=self, nouns=nouns)
        self.only = toggle("Only differences", "Show only spans that differ, and what is around them (O)", self)
        self.put_together((self.spans, self.times), "span", "trace", beside=self.only)
        self.only.toggled.connect(self.spans.show_only_differing)
        for view in (self.spans, self.times):
            view.opened.connect(self.opened)
            view.moved.connect(self._show_current)

    def show_traces(self, loaded: LoadedTraces, *, is_update: bool) -> None:
        """Show another comparison, or the same one after it grew: then folds and places stay."""
        self._loaded = loaded
        is_pair = loaded.pair is not None
        for view in (self.spans, self.times):
            view.rows.set_headings(_HEADINGS if is_pair else _USUAL_HEADINGS)
        self.spans.show_rows(loaded.spans, is_update=is_update)
        self.times.show_rows(loaded.times, is_update=is_update)
        differing = len(loaded.spans.differing)
        self.tabs.setTabText(_SPANS, f"Spans {count_text(loaded.count)}")
        self.tabs.setTabToolTip(_TIMES, "Own time by service, name and type; what differs most first")
        self.tabs.setTabVisible(_TIMES, is_pair)
        words = "differences" if is_pair else "findings"
        self.only.setText(f"Only {words} {count_text(differing)}")
        self.only.setEnabled(bool(differing) or self.only.isChecked())
        self.open_left.setVisible(is_pair)
        self.open_right.setText("Open in right trace" if is_pair else "Open in the trace")
        if not is_update:
            self.tabs.setCurrentIndex(_SPANS)
            self.only.setChecked(False)
            self.spans.go_to(loaded.first_difference if loaded.first_difference is not None else 0)
            self.times.go_to(loaded.times.rows[0].key if loaded.times.rows else None)
        self.choose_view()

    def choose_view(self, _tab: int = 0) -> None:
        """Show the list of the tab in front."""
        tab = self.tabs.currentIndex()
        self.stack.setCurrentWidget((self.spans, self.times)[tab])
        self.only.setVisible(tab == _SPANS)
        self._show_current()

    @property
    def current_row(self) -> ComparedRow | None:
        """The current row of the list in front."""
        view = self.stack.currentWidget()
        return view.current_row if isinstance(view, RowsView) else None

    def ways(self) -> tuple[str | None, str | None]:
        """Return where the current row leads in the left trace, and in the right."""
        row = self.current_row
        return (None, None) if row is None else (row.left.span_id, row.right.span_id)

    def _show_current(self) -> None:
        row = self.current_row
        self.show_current("" if row is None else " · ".join(part for part in (row.name, row.note) if part))
        self.moved.emit()

    # Hands

    def go_to_difference(self) -> None:
        """Go to the first difference, or what is unusual first."""
        if self._loaded is not None and self._loaded.first_difference is not None:
            self.tabs.setCurrentIndex(_SPANS)
            self.spans.go_to(self._loaded.first_difference)
            self.take_focus()

    def go_on(self, step: int) -> None:
        """Go to the next row that differs (`step` 1) or the one before (−1), around the end."""
        self.tabs.setCurrentIndex(_SPANS)
        keys = self.spans.rows.all.differing
        at = self.spans.current_key
        if step > 0:
            beyond = next((key for key in keys if at is None or key > at), None)
        else:
            beyond = next((key for key in reversed(keys) if at is None or key < at), None)
        if keys:
            self.spans.go_to((keys[0] if step > 0 else keys[-1]) if beyond is None else beyond)
            self.take_focus()

    def take_focus(self) -> None:
        """Go to the list in front."""
        view = self.stack.currentWidget()
        if view is not None:
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)

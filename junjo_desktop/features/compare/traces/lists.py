"""The lists of a comparison of traces in tabs: the spans, and where the time went."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.features.compare.rows import ComparedRow
from junjo_desktop.features.compare.rows_view import RowsView
from junjo_desktop.features.compare.traces.loading import LoadedTraces
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.list_bar import toggle

_BAR_PX = 38
_SPANS, _TIMES = range(2)
_HEADINGS = ("Span", "Left", "Right", "Difference", "Left above right")
_USUAL_HEADINGS = ("Span", "Median", "This trace", "Difference", "Median above this trace")


class TraceLists(QWidget):
    """`opened` carries a span id and whether it is of the left trace; `moved` comes when another row is current."""

    opened = Signal(str, bool)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loaded: LoadedTraces | None = None
        nouns = ("left trace", "right trace")
        self.tabs = QTabBar(self)
        self.spans = RowsView("Spans of both sides", parent=self, nouns=nouns)
        self.times = RowsView("Where the time went", parent=self, nouns=nouns)
        self.only = toggle("Only differences", "Show only spans that differ, and what is around them (O)", self)
        self.open_left = QPushButton(icon("chevron-left"), "Open in left trace", self)
        self.open_right = QPushButton(icon("chevron-right"), "Open in right trace", self)
        self._current = ElidedLabel(parent=self, look="dim")
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        bar = QFrame(self)
        bar.setProperty("look", "bar")
        bar.setFixedHeight(_BAR_PX)
        line = QHBoxLayout(bar)
        line.setContentsMargins(7, 0, 8, 0)
        self.tabs.setAccessibleName("Lists of the comparison")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for title in ("Spans", "Time"):
            self.tabs.addTab(title)
        for arrow in self.tabs.findChildren(QToolButton):
            arrow.setToolTip("More tabs")
        line.addWidget(self.tabs)
        line.addStretch(1)
        line.addWidget(self.only)
        for view in (self.spans, self.times):
            self._stack.addWidget(view)
        foot = QFrame(self)
        foot.setProperty("look", "peek")
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._current, 1)
        for button, tip in ((self.open_left, "L"), (self.open_right, "R")):
            button.setProperty("look", "quiet")
            button.setToolTip(f"Go to the current span in its trace ({tip})")
            row.addWidget(button)
        self.open_right.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(foot)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._choose_view)
        self.only.toggled.connect(self.spans.show_only_differing)
        for view in (self.spans, self.times):
            view.opened.connect(self.opened)
            view.moved.connect(self._show_current)
        self.open_left.clicked.connect(self.open_left_span)
        self.open_right.clicked.connect(self.open_right_span)

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
        self._choose_view()

    def _choose_view(self, _tab: int = 0) -> None:
        tab = self.tabs.currentIndex()
        self._stack.setCurrentWidget((self.spans, self.times)[tab])
        self.only.setVisible(tab == _SPANS)
        self._show_current()

    @property
    def current_row(self) -> ComparedRow | None:
        """The current row of the list in front."""
        view = self._stack.currentWidget()
        return view.current_row if isinstance(view, RowsView) else None

    def _show_current(self) -> None:
        row = self.current_row
        self._current.setText("" if row is None else " · ".join(part for part in (row.name, row.note) if part))
        self.open_left.setEnabled(row is not None and row.left.span_id is not None)
        self.open_right.setEnabled(row is not None and row.right.span_id is not None)
        self.moved.emit()

    # Hands

    def open_left_span(self) -> None:
        """Go to the current span in the left trace."""
        row = self.current_row
        if row is not None and row.left.span_id is not None:
            self.opened.emit(row.left.span_id, True)

    def open_right_span(self) -> None:
        """Go to the current span in the right trace."""
        row = self.current_row
        if row is not None and row.right.span_id is not None:
            self.opened.emit(row.right.span_id, False)

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

    def show_tab(self, place: int) -> None:
        """Bring a list to the front."""
        if self.tabs.isTabVisible(place):
            self.tabs.setCurrentIndex(place)
            self.take_focus()

    def take_focus(self) -> None:
        """Go to the list in front."""
        view = self._stack.currentWidget()
        if view is not None:
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)

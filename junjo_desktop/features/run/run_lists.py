"""The lists of a run in tabs: steps, state updates, failures, with one filter for the first two."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from junjo_desktop.features.run.failures_panel import FailuresPanel
from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.step_counter import StepCounter
from junjo_desktop.features.run.steps_filter import FoundSteps
from junjo_desktop.features.run.steps_panel import StepsPanel
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.search_field import SearchField

_STEPS, _UPDATES, _FAILURES = range(3)
_FILTER_PX, _LEAST_FILTER_PX = 190, 110
_GAPS_PX = 56  # the tab in front is bold, which its hint does not count
_FILTER_PLACE = 2
_BAR_PX = 38
_ANY_PX = 16_777_215
_SHORT_HINT, _HINT = "Filter", "Filter: store, action, /path"
_FILTER_TIP = (
    "Filter steps and state updates (/)\n\n"
    "Words: part of the name of a step, a store or an action\n"
    "store:answer  action:set_draft: only there\n"
    "/items/3: the updates that changed what is at this path of the state"
)


class RunLists(QWidget):
    """`filter_changed` carries the text once typing rests; `entered` comes on Enter in a list."""

    filter_changed = Signal(str)
    entered = Signal()

    def __init__(self, selection: RunSelection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loaded: LoadedRun | None = None
        self._found: FoundSteps | None = None
        self.steps = StepsPanel("Steps", "No step has arrived yet.", selection, self)
        self.updates = StepsPanel("State updates", "No state update was made.", selection, self)
        self.failures = FailuresPanel(selection, self)
        self._panels = (self.steps, self.updates, self.failures)
        self.tabs = QTabBar(self)
        self._stack = QStackedWidget(self)
        self.filter = SearchField(_SHORT_HINT, name="Filter steps", parent=self)
        self.counter = StepCounter(selection, self)
        self._beside = QHBoxLayout()
        self._below = QHBoxLayout()
        self._foot = QWidget(self)
        self._lay_out()
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.filter.changed.connect(self.filter_changed)
        self.filter.submitted.connect(self._enter_list)
        for panel in self._panels:
            panel.entered.connect(self.entered)

    def _lay_out(self) -> None:
        bar = QFrame(self)
        bar.setProperty("look", "bar")
        bar.setFixedHeight(_BAR_PX)
        self._beside.setContentsMargins(7, 0, 8, 0)
        self._beside.setSpacing(6)
        self._below.setContentsMargins(8, 4, 8, 4)
        bar.setLayout(self._beside)
        self._foot.setLayout(self._below)
        self._foot.hide()
        self.filter.setToolTip(_FILTER_TIP)
        self.tabs.setAccessibleName("Lists of the run")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        for panel in self._panels:
            self.tabs.addTab("")
            self._stack.addWidget(panel)
        self._beside.addWidget(self.tabs)
        self._beside.addStretch(1)
        for widget in (self.filter, self.counter):
            self._beside.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (bar, self._stack, self._foot):
            layout.addWidget(part)
        self._show_titles()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Only now its font is known, and how wide its titles are; it tells nobody.
        self.tabs.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_filter()

    def _place_filter(self) -> None:
        """Let the filter stand beside the tabs where there is room, else below the list."""
        taken = self.tabs.sizeHint().width() + self.counter.sizeHint().width() + _GAPS_PX
        spare = self.width() - taken
        is_beside = spare >= _LEAST_FILTER_PX
        if is_beside == self._foot.isVisibleTo(self):
            self._foot.setVisible(not is_beside)
            if is_beside:
                self._beside.insertWidget(_FILTER_PLACE, self.filter)
            else:
                self._below.addWidget(self.filter)
            self.filter.setVisible(True)
        self.filter.setPlaceholderText(_SHORT_HINT if is_beside else _HINT)
        if is_beside:
            self.filter.setFixedWidth(min(_FILTER_PX, spare))
        else:
            self.filter.setMinimumWidth(0)
            self.filter.setMaximumWidth(_ANY_PX)

    # The run

    def show_run(self, loaded: LoadedRun, *, is_update: bool) -> None:
        """Show another run, or the same one after it grew. Then somebody has to ask again what the filter finds."""
        self._loaded = loaded
        if not is_update:
            self._found = None
            for panel in (self.steps, self.updates):
                panel.forget_filter()
        self.steps.show_rows(loaded.steps.tree, is_update=is_update)
        self.updates.show_rows(loaded.steps.updates, is_update=is_update)
        self.failures.show_rows(loaded.failures, is_update=is_update)
        self._show_order()
        self._show_titles()

    def show_found(self, found: FoundSteps | None) -> None:
        """Show only what the filter found; None for everything."""
        if found is None and self._found is None:
            return
        self._found = found
        self.steps.show_found(found)
        self.updates.show_found(found)
        self._show_order()
        self._show_titles()

    def _show_order(self) -> None:
        if self._loaded is not None:
            rows, found = self._loaded.steps, self._found
            self.counter.set_order(rows.order, rows.updates_before, None if found is None else found.updates)

    def _show_titles(self) -> None:
        spans = updates = failures = 0
        if self._loaded is not None:
            spans, updates = self._loaded.steps.span_count, len(self._loaded.steps.order)
            failures = self._loaded.failures.failure_count
        found = self._found
        for place, title, count, kept in (
            (_STEPS, "Steps", spans, None),
            (_UPDATES, "State updates", updates, None if found is None else len(found.updates)),
            (_FAILURES, "Failures", failures, None),
        ):
            told = count_text(count) if kept is None else f"{count_text(kept)} of {count_text(count)}"
            self.tabs.setTabText(place, f"{title} {told}")
        self._place_filter()

    # Hands

    def show_failures(self) -> None:
        """Bring the failures to the front."""
        self.tabs.setCurrentIndex(_FAILURES)

    def show_steps(self) -> None:
        """Bring the steps to the front."""
        self.tabs.setCurrentIndex(_STEPS)

    def show_updates(self) -> None:
        """Bring the state updates to the front."""
        self.tabs.setCurrentIndex(_UPDATES)

    def fold_all(self) -> None:
        """Fold all steps."""
        self.steps.view.fold_all()

    def unfold_all(self) -> None:
        """Unfold all steps."""
        self.steps.view.unfold_all()

    def take_focus(self) -> None:
        """Go to the list in front."""
        panel = self._panels[self.tabs.currentIndex()]
        panel.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter_list(self, _text: str) -> None:
        self.take_focus()

    def save_state(self, state: QSettings) -> None:
        """Write the tab, the filter, and how the failures share their room."""
        state.setValue("tab", self.tabs.currentIndex())
        state.setValue("filter", self.filter.text())
        self.failures.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        tab = str(state.value("tab", ""))
        if tab.isdecimal() and int(tab[:2]) < self.tabs.count():
            self.tabs.setCurrentIndex(int(tab[:2]))
        self.filter.show_text(str(state.value("filter", ""))[:1000])
        self.failures.restore_state(state)

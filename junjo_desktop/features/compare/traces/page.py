"""The page that compares traces: loads them, keeps them up to date while they grow, and holds its parts together."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.compare.header import CompareHeader
from junjo_desktop.features.compare.summary_line import SummaryLine
from junjo_desktop.features.compare.traces.chooser import TraceChooser
from junjo_desktop.features.compare.traces.commands import trace_commands
from junjo_desktop.features.compare.traces.facts import TraceGrid
from junjo_desktop.features.compare.traces.lists import TraceLists
from junjo_desktop.features.compare.traces.loading import LoadChange, LoadedTraces, LoadTraces
from junjo_desktop.features.compare.traces.span_panel import SpanPanel
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareTraces, OpenPage, OpenTrace
from junjo_desktop.shell.follower import Follower, Growth
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.trace_comparison_words import structure_words
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.empty_state import EmptyState

_SHARES = (14, 11)
_LEAST_LISTS_PX, _LEAST_PANEL_PX = 400, 260


class CompareTracesPage(Page):
    """Every read is newest-wins; an answer for traces that are no longer shown is dropped."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._wanted: CompareTraces | None = None
        self._changes_left: bool | None = None
        self._is_divided = False
        self.header = CompareHeader(self, nouns="traces", list_name="Traces")
        self.summary = SummaryLine(self)
        self.grid = TraceGrid(self)
        self.lists = TraceLists(self)
        self.panel = SpanPanel(workbench, self)
        self.chooser = TraceChooser(workbench, self)
        self.absent = EmptyState("No traces are compared.", parent=self)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        self._body = QWidget(self)
        self._stack = QStackedWidget(self)
        self.follower = Follower(self, workbench, self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._across.addWidget(self.lists)
        self._across.addWidget(self.panel)
        self._across.setChildrenCollapsible(False)
        for place, share in enumerate(_SHARES):
            self._across.setStretchFactor(place, share)
        self.lists.setMinimumWidth(_LEAST_LISTS_PX)
        self.panel.setMinimumWidth(_LEAST_PANEL_PX)
        shown, whole = QVBoxLayout(self._body), QVBoxLayout(self)
        for layout in (shown, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for widget in (self.summary, self.grid):
            shown.addWidget(widget)
        shown.addWidget(self._across, 1)
        for view in (self.absent, self._body, self.chooser):
            self._stack.addWidget(view)
        whole.addWidget(self.header)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.header.swap.clicked.connect(self.swap)
        self.header.list.clicked.connect(self.open_list)
        self.summary.difference_asked.connect(self.lists.go_to_difference)
        self.grid.open_asked.connect(self.open_trace)
        self.grid.change_asked.connect(self.change_trace)
        self.lists.opened.connect(self._open_span)
        self.lists.moved.connect(self._show_span)
        self.chooser.chosen.connect(self._chosen)
        self.chooser.cancelled.connect(self._cancel_choice)

    @property
    def shown(self) -> LoadedTraces | None:
        """What is compared."""
        return self.follower.shown

    @property
    def is_reading(self) -> bool:
        """Whether something is on its way to the page."""
        return self.follower.is_reading or self.panel.is_busy or self.chooser.is_busy

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, CompareTraces):
            return
        self._wanted = destination
        self._forget()
        if destination.is_choosing:
            self.follower.forget()
            self._ask(destination.left_trace_id, is_left=False)
            return
        self.absent.set_content("Comparing …")
        self._stack.setCurrentWidget(self.absent)
        self.follower.open(LoadTraces(destination.left_trace_id, destination.right_trace_id))

    def _forget(self) -> None:
        self._changes_left = None
        self.header.show_names("Traces", "", "")
        self.panel.forget()

    def rail_name(self) -> str:
        return "traces"

    def activated(self) -> None:
        if self._stack.currentWidget() is self._body:
            self.lists.take_focus()

    def commands(self) -> tuple[Command, ...]:
        return trace_commands(self)

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "Fold and unfold a span"),
            ("Enter", "Open the span in its trace, in the right one where both have it"),
        )

    def save_state(self, state: QSettings) -> None:
        state.setValue("across", self._across.saveState())
        self.panel.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        kept = state.value("across")
        self._is_divided = isinstance(kept, QByteArray) and self._across.restoreState(kept)
        self.panel.restore_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follower.catch_up()

    # Answers

    def opened(self, loaded: LoadedTraces) -> None:
        """Show a comparison that was not shown before."""
        self._show(loaded, is_update=False)
        if self.isVisible():
            self.lists.take_focus()

    def grown(self, loaded: LoadedTraces, _before: LoadedTraces) -> None:
        """Show the same comparison with more in it."""
        self._show(loaded, is_update=True)

    def _show(self, loaded: LoadedTraces, *, is_update: bool) -> None:
        self._show_head(loaded)
        # What is usual is no span that could be looked into.
        self.panel.setVisible(loaded.pair is not None)
        self.lists.show_traces(loaded, is_update=is_update)
        if self._changes_left is None:
            self._stack.setCurrentWidget(self._body)
        if not self._is_divided and self.width() and loaded.pair is not None:
            self._is_divided = True
            left = self.width() * _SHARES[0] // sum(_SHARES)
            self._across.setSizes([left, self.width() - left])
        self.title_changed.emit(f"Compare {loaded.name}")
        self.commands_changed.emit()

    def _show_head(self, loaded: LoadedTraces) -> None:
        way = (
            "" if loaded.first_difference is None else "Show first difference" if loaded.pair else "Show first finding"
        )
        # How they ended and where they part stands out, the figures follow.
        place = 1 if loaded.pair is None else loaded.sentences.index(structure_words(loaded.pair)) + 1
        self.summary.show_sentences(loaded.sentences[:place], loaded.sentences[place:], (), way)
        if loaded.pair is not None:
            self.grid.show_traces(loaded.pair)
            self.header.show_names("Traces", loaded.pair.left.name, loaded.pair.right.name)
        elif loaded.usual is not None:
            self.grid.show_usual(loaded.usual)
            self.header.show_title("Traces", f"{loaded.name} and the usual", can_swap=False)

    def not_found(self, error: NotFoundError, *, was_shown: bool) -> None:
        """Say that a trace is waited for, or was deleted."""
        self._forget()
        words = "One of these traces was deleted: nothing of it is stored any more." if was_shown else str(error)
        self.absent.set_content(words, icon_name="clock")
        self._stack.setCurrentWidget(self.absent)

    def growth_of(self, loaded: LoadedTraces, *, is_forced: bool) -> Growth[LoadedTraces]:
        """Return the read that finds what came since; nothing here changes by the clock, so `is_forced` never is."""
        del is_forced
        return LoadChange(loaded)

    def _show_span(self) -> None:
        places = self._places()
        if places is not None and self.is_pair():
            self.panel.show_row(self.lists.current_row, *places)

    # Ways

    def is_shown(self) -> bool:
        """Whether something is compared."""
        return self.shown is not None

    def is_pair(self) -> bool:
        """Whether two traces are compared."""
        return self.shown is not None and self.shown.pair is not None

    def open_list(self) -> None:
        """Go to the list of traces."""
        self._workbench.open(OpenPage("traces"))

    def swap(self) -> None:
        """Put the left trace at the right."""
        places = self._places()
        if places is not None and self.is_pair():
            self._workbench.open(CompareTraces(places[1], places[0]))

    def compare_with_usual(self) -> None:
        """Compare the right trace with the others of its name."""
        places = self._places()
        if places is not None:
            self._workbench.open(CompareTraces(places[1]))

    def open_trace(self, is_left: bool) -> None:
        """Go to one of the traces."""
        places = self._places()
        if places is not None:
            self._workbench.open(OpenTrace(places[0 if is_left else 1]))

    def _open_span(self, span_id: str, is_left: bool) -> None:
        places = self._places()
        if places is not None:
            self._workbench.open(OpenTrace(places[0 if is_left else 1], span_id))

    def _places(self) -> tuple[str, str] | None:
        """Return the ids at the left and at the right; twice that of a trace which stands beside the usual."""
        if self.shown is None:
            return None
        left, right = self.shown.left, self.shown.right
        return left.trace_id, (left if right is None else right).trace_id

    def change_trace(self, is_left: bool) -> None:
        """Choose another trace for one side."""
        places = self._places()
        if places is not None:
            # What stays is what the other is chosen for.
            self._ask(places[1 if is_left else 0], is_left=is_left)

    def _ask(self, trace_id: str, *, is_left: bool) -> None:
        self._changes_left = is_left
        self._stack.setCurrentWidget(self.chooser)
        self.chooser.ask(trace_id)

    def _chosen(self, other: str | None, is_earlier: bool) -> None:
        places, is_left = self._places(), self._changes_left
        if self._wanted is None:
            return
        if places is None:
            # Nothing was compared yet: the earlier trace stands at the left.
            is_left = is_earlier
        self._changes_left = None
        kept = self._wanted.left_trace_id if places is None else places[1 if is_left else 0]
        if other is None:
            self._workbench.open(CompareTraces(kept))
        else:
            self._workbench.open(CompareTraces(other, kept) if is_left else CompareTraces(kept, other))

    def _cancel_choice(self) -> None:
        self._changes_left = None
        if self.shown is not None:
            self._stack.setCurrentWidget(self._body)
            self.lists.take_focus()
        elif self._wanted is not None:
            self._workbench.open(OpenTrace(self._wanted.left_trace_id))

"""The page that compares traces: loads them, keeps them up to date while they grow, and holds its parts together."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.header import CompareHeader
from junjo_desktop.features.compare.sides_page import SidesPage
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
from junjo_desktop.shell.trace_comparison_words import structure_words
from junjo_desktop.shell.workbench import Workbench


class CompareTracesPage(SidesPage[LoadedTraces, str]):
    """The spans of both traces, or of one and what is usual; beside them what differs in one of them."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, "trace", parent)
        self._wanted: CompareTraces | None = None
        self.header = CompareHeader(self, nouns="traces", list_name="Traces")
        self.summary = SummaryLine(self)
        self.grid = TraceGrid(self)
        self.lists = TraceLists(self)
        self.panel = SpanPanel(workbench, self)
        self.chooser = TraceChooser(workbench, self)
        self.follower = Follower(self, workbench, self)
        self.put_together(self.grid, self.lists, self.panel, self.chooser)
        self.grid.open_asked.connect(self.open_trace)
        self.grid.change_asked.connect(self.change_side)
        self.lists.opened.connect(self._open_span)
        self.lists.moved.connect(self._show_span)
        self.chooser.chosen.connect(self._chosen)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, CompareTraces):
            return
        self._wanted = destination
        if destination.is_choosing:
            self.begin_choice(destination.left_trace_id)
        else:
            self.begin(LoadTraces(destination.left_trace_id, destination.right_trace_id))

    def forget(self) -> None:
        """Show nothing of what was compared."""
        self.header.show_names("Traces", "", "")
        self.panel.forget()

    def rail_name(self) -> str:
        return "traces"

    def commands(self) -> tuple[Command, ...]:
        return trace_commands(self)

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "Fold and unfold a span"),
            ("Enter", "Open the span in its trace, in the right one where both have it"),
        )

    # Answers

    def show_loaded(self, loaded: LoadedTraces, *, is_update: bool) -> None:
        """Show another comparison, or the same one after it grew."""
        self._show_head(loaded)
        # What is usual is no span that could be looked into.
        self.panel.setVisible(loaded.pair is not None)
        self.lists.show_traces(loaded, is_update=is_update)
        self.show_body(loaded.name, is_divided=loaded.pair is not None)

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

    def growth_of(self, loaded: LoadedTraces, *, is_forced: bool) -> Growth[LoadedTraces]:
        """Return the read that finds what came since; nothing here changes by the clock, so `is_forced` never is."""
        del is_forced
        return LoadChange(loaded)

    def _show_span(self) -> None:
        places = self.places()
        if places is not None and self.is_pair():
            self.panel.show_row(self.lists.current_row, *places)

    # Ways

    def is_pair(self) -> bool:
        """Whether two traces are compared."""
        return self.shown is not None and self.shown.pair is not None

    def open_list(self) -> None:
        """Go to the list of traces."""
        self.workbench.open(OpenPage("traces"))

    def swap(self) -> None:
        """Put the left trace at the right."""
        places = self.places()
        if places is not None and self.is_pair():
            self.workbench.open(CompareTraces(places[1], places[0]))

    def compare_with_usual(self) -> None:
        """Compare the right trace with the others of its name."""
        places = self.places()
        if places is not None:
            self.workbench.open(CompareTraces(places[1]))

    def open_trace(self, is_left: bool) -> None:
        """Go to one of the traces."""
        places = self.places()
        if places is not None:
            self.workbench.open(OpenTrace(places[0 if is_left else 1]))

    def _open_span(self, span_id: str, is_left: bool) -> None:
        places = self.places()
        if places is not None:
            self.workbench.open(OpenTrace(places[0 if is_left else 1], span_id))

    def places(self) -> tuple[str, str] | None:
        """Return the ids at the left and at the right; twice that of a trace which stands beside the usual."""
        if self.shown is None:
            return None
        left, right = self.shown.left, self.shown.right
        return left.trace_id, (left if right is None else right).trace_id

    def ask(self, side: str) -> None:
        """Offer what a trace may be compared with."""
        self.chooser.ask(side)

    def _chosen(self, other: str | None, is_earlier: bool) -> None:
        if self._wanted is None:
            return
        kept, is_left = self.chosen_side(self._wanted.left_trace_id, is_earlier)
        if other is None:
            self.workbench.open(CompareTraces(kept))
        else:
            self.workbench.open(CompareTraces(other, kept) if is_left else CompareTraces(kept, other))

    def leave_choice(self) -> None:
        """Go back to the trace that something was to be compared with."""
        if self._wanted is not None:
            self.workbench.open(OpenTrace(self._wanted.left_trace_id))

"""The page of a run: loads it, waits for it, keeps it up to date while it grows, and holds its parts together."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.run.actions import RunActions
from junjo_desktop.features.run.arrow_keys import keeps_arrows
from junjo_desktop.features.run.failures_rows import cause_words
from junjo_desktop.features.run.first_choice import first_choice, moved_step
from junjo_desktop.features.run.head_words import head_facts, head_tags, head_tip
from junjo_desktop.features.run.header import RunHeader
from junjo_desktop.features.run.loading import LoadedRun, LoadGrowth, LoadRun
from junjo_desktop.features.run.missing import Missing
from junjo_desktop.features.run.missing_line import MissingLine
from junjo_desktop.features.run.queries import Namesakes, namesakes, span_detail
from junjo_desktop.features.run.run_commands import run_commands
from junjo_desktop.features.run.run_view import RunView
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.steps_filter import FindSteps, FoundSteps
from junjo_desktop.shell.call_figures import CallFigures
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.follower import Follower, Growth
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_costs import one_run_sums
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.inspector.detail import SpanDetail

_DELETED = "This run was deleted: nothing of it is stored any more."


class RunPage(Page):
    """Every read is newest-wins; an answer for a run that is no longer shown is dropped."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._wanted: OpenRun | None = None
        self._namesakes = Namesakes()
        self.calls = CallFigures(workbench, one_run_sums, self)
        """What the model calls of the run add up to."""
        self.calls.changed.connect(self._show_head)
        self.follower = Follower(self, workbench, self)
        self.selection = RunSelection(self)
        self.header = RunHeader(self)
        self.missing = MissingLine(self)
        self._stack = QStackedWidget(self)
        self.absent = EmptyState("No run is open.", parent=self._stack)
        self.view = RunView(self.selection, workbench, self._stack)
        self.run_actions = RunActions(workbench, self.header, self.selection)
        self._placer = workbench.reader(self, self._placed)
        self._inspected = workbench.reader(self, self._show_detail)
        self._finder = workbench.worker(self, self._found)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.missing)
        self._stack.addWidget(self.absent)
        self._stack.addWidget(self.view)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.view.span_wanted.connect(self._inspect)
        self.view.span.way_chosen.connect(self._workbench.open)
        self.view.span.left.connect(self.view.lists.take_focus)
        self.view.span.link_opened.connect(self.run_actions.open_link)
        self.view.span.term_asked.connect(self.run_actions.find_traces)
        self.view.lists.filter_changed.connect(self._find)
        for view in (self.view.lists.steps.view, self.view.lists.updates.view, self.view.lists.failures.view):
            view.menu_asked.connect(self.run_actions.fill_menu)
        for part in (self.view.lists, self.view.agent):
            part.entered.connect(self.view.focus_right)

    @property
    def shown(self) -> LoadedRun | None:
        """The run that is shown."""
        return self.follower.shown

    @property
    def is_reading(self) -> bool:
        """Whether something is on its way to the page: the run, its place, a span, what the filter finds."""
        readers = (self._placer, self._inspected, self._finder)
        return (
            self.follower.is_reading
            or self.view.state.is_busy
            or self.view.agent.is_reading
            or any(reader.busy for reader in readers)
        )

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, OpenRun):
            return
        self._wanted = destination
        if self.shown is not None and self.run_actions.is_same_run(destination):
            if destination.step is not None:
                self.selection.select_step(*destination.step)
            return
        self._forget()
        self.absent.set_content("Opening the run …")
        self.follower.open(LoadRun(destination))

    def _forget(self) -> None:
        self._namesakes = Namesakes()
        for reader in (self._placer, self._inspected):
            reader.cancel()
        self._finder.cancel()

    def rail_name(self) -> str:
        return "" if self.shown is None else self.run_actions.list_kind

    def activated(self) -> None:
        self._workbench.stars.reload()
        if self.shown is not None:
            self.view.lists.take_focus()

    def commands(self) -> tuple[Command, ...]:
        own = run_commands(self.view, self.run_actions, self._copy)
        return (*own, *self.view.graph.commands(), *self.view.state.commands())

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "In a tree: fold and unfold the row"),
            ("Enter", "From a list to what it shows at the right, and Esc back"),
            *self.view.graph.view_keys(),
        )

    def save_state(self, state: QSettings) -> None:
        self.view.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        self.view.restore_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follower.catch_up()

    def event(self, event: QEvent) -> bool:
        # Arrows go through the state updates from anywhere, but for parts that need them themselves.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and keeps_arrows(QApplication.focusWidget(), event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _copy(self) -> None:
        """Copy what is looked at: the value under the cursor at the right, else the id of the span."""
        right = self.view.span if self.view.shows_span else self.view.state
        if not right.copy_current():
            self.run_actions.copy_span_id()

    # Answers

    def opened(self, loaded: LoadedRun) -> None:
        """Show a run that was not shown before."""
        span_id, step = first_choice(loaded, self._wanted)
        self._show(loaded, span_id, step, is_update=False)
        self._placer.submit(partial(namesakes, place=loaded.place))
        if self.isVisible():
            self.view.lists.take_focus()

    def grown(self, loaded: LoadedRun, before: LoadedRun) -> None:
        """Show the same run with more of it."""
        step = moved_step(before.steps, loaded.steps, self.selection.step)
        span_id = None if self.selection.step is not None and step is None else self.selection.span_id
        self._show(loaded, span_id, step, is_update=True)

    def _show(self, loaded: LoadedRun, span_id: str | None, step: tuple[str, int] | None, *, is_update: bool) -> None:
        self.selection.renew(loaded.steps.carriers, span_id, step)
        self.run_actions.show_run(loaded)
        self.calls.show(loaded.place.trace_id, loaded.place.owner_span_id)
        self._show_head()
        self.missing.show_missing(loaded.missing)
        self.view.show_run(loaded, is_update=is_update)
        self._stack.setCurrentWidget(self.view)
        self.selection.announce()
        self._find(self.view.lists.filter.text())
        self.title_changed.emit(loaded.name)

    def _show_head(self) -> None:
        if self.shown is not None:
            calls = self.calls.figures
            tags, facts = head_tags(self.shown.run), head_facts(self.shown, self._namesakes.place, calls)
            self.header.show_run(self.shown.name, tags, facts, head_tip(self.shown, calls))

    def _placed(self, found: Namesakes) -> None:
        self._namesakes = found
        self.run_actions.show_namesakes(found)
        self._show_head()

    def not_found(self, error: NotFoundError, *, was_shown: bool) -> None:
        """Say that it is waited for, or was deleted."""
        self._forget()
        self.run_actions.show_run(None)
        self.header.show_run("Deleted" if was_shown else "Waiting", (), "", "")
        self.missing.show_missing(Missing())
        self.absent.set_content(_DELETED if was_shown else f"{error.message} {error.hint}", icon_name="clock")
        self._stack.setCurrentWidget(self.absent)

    def growth_of(self, loaded: LoadedRun, *, is_forced: bool) -> Growth[LoadedRun]:
        """Return the read that finds what came since."""
        return LoadGrowth(loaded, is_forced=is_forced)

    # Parts

    def _inspect(self, span_id: str) -> None:
        span = None if self.shown is None else self.shown.spans.get(span_id)
        self.view.span.show_ways(self.run_actions.ways_from(span_id))
        self.view.span.show_remark("" if self.shown is None else cause_words(self.shown.run, span_id))
        if span is None:
            self._inspected.cancel()
            self.view.span.show_nothing("This step's span has not arrived.")
        else:
            self._inspected.submit(partial(span_detail, span=span))

    def _show_detail(self, detail: SpanDetail) -> None:
        if self.shown is not None:
            self.view.span.show_detail(detail, self.shown.run.start_ns)

    def _find(self, text: str) -> None:
        if self.shown is None or not text.strip():
            self._finder.cancel()
            self.view.lists.show_found(None)
        else:
            self._finder.submit(FindSteps(self.shown.run, self.shown.histories, self.shown.steps, text))

    def _found(self, found: FoundSteps) -> None:
        self.view.lists.show_found(found)

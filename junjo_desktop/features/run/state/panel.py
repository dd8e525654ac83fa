"""The state of a store around one update: before, after, its patch, what it changed, and both side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.state.pinned_paths import PinnedPaths
from junjo_desktop.features.run.state.presentation import Presentation, present
from junjo_desktop.features.run.state.step_header import CertaintyLine, StepPlace
from junjo_desktop.features.run.state.value_view import ValueView
from junjo_desktop.features.run.state.words import (
    comparison_fallback,
    empty_changes,
    no_store,
    state_fallback,
)
from junjo_desktop.shell.commands import Command
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.telemetry.junjo.state import StoreHistory
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.plain_editor import PlainEditor
from junjo_desktop.widgets.segmented import Segmented
from junjo_desktop.widgets.state_changes.change_tree import ChangeTree
from junjo_desktop.widgets.state_changes.lines_view import LinesView
from junjo_desktop.widgets.tab_bar import TabBar

_GROUP = "State"
_TABS = ("before", "after", "patch", "changes", "diff")
_BAR_PX = 38
_WIDE_PX = 600
_PANE_SHARE = (3, 1)


class StatePanel(QWidget):
    """Follows the selection. Without a selected update: the state at the start and the end of the run's own store."""

    def __init__(self, selection: RunSelection, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._histories: Mapping[str, StoreHistory] = {}
        self._run: Run | None = None
        self._store_id = ""
        self._shown: Presentation | None = None
        self._stale: set[str] = set(_TABS)
        self._presenter = work.worker(self, self._show)
        self.tabs = TabBar("Views of the state", ("Before", "After", "Patch", "Changes", "Side by side"), self)
        self.place = StepPlace(self)
        self.certainty = CertaintyLine(self)
        self.form = Segmented((("tree", "Tree"), ("text", "Text")), name="Show the state as", parent=self)
        self.before = ValueView("State before", work, self)
        self.after = ValueView("State after", work, self)
        self.patch = LinesView("Patch", ("Patch",), self)
        self.changes = ChangeTree(self)
        self.diff = LinesView("Before and after side by side", ("Before", "After"), self)
        self.nothing = EmptyState("Nothing to show.", parent=self)
        self.paths = PinnedPaths(work, self)
        self._stack = QStackedWidget(self)
        self._parts = QSplitter(Qt.Orientation.Vertical, self)
        self._body = QStackedWidget(self)
        self.absent = EmptyState("Nothing to show.", parent=self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.tabs.setCurrentIndex(_TABS.index("changes"))
        bar = QFrame(self)
        bar.setProperty("look", "bar")
        bar.setFixedHeight(_BAR_PX)
        line = QHBoxLayout(bar)
        line.setContentsMargins(7, 0, 10, 0)
        line.addWidget(self.tabs)
        line.addWidget(self.place, 1)
        self._bar_line = line
        self._second = QFrame(self)
        self._second.setProperty("look", "bar")
        self._second.hide()
        QHBoxLayout(self._second).setContentsMargins(14, 3, 10, 3)
        self.certainty.line.addWidget(self.form, 0, Qt.AlignmentFlag.AlignTop)
        for view in (self.before, self.after, self.patch, self.changes, self.diff, self.nothing):
            self._stack.addWidget(view)
        self._parts.addWidget(self._stack)
        self._parts.addWidget(self.paths)
        self._parts.setChildrenCollapsible(False)
        for place, share in enumerate(_PANE_SHARE):
            self._parts.setStretchFactor(place, share)
        shown = QWidget(self)
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (bar, self._second, self.certainty):
            column.addWidget(widget)
        column.addWidget(self._parts, 1)
        self._body.addWidget(self.absent)
        self._body.addWidget(shown)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

    def _connect(self) -> None:
        self._selection.changed.connect(self._follow)
        self.tabs.currentChanged.connect(self._choose_view)
        self.place.moved.connect(self._move)
        self.place.store_chosen.connect(self._choose_store)
        self.form.chosen.connect(self._choose_form)
        for tree in (self.before.tree, self.after.tree, self.changes):
            tree.path_pinned.connect(self.paths.pin)
            tree.history_wanted.connect(self.paths.show_history)
        self.paths.step_chosen.connect(self._go_to)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < _WIDE_PX
        lines = (self._second.layout(), self._bar_line)
        target = lines[0] if is_narrow else lines[1]
        if target is not None and target.indexOf(self.place) < 0:
            target.addWidget(self.place)
            self._second.setVisible(is_narrow)

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done with the state from anywhere on the page."""
        back, forth, shown = self.previous_step, self.next_step, self._is_shown
        return (
            Command("state.previous", "Previous update of this store", back, ",", _GROUP, "", shown, repeats=True),
            Command("state.next", "Next update of this store", forth, ".", _GROUP, "", shown, repeats=True),
        )

    def copy_current(self) -> bool:
        """Copy the current value or the selected lines if the focus is in them; return whether it was."""
        focused = QApplication.focusWidget()
        copies: tuple[tuple[QWidget, Callable[[], None]], ...] = (
            (self.changes, self.changes.copy_value),
            (self.before.tree.view, self.before.tree.copy_value),
            (self.after.tree.view, self.after.tree.copy_value),
            (self.patch.table, self.patch.copy_lines),
            (self.diff.table, self.diff.copy_lines),
        )
        copy = next((copy for view, copy in copies if view is focused), None)
        if copy is not None:
            copy()
        elif isinstance(focused, PlainEditor) and self.isAncestorOf(focused):
            focused.copy_selection()
        else:
            return False
        return True

    def _is_shown(self) -> bool:
        return self._shown is not None

    @property
    def shown(self) -> Presentation | None:
        """What is on screen; None before the first answer and when there is no store."""
        return self._shown

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._presenter.busy

    @property
    def tab(self) -> str:
        """Which view is shown: before, after, patch, changes or diff."""
        return _TABS[self.tabs.currentIndex()]

    def set_tab(self, name: str) -> None:
        """Show another view."""
        self.tabs.setCurrentIndex(_TABS.index(name))

    def show_run(self, run: Run, histories: Mapping[str, StoreHistory]) -> None:
        """Show another run, or the same one after it grew: then view, pins and folds stay."""
        self._run, self._histories = run, histories
        if self._store_id not in histories:
            self._store_id = ""
        self._refresh()

    def previous_step(self) -> None:
        """Select the update of this store before the selected one."""
        self._move(False)

    def next_step(self) -> None:
        """Select the next update of this store."""
        self._move(True)

    def focus_view(self) -> None:
        """Take the keyboard to what is shown."""
        view = self._stack.currentWidget()
        target = view.focus_view() if isinstance(view, ValueView) else view
        (self.tabs if view in (None, self.nothing) else target or self.tabs).setFocus(
            Qt.FocusReason.ShortcutFocusReason
        )

    def save_state(self, state: QSettings) -> None:
        """Write view, form, splitter and pins."""
        state.setValue("tab", self.tab)
        state.setValue("form", self.form.value)
        state.setValue("parts", self._parts.saveState())
        self.paths.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        tab, form = str(state.value("tab", "")), str(state.value("form", ""))
        if tab in _TABS:
            self.set_tab(tab)
        if form in ("tree", "text"):
            self.form.set_value(form)
            self._choose_form(form)
        parts = state.value("parts")
        if parts is not None:
            self._parts.restoreState(parts)
        self.paths.restore_state(state)

    def _target(self) -> tuple[StoreHistory, int | None] | None:
        """What is to be shown: the selected update, else both ends of a store."""
        step = self._selection.step
        if step is not None and step[0] in self._histories:
            return self._histories[step[0]], step[1]
        stores = self._histories
        own = next((key for key, one in stores.items() if self._is_own(one)), next(iter(stores), ""))
        chosen = self._store_id or own
        return (stores[chosen], None) if chosen in stores else None

    def _is_own(self, history: StoreHistory) -> bool:
        return self._run is not None and history.record.owner_span_id == self._run.span_id

    def _follow(self, _selection: object) -> None:
        self._refresh()

    def _refresh(self) -> None:
        target = self._target()
        workflow = "" if self._run is None else self._run.name
        self.paths.follow(workflow, *(target or (None, None)))
        if target is None:
            self._presenter.cancel()
            self._shown = None
            self.absent.set_content(no_store(self._run))
            self._body.setCurrentIndex(0)
            return
        self._presenter.submit(partial(present, *target, self._shown))

    def _show(self, shown: Presentation) -> None:
        self._shown = shown
        self._store_id = shown.store_id
        self._body.setCurrentIndex(1)
        names = {key: history.record.name for key, history in self._histories.items()}
        self.place.set_stores(names, shown.store_id)
        steps = len(self._histories[shown.store_id].transitions) if shown.store_id in self._histories else 0
        at = -1 if shown.position is None else shown.position
        self.place.show_place(shown, can_go_back=at > 0, can_go_forth=at + 1 < steps)
        is_step = shown.position is not None
        for tab, title in enumerate(("Before", "After") if is_step else ("Start", "End")):
            self.tabs.setTabText(tab, title)
        count = "" if shown.changes is None else f" {shown.changes.count:,}"
        self.tabs.setTabText(_TABS.index("changes"), f"Changes{count}")
        if not shown.is_on_screen:
            self._stale = set(_TABS)
        self._choose_view()

    def _choose_view(self) -> None:
        shown = self._shown
        if shown is None:
            return
        tab = self.tab
        self._fill(tab, shown)
        self.form.setVisible(tab in ("before", "after"))
        view: QWidget = {
            "before": self.before,
            "after": self.after,
            "patch": self.patch,
            "changes": self.changes,
            "diff": self.diff,
        }[tab]
        sentence = shown.patch_note if tab == "patch" else empty_changes(shown) if tab in ("changes", "diff") else ""
        if sentence and not (tab == "patch" and shown.patch.lines):
            self.nothing.set_content(sentence)
            view = self.nothing
        self._stack.setCurrentWidget(view)
        state = {"before": shown.before, "after": shown.after}.get(tab, shown.comparison)
        fallback = state_fallback(shown) if tab in ("before", "after") else comparison_fallback(shown)
        self.certainty.show_state(shown.action, state, fallback)

    def _fill(self, tab: str, shown: Presentation) -> None:
        """Show another step in a view: only in the one that is looked at."""
        if tab not in self._stale:
            return
        self._stale.discard(tab)
        match tab:
            case "before":
                self.before.show_state(shown.before)
            case "after":
                self.after.show_state(shown.after)
            case "patch":
                self.patch.show_lines(shown.patch.lines, shown.patch.longest)
            case "changes":
                self.changes.show_changes(shown.changes)
            case _:
                self.diff.show_lines(shown.rows.lines, shown.rows.longest)

    def _choose_form(self, form: str) -> None:
        for view in (self.before, self.after):
            view.set_text(form == "text")

    def _choose_store(self, store_id: str) -> None:
        self._store_id = store_id
        if self._selection.step is None:
            self._refresh()
        else:
            self._selection.clear()

    def _move(self, forward: bool) -> None:
        target = self._target()
        if target is None:
            return
        history, position = target
        at = -1 if position is None else position
        wanted = at + 1 if forward else at - 1
        if 0 <= wanted < len(history.transitions):
            self._selection.select_step(history.record.store_id, wanted)

    def _go_to(self, position: int) -> None:
        target = self._target()
        if target is not None:
            self._selection.select_step(target[0].record.store_id, position)

"""The Trace page: loads one trace, keeps it up to date while it grows, and answers for its spans."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.trace.actions import TraceActions
from junjo_desktop.features.trace.analyst import Analyst
from junjo_desktop.features.trace.bar_marks import BarMark, MarkGroup
from junjo_desktop.features.trace.head_words import head_facts, head_tags
from junjo_desktop.features.trace.header import TraceHeader
from junjo_desktop.features.trace.lens_commands import lens_commands
from junjo_desktop.features.trace.loading import FindSpans, FoundSpans, LoadedTrace, LoadGrowth, LoadTrace
from junjo_desktop.features.trace.mark_reader import MarkReader
from junjo_desktop.features.trace.notes import TraceNotes
from junjo_desktop.features.trace.opening import Opening
from junjo_desktop.features.trace.queries import TraceHead, span_detail
from junjo_desktop.features.trace.row_menus import RowMenus
from junjo_desktop.features.trace.run_way import RunWay
from junjo_desktop.features.trace.span_menu import SpanMenu
from junjo_desktop.features.trace.span_ways import SpanWays
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.shell.call_figures import CallFigures
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage, OpenTrace, OpenTraces
from junjo_desktop.shell.follower import Follower, Growth
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.call_costs import trace_sums
from junjo_desktop.telemetry.query.hits import texts_of
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import FactsLine
from junjo_desktop.widgets.inspector.detail import SpanDetail, SpanLink

_GROUP = "Trace"
_DELETED = "This trace was deleted: nothing of it is stored any more. Spans of it that still arrive are shown here."


class TracePage(Page):
    """Every read is newest-wins; an answer for a trace that is no longer shown is dropped."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._trace_id = ""
        self._offers_cancel = False
        self._wanted_span: str | None = None
        self._carried = ""
        self.follower = Follower(self, workbench, self)
        self.header = TraceHeader(self)
        self.facts = FactsLine(parent=self)
        self.view = TraceView(workbench, self)
        self.absent = EmptyState("No trace is open.", "Show traces", self._go_back, "traces", self)
        self.run_way = RunWay(workbench, self.header, self.view)
        self._analyst = Analyst(workbench, self)
        self.calls = CallFigures(workbench, trace_sums, self)
        """What the model calls of the trace add up to."""
        self.span_ways = SpanWays(workbench, self.view)
        self.menu = SpanMenu(self.view, self.run_way, self.span_ways, self)
        self.row_menus = RowMenus(self.view, self.span_ways)
        self.trace_actions = TraceActions(workbench, self.header, self._head)
        self.notes = TraceNotes(workbench, self.view, self._head, self)
        self._stack = QStackedWidget(self)
        self._marker = MarkReader(workbench, self.view.waterfall)
        self.opening = Opening(self)
        self._chosen_mark: tuple[str, BarMark | None] = ("", None)
        self._inspected = workbench.reader(self, self._show_detail)
        self._finder = workbench.reader(self, self._found)
        self._lay_out()
        self._connect()
        self.trace_actions.extend_menu = self.notes.add_to_trace_menu
        self.menu.extend = self.notes.add_to_span_menu

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.facts)
        layout.addWidget(self.notes.line)
        self._stack.addWidget(self.absent)
        self._stack.addWidget(self.view)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.header.traces_asked.connect(self._go_back)
        self.header.service_asked.connect(self._go_to_service)
        self.header.finder.asked.connect(self._find)
        self.header.finder.stepped.connect(self.view.waterfall.select_span)
        self.header.finder.left.connect(self.view.lenses.take_focus)
        self.header.oddity_asked.connect(self._go_through)
        self.view.span_selected.connect(self._inspect)
        self.view.lenses.entered_span.connect(self._focus_inspector)
        self.view.waterfall.mark_chosen.connect(self._choose_mark)
        self.view.lenses.help_asked.connect(self._open_connect)
        self.view.inspector.left.connect(self.view.lenses.take_focus)
        self.view.inspector.link_opened.connect(self._open_link)
        self.view.inspector.term_asked.connect(self.span_ways.find_traces)
        self.notes.refreshed.connect(self._show_remark)
        self.view.lenses.logs.term_asked.connect(self.span_ways.find_records)
        self._workbench.batch_stored.connect(self.view.lenses.renew)
        self.calls.changed.connect(self._show_calls)
        self._workbench.theme_changed.connect(self.view.minimap.forget_picture)
        self._workbench.batch_stored.connect(self._marker.renew)
        self.view.tree_shown.connect(self._analyst.show_trace)
        self.view.tree_grown.connect(self._analyst.grow)
        self._analyst.analysed.connect(self.view.lenses.show_analysis)
        self._analyst.analysed.connect(self.view.area_strip.show_analysis)
        self.opening.told.connect(self._show_opening)
        for lens in (self.view.lenses.flame, self.view.lenses.statistics):
            lens.wanted.connect(self._analyst.want)
            lens.unwanted.connect(self._analyst.unwant)

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, OpenTrace):
            return
        self._carry(destination.find)
        if destination.trace_id == self._trace_id and self._shown is not None:
            self._find(self.header.finder.text)
            if destination.span_id is not None:
                self.view.waterfall.select_span(destination.span_id)
            return
        self._trace_id = destination.trace_id
        self._wanted_span = destination.span_id
        for reader in (self._inspected, self._finder):
            reader.cancel()
        self._analyst.stop()
        self._offer_cancel(True)
        self.follower.open(self.opening.begin(self._trace_id))

    def _carry(self, find: str) -> None:
        """Look for what the list was searched for, and no longer for what another list was."""
        if find or self.header.finder.text == self._carried:
            self.header.finder.look_for(find)
        self._carried = find

    def rail_name(self) -> str:
        return "traces"

    def activated(self) -> None:
        self._workbench.stars.reload()
        self._workbench.notes.reload()
        if self._shown is not None:
            self.view.lenses.take_focus()

    def commands(self) -> tuple[Command, ...]:
        view, find, inspector = self.view, self.header.finder, self.view.inspector
        shown = self._is_shown
        return (
            Command("trace.find", "Find in trace", find.field.take_focus, "Ctrl+F", _GROUP, "search", shown),
            Command("trace.next_failure", "Next failure", view.next_failure, "E", _GROUP, "error", shown),
            Command(
                "trace.previous_failure", "Previous failure", view.previous_failure, "Shift+E", _GROUP, "error", shown
            ),
            Command("trace.fit", "Fit the selected span", view.lenses.fit_selection, "F", _GROUP, "zoom-fit", shown),
            Command("trace.whole", "Show the whole trace", view.show_whole, "0", _GROUP, "zoom-fit", shown),
            Command("trace.zoom_in", "Zoom in", view.zoom_in, "+", _GROUP, "zoom-in", shown),
            Command("trace.zoom_out", "Zoom out", view.zoom_out, "-", _GROUP, "zoom-out", shown),
            Command("trace.earlier", "Move to earlier", view.pan_earlier, "Shift+Left", _GROUP, "chevron-left", shown),
            Command("trace.later", "Move to later", view.pan_later, "Shift+Right", _GROUP, "chevron-right", shown),
            Command("trace.unfold", "Unfold all spans", view.waterfall.unfold_all, "Shift+U", _GROUP, "unfold", shown),
            Command("trace.fold", "Fold all spans", view.waterfall.fold_all, "Shift+F", _GROUP, "fold", shown),
            Command("trace.copy_span", "Copy span id, or current value", self._copy, "C", _GROUP, "copy", shown),
            Command("trace.copy_trace", "Copy trace id", self.header.copy_id.copy, "Shift+C", _GROUP, "copy", shown),
            Command("trace.inspect", "Go to the inspector", self._focus_inspector, "I", _GROUP, "info", shown),
            Command("trace.like", "Find traces like this span…", inspector.choose_term, "=", _GROUP, "filter", shown),
            Command("trace.list", "All traces", self._go_back, "", _GROUP, "traces"),
            *self._while_opening(),
            self.run_way.command(),
            *view.view_menu.commands(shown),
            *lens_commands(view.lenses, find, shown),
            *self.span_ways.commands(),
            *self.trace_actions.commands(),
            *self.notes.commands(),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "Fold and unfold the span; in the flame graph to the boxes beside"),
            ("↑ ↓ in the flame graph", "To the box above, and to the first one below"),
            ("Enter in the statistics", "Next span of the group"),
            ("↑ ↓ ← → in the graph", "To the node beside; Ctrl and the wheel zoom"),
            ("↑ ↓ in the conversation", "To the entry before and after; Ctrl+C copies it"),
            ("Enter in the logs", "From the record to all of it, and Esc back"),
            ("Enter, Space", "From the span to its values, and Esc back; unfolds siblings that repeat"),
            ("Shift and dragging, or T", "Totals of a stretch of time: Enter zooms into it, Esc leaves it"),
            ("Ctrl+Tab", "Next tab of the inspector"),
            ("Enter, Shift+Enter", "In find: next and previous match"),
        )

    def save_state(self, state: QSettings) -> None:
        self.view.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        self.view.restore_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follower.catch_up()

    # Answers

    @property
    def _shown(self) -> LoadedTrace | None:
        return self.follower.shown

    def opened(self, trace: LoadedTrace) -> None:
        """Show a trace that was not shown before."""
        self._offer_cancel(False)
        self.opening.done()
        self._show_head(trace)
        self.view.show_trace(trace)
        self.run_way.show_trace(trace.head)
        self._stack.setCurrentWidget(self.view)
        self._marker.show_trace(trace.head)
        first = trace.tree.columns.ids.one(trace.tree.order[0]) if trace.tree.order else ""
        if not self.view.waterfall.select_span(self._wanted_span or first):
            self.view.inspector.show_nothing(f"The span {self._wanted_span} is not in this trace (yet).")
        self._find(self.header.finder.text)
        self.view.lenses.take_focus()

    def _show_opening(self, words: str) -> None:
        self._offer_cancel(True)
        self.absent.set_content(words, "Cancel", self._give_up)
        self._stack.setCurrentWidget(self.absent)

    def _give_up(self) -> None:
        self._offer_cancel(False)
        self.opening.give_up()
        self.follower.forget()
        self._trace_id = ""
        self.absent.set_content("The trace was not opened.", "Show traces", self._go_back, "traces")
        self._stack.setCurrentWidget(self.absent)
        self._go_back()

    def _while_opening(self) -> tuple[Command, ...]:
        # Only while it can be done: a key that is bound is kept from everything else, and Esc means much elsewhere.
        cancel = Command("trace.cancel", "Cancel opening", self._give_up, "Esc", _GROUP, "close")
        return (cancel,) if self._offers_cancel else ()

    def _offer_cancel(self, offered: bool) -> None:
        if offered != self._offers_cancel:
            self._offers_cancel = offered
            self.commands_changed.emit()

    def _show_head(self, trace: LoadedTrace) -> None:
        head = trace.head
        self.header.show_trace(head.trace_id, head.name, head.service_name)
        self.header.show_tags(head_tags(head, trace.health))
        self.calls.show(head.trace_id)
        self.facts.set_facts(head_facts(head, trace.tree, self.calls.figures))
        self.facts.show()
        self.trace_actions.refresh()
        self.notes.refresh()
        self.title_changed.emit(head.name)

    def _show_calls(self) -> None:
        if self._shown is not None:
            self.facts.set_facts(head_facts(self._shown.head, self._shown.tree, self.calls.figures))
            self._inspect(self.view.waterfall.selected_span)

    def grown(self, trace: LoadedTrace, _before: LoadedTrace) -> None:
        """Show the same trace with more spans."""
        self._show_head(trace)
        self.view.grow(trace)
        self._marker.grow(trace.head)
        self._set_trail(self.view.lenses.trail.oddity)
        selected = self.view.waterfall.selected_span
        if not selected and self._wanted_span:
            self.view.waterfall.select_span(self._wanted_span)
        elif selected:
            self._inspect(selected)
        if self.header.finder.text:
            self._finder.submit(FindSpans(trace.head, trace.tree, self.header.finder.text))

    def not_found(self, error: NotFoundError, *, was_shown: bool) -> None:
        """Say that it has not arrived, or was deleted."""
        self._offer_cancel(False)
        self.opening.done()
        self._analyst.stop()
        self.header.show_trace(self._trace_id, "Deleted" if was_shown else "Not stored", "")
        self.header.show_tags(())
        self.facts.hide()
        self.trace_actions.refresh()
        self.notes.refresh()
        self.run_way.show_trace(None)
        words = _DELETED if was_shown else f"{error.message} {error.hint}"
        self.absent.set_content(words, "Show traces", self._go_back, "traces")
        self._stack.setCurrentWidget(self.absent)

    def growth_of(self, trace: LoadedTrace, *, is_forced: bool) -> Growth[LoadedTrace]:
        """Return the read that finds what came since."""
        return LoadTrace(trace.head.trace_id) if is_forced else LoadGrowth(trace.head)

    # Spans

    def _inspect(self, span_id: str) -> None:
        self.header.finder.follow(span_id)
        if not span_id or self._shown is None:
            self._inspected.cancel()
            self.view.inspector.show_nothing()
        else:
            self._inspected.submit(partial(span_detail, head=self._shown.head, span_id=span_id))

    def _show_detail(self, detail: SpanDetail | None) -> None:
        if detail is None:
            self.view.inspector.show_nothing("This span is no longer stored.")
        elif self._shown is not None:
            self.view.inspector.show_detail(detail, self._shown.tree.start_ns)
            self._show_remark()
            self._show_mark()

    def _show_remark(self) -> None:
        """Say of the span that is shown what it does not say itself: what is written on it, and where it was moved."""
        if (detail := self.view.inspector.detail) is not None:
            span_id = detail.span.span_id
            words = (self.view.shift_words(span_id), self.notes.words_on(span_id))
            self.view.inspector.show_remark("\n".join(filter(None, words)))

    def _choose_mark(self, group: MarkGroup) -> None:
        """Show the event or the log record that was clicked, once its span is shown."""
        self._chosen_mark = (self.view.waterfall.selected_span, group.gravest)
        self._show_mark()

    def _show_mark(self) -> None:
        detail, (span_id, mark) = self.view.inspector.detail, self._chosen_mark
        if mark is not None and detail is not None and detail.span.span_id == span_id:
            self._chosen_mark = ("", None)
            self.view.inspector.show_moment(mark.time_ns, is_log=mark.is_log)

    def _find(self, text: str) -> None:
        texts = texts_of(text) if text else ()
        self.view.inspector.mark(texts)
        self.view.lenses.show_looked_for(texts)
        if text and self._shown is not None:
            self._finder.submit(FindSpans(self._shown.head, self._shown.tree, text))
        else:
            self._finder.cancel()
            self._found(FoundSpans())

    def _found(self, found: FoundSpans) -> None:
        self.view.lenses.show_found(found.ids)
        selected, find = self.view.waterfall.selected_span, self.header.finder
        find.show_found(found.in_order, selected)
        if found.in_order and selected not in found.ids and find.field.hasFocus():
            find.step(True)

    def _go_through(self, key: str) -> None:
        """Go through the spans that a count of the header stands for."""
        if self._set_trail(key):
            self.view.lenses.trail.next()
            self.view.lenses.take_focus()
        elif words := self.header.tags.explanation(key):
            # Which spans it are is not known: what is known is said where the spans would be.
            self.view.inspector.show_nothing(words)

    def _set_trail(self, key: str) -> bool:
        oddity = None if self._shown is None else self._shown.health.oddity(key)
        if oddity is not None:
            words = oddity.many[:1].upper() + oddity.many[1:]
            self.view.lenses.trail.set(words, oddity.span_ids, self.view.waterfall.selected_span, key)
        return oddity is not None

    # Going elsewhere

    def _is_shown(self) -> bool:
        return self._shown is not None

    def _head(self) -> TraceHead | None:
        return None if self._shown is None else self._shown.head

    def _focus_inspector(self) -> None:
        self.view.inspector.take_focus()

    def _copy(self) -> None:
        """Copy what is looked at: the value under the cursor of the inspector, else the id of the span."""
        if not self.view.inspector.copy_current():
            self.menu.copy_span_id()

    def _go_back(self) -> None:
        self._workbench.open(OpenPage("traces"))

    def _open_connect(self) -> None:
        self._workbench.open(OpenPage("connect"))

    def _go_to_service(self) -> None:
        if self._shown is not None:
            self._workbench.open(OpenTraces(service=self._shown.head.service_name))

    def _open_link(self, link: SpanLink) -> None:
        self._workbench.open(OpenTrace(link.trace_id, link.span_id))

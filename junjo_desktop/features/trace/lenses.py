"""The lenses on one trace, with one selection, one time window and one trail between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.conversation.lens import ConversationLens
from junjo_desktop.features.trace.flame.lens import FlameLens
from junjo_desktop.features.trace.lens_bar import Lens, LensBar
from junjo_desktop.features.trace.loading import LoadedTrace
from junjo_desktop.features.trace.logs.lens import LogsLens
from junjo_desktop.features.trace.minimap import Minimap
from junjo_desktop.features.trace.span_graph.lens import GraphLens
from junjo_desktop.features.trace.statistics.lens import StatisticsLens
from junjo_desktop.features.trace.trail import Trail
from junjo_desktop.features.trace.trail_bar import TrailBar
from junjo_desktop.features.trace.waterfall import Waterfall
from junjo_desktop.features.trace.zoom import STEP, Zoom
from junjo_desktop.widgets.background_work import Background


class Lenses(QWidget):
    """The waterfall holds the selection, also while it is out of sight. `entered_span`: Enter or Space in a lens."""

    entered_span = Signal()
    help_asked = Signal()
    """A lens has nothing to show, and the user wants to know how to send what it would show."""

    def __init__(self, zoom: Zoom, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trail = Trail(self)
        self.bar = LensBar(self)
        self.trail_bar = TrailBar(self.trail, self)
        self.minimap = Minimap(zoom, self)
        self.waterfall = Waterfall(zoom, self)
        self.flame = FlameLens(zoom, self)
        self.flame.sandwich.work_in(background)
        self.statistics = StatisticsLens(background, self)
        self.graph = GraphLens(background, self)
        self.conversation = ConversationLens(background, self)
        self.logs = LogsLens(background, self)
        self._time_zoom = zoom
        self._stack = QStackedWidget(self)
        self._pages: dict[Lens, QWidget] = {
            Lens.WATERFALL: self.waterfall,
            Lens.FLAME: self.flame,
            Lens.STATISTICS: self.statistics,
            Lens.GRAPH: self.graph,
            Lens.CONVERSATION: self.conversation,
            Lens.LOGS: self.logs,
        }
        self._controls: dict[Lens, QWidget] = {
            Lens.FLAME: self.flame.controls,
            Lens.STATISTICS: self.statistics.controls,
            Lens.GRAPH: self.graph.controls,
            Lens.CONVERSATION: self.conversation.controls,
            Lens.LOGS: self.logs.controls,
        }
        self._analysed = (self.flame, self.statistics, self.graph)
        """Those that show what is worked out of the spans."""
        self._reading = (self.conversation, self.logs)
        """Those that read more of the trace, when they are looked at."""
        self._lay_out()
        self._connect()
        self._show_around()

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, *self._controls.values(), self.trail_bar, self.minimap):
            column.addWidget(part)
        for page in self._pages.values():
            self._stack.addWidget(page)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.bar.lens_chosen.connect(self._choose_lens)
        self.bar.path_toggled.connect(self._show_path)
        self.waterfall.span_selected.connect(self._follow)
        self.waterfall.entered_span.connect(self.entered_span)
        self.flame.span_chosen.connect(self.waterfall.select_span)
        self.flame.joined_chosen.connect(self._go_through_joined)
        self.flame.order_changed.connect(self._show_around)
        self.flame.canvas.entered_span.connect(self.entered_span)
        self.flame.sandwich.entered_span.connect(self.entered_span)
        self.statistics.group_chosen.connect(self._go_through_group)
        self.statistics.entered_span.connect(self.entered_span)
        self.graph.span_chosen.connect(self.waterfall.select_span)
        self.graph.joined_chosen.connect(self._go_through_joined)
        self.graph.entered_span.connect(self.entered_span)
        for lens in self._reading:
            lens.span_chosen.connect(self.waterfall.select_span)
            lens.entered_span.connect(self.entered_span)
            lens.help_asked.connect(self.help_asked)
        self.logs.counted.connect(self._count_logs)
        self.trail.stepped.connect(self.waterfall.select_span)

    @property
    def lens(self) -> Lens:
        """The lens in front."""
        return self.bar.lens

    @property
    def zoom(self) -> Zoom:
        """The window of the lens in front."""
        return self.flame.zoom if self.lens is Lens.FLAME else self._time_zoom

    def show_lens(self, lens: Lens) -> None:
        """See the trace through another lens."""
        self.bar.show_lens(lens)
        self._stack.setCurrentWidget(self._pages[lens])
        self._show_around()
        if lens is Lens.WATERFALL:
            self.waterfall.show_current()

    def add_view_controls(self, button: QAbstractButton, strip: QWidget) -> None:
        """Place a button beside the lenses, and a line below what they show."""
        self.bar.add_button(button)
        self._column.addWidget(strip)

    def take_focus(self) -> None:
        """Put the focus into the lens in front."""
        if self.lens is Lens.CONVERSATION:
            self.conversation.take_focus()
            return
        target = self._pages[self.lens]
        while (proxy := target.focusProxy()) is not None:
            target = proxy
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is shown

    def show_trace(self, trace: LoadedTrace) -> None:
        """Show another trace in the waterfall; the other lenses wait for its analysis, or until they are looked at."""
        self.trail.clear()
        self.waterfall.show_analysis(None)
        for lens in (*self._analysed, *self._reading):
            lens.forget()
        self.waterfall.show_tree(trace.layout)
        self.minimap.show_lines(trace.overview)
        for reading in self._reading:
            reading.show_trace(trace)
        self.bar.show_count(Lens.CONVERSATION, trace.head.llm_count)

    def grow(self, trace: LoadedTrace) -> None:
        """Show the same trace with more spans; the other lenses show it as it was until it is analysed."""
        self.waterfall.grow(trace.layout)
        self.minimap.show_lines(trace.overview)
        for lens in self._reading:
            lens.show_trace(trace)
        self.bar.show_count(Lens.CONVERSATION, trace.head.llm_count)

    def renew(self) -> None:
        """Something was stored, of this trace or of another, maybe no span."""
        self.logs.renew()

    def show_analysis(self, analysis: Analysis) -> None:
        """Show what was worked out of the trace."""
        self.waterfall.show_analysis(analysis)
        for lens in self._analysed:
            lens.show_analysis(analysis)

    def show_found(self, span_ids: frozenset[str]) -> None:
        """Mark spans that a search found."""
        self.waterfall.set_found(span_ids)
        self.flame.show_found(span_ids)
        self.graph.show_found(span_ids)

    def show_looked_for(self, texts: Sequence[str]) -> None:
        """Mark and count texts, of which one is enough, in the lenses that show texts."""
        for lens in self._reading:
            lens.show_looked_for(texts)

    def step_failure(self, forward: bool) -> bool:
        """Go to the next or previous failure that only the lens in front knows; False when it knows none."""
        if self.lens is Lens.LOGS:
            return self.logs.step_failure(forward)
        return self.lens is Lens.CONVERSATION and self.conversation.step_failure(forward)

    # Zoom

    def fit_selection(self) -> None:
        """Zoom to the selected span, or to the box that joins it with others."""
        if self.lens is Lens.FLAME:
            self.flame.fit_box()
        elif self.lens is Lens.GRAPH:
            self.graph.fit_current()
        else:
            self.waterfall.fit_selection()

    def show_whole(self) -> None:
        """Show everything."""
        if self.lens is Lens.GRAPH:
            self.graph.canvas.show_whole()
        else:
            self.zoom.show_whole()

    def zoom_in(self) -> None:
        """Show less, larger."""
        if self.lens is Lens.GRAPH:
            self.graph.canvas.zoom_in()
        else:
            self.zoom.zoom_by(STEP)

    def zoom_out(self) -> None:
        """Show more, smaller."""
        if self.lens is Lens.GRAPH:
            self.graph.canvas.zoom_out()
        else:
            self.zoom.zoom_by(1 / STEP)

    def toggle_path(self) -> None:
        """Mark the critical path, or not."""
        self.bar.path.toggle()

    def _choose_lens(self, name: str) -> None:
        self.show_lens(Lens(name))
        self.take_focus()

    def _show_path(self, shown: bool) -> None:
        self.waterfall.show_path(shown)
        self.flame.show_path(shown)

    def _show_around(self) -> None:
        shows_time = self.lens is Lens.WATERFALL or (self.lens is Lens.FLAME and self.flame.is_in_time)
        self.minimap.setVisible(shows_time)
        self.bar.show_path_switch(shows_time)
        for lens, controls in self._controls.items():
            controls.setVisible(lens is self.lens)

    def _count_logs(self, count: int) -> None:
        self.bar.show_count(Lens.LOGS, count)

    # One selection

    def _follow(self, span_id: str) -> None:
        for lens in (*self._analysed, *self._reading):
            lens.show_selected(span_id)
        self.trail.follow(span_id)

    def _go_through_joined(self, chosen: tuple[str, tuple[str, ...]]) -> None:
        words, span_ids = chosen
        self.trail.set(words, span_ids, self.waterfall.selected_span)

    def _go_through_group(self, chosen: tuple[str, tuple[str, ...], bool]) -> None:
        words, span_ids, steps_on = chosen
        self.trail.set(words, span_ids, self.waterfall.selected_span)
        if steps_on or not self.trail.place:
            self.trail.next()

    def save_state(self, state: QSettings) -> None:
        """Write which lens is on, and what was chosen in each."""
        state.setValue("lens", str(self.lens))
        state.setValue("critical_path", "yes" if self.bar.path.isChecked() else "no")
        for lens in (*self._analysed, *self._reading):
            lens.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.bar.path.setChecked(state.value("critical_path") != "no")
        for lens in (*self._analysed, *self._reading):
            lens.restore_state(state)
        if state.value("lens") in list(Lens):
            self.show_lens(Lens(str(state.value("lens"))))

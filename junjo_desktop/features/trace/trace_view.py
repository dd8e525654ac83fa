"""The lenses on one trace and its inspector, side by side."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from junjo_desktop.features.trace.area_strip import AreaStrip
from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.lenses import Lenses
from junjo_desktop.features.trace.loading import CorrectTrace, LoadedTrace
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from junjo_desktop.features.trace.view_menu import ViewMenu
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.widgets.background_work import Background
from junjo_desktop.widgets.figures import duration_text
from junjo_desktop.widgets.inspector.panel import Inspector

_LEFT_PX, _RIGHT_PX = 728, 516
_LEAST_LEFT_PX, _LEAST_RIGHT_PX = 420, 260


class TraceView(QWidget):
    """`span_selected` carries the id of the current span, empty for none."""

    span_selected = Signal(str)
    tree_shown = Signal(object)
    """Carries the tree of another trace."""
    tree_grown = Signal(object)
    """Carries the tree of the same trace with more spans, or with other times."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoom = Zoom(self)
        self.lenses = left = Lenses(self.zoom, background, self)
        self.minimap = left.minimap
        self.waterfall = left.waterfall
        self.inspector = Inspector(background, self)
        self._tree = build_tree(())
        self._failed_places: Sequence[int] = ()
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.addWidget(left)
        self._split.addWidget(self.inspector)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([_LEFT_PX, _RIGHT_PX])
        left.setMinimumWidth(_LEAST_LEFT_PX)
        self.inspector.setMinimumWidth(_LEAST_RIGHT_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self._raw: LoadedTrace | None = None
        self._corrector = background.reader(self, self._show)
        self.view_menu = ViewMenu(self.waterfall, self)
        self.area_strip = AreaStrip(self.waterfall.area, background, self)
        left.bar.add_button(self.view_menu.skew)
        left.add_view_controls(self.view_menu.button, self.area_strip)
        left.flame.canvas.set_area(self.waterfall.area)
        self.view_menu.skew_toggled.connect(self._correct)
        self.area_strip.zoom_asked.connect(self.zoom_to_area)
        self.waterfall.span_selected.connect(self.span_selected)

    @property
    def tree(self) -> SpanTree:
        """What is shown."""
        return self._tree

    @property
    def trace_id(self) -> str:
        """Which trace is shown; empty for none."""
        return "" if self._raw is None else self._raw.head.trace_id

    @property
    def selected_row(self) -> SpanRow | None:
        """The selected span, as the lenses show it."""
        position = self._tree.position_of(self.waterfall.selected_span) if self.waterfall.selected_span else None
        return None if position is None else self._tree.columns.row(position)

    @property
    def shifts(self) -> Mapping[int, int]:
        """By position in `tree`: by how many nanoseconds spans are moved to correct clocks."""
        return self.waterfall.rows_painter.shifts

    def shift_words(self, span_id: str) -> str:
        """Return by how much a span is shown at another time than it was sent; empty when it is not."""
        position = self._tree.position_of(span_id)
        shift = 0 if position is None else self.shifts.get(position, 0)
        if not shift:
            return ""
        where = f"{duration_text(abs(shift))} {'later' if shift > 0 else 'earlier'}"
        return f"Shown {where} than it was sent: its clock was corrected to fit its parent (K)."

    def show_trace(self, trace: LoadedTrace) -> None:
        """Show another trace: all of its time, from its top, with nothing selected."""
        self._corrector.cancel()
        self._raw = trace
        self.waterfall.area.clear()
        self.inspector.show_nothing()
        self._take(trace)
        self.zoom.show_trace(trace.tree.start_ns, trace.tree.end_ns)
        self.lenses.show_trace(trace)
        self.tree_shown.emit(trace.tree)
        if self.view_menu.corrects_skew:
            self._correct()

    def grow(self, trace: LoadedTrace) -> None:
        """Show the same trace with more spans, without moving what is looked at."""
        self._raw = trace
        if self.view_menu.corrects_skew:
            self._correct()
        else:
            self._show(trace)

    def _correct(self, _on: bool = True) -> None:
        """Show the trace with its clocks corrected, or as it was sent; what is looked at stays where it is."""
        if self._raw is None:
            return
        if self.view_menu.corrects_skew:
            self._corrector.submit(CorrectTrace(self._raw))
        else:
            self._corrector.cancel()
            self._show(self._raw)

    def _show(self, trace: LoadedTrace) -> None:
        self._take(trace)
        self.zoom.grow(trace.tree.start_ns, trace.tree.end_ns)
        self.lenses.grow(trace)
        self.tree_grown.emit(trace.tree)

    def _take(self, trace: LoadedTrace) -> None:
        self._tree = trace.tree
        self._failed_places = trace.health.failed_places
        self.waterfall.rows_painter.shifts = trace.shifts
        self.area_strip.show_tree(trace.tree)
        labels = trace.tree.columns.labels
        clocks = {(label.service_name, label.host_name) for label in labels}
        self.view_menu.offer_skew(trace.health.oddity("outside") is not None and len(clocks) > 1)

    def zoom_to_area(self) -> None:
        """See the chosen area as large as possible."""
        area = self.waterfall.area
        if area.is_set:
            self.zoom.show(self.zoom.window.shown(area.start_ns, area.end_ns))

    def zoom_in(self) -> None:
        """Show less time."""
        self.lenses.zoom_in()

    def zoom_out(self) -> None:
        """Show more time."""
        self.lenses.zoom_out()

    def show_whole(self) -> None:
        """Show everything."""
        self.lenses.show_whole()

    def pan_earlier(self) -> None:
        """Move the visible time back by a quarter of it."""
        zoom = self.lenses.zoom
        zoom.show(zoom.window.panned(-zoom.window.span_ns // 4))

    def pan_later(self) -> None:
        """Move the visible time on by a quarter of it."""
        zoom = self.lenses.zoom
        zoom.show(zoom.window.panned(zoom.window.span_ns // 4))

    def step_failure(self, forward: bool) -> None:
        """Select the next or previous failure, seen from the selected span, round the end."""
        failed, tree = self._failed_places, self._tree
        if self.lenses.step_failure(forward) or not failed:
            return
        at = self._place_of(self.waterfall.selected_span)
        if at is None:
            chosen = 0 if forward else -1
        elif forward:
            chosen = bisect_right(failed, at) % len(failed)
        else:
            chosen = bisect_left(failed, at) - 1
        self.waterfall.select_span(tree.columns.ids.one(tree.order[failed[chosen]]))

    def _place_of(self, span_id: str) -> int | None:
        """Return where in the order of the waterfall a span stands."""
        position = self._tree.position_of(span_id)
        return None if position is None else self._tree.order.index(position)

    def next_failure(self) -> None:
        """Select the next failure."""
        self.step_failure(True)

    def previous_failure(self) -> None:
        """Select the previous failure."""
        self.step_failure(False)

    def save_state(self, state: QSettings) -> None:
        """Write the splitter, and how wide names and keys are."""
        state.setValue("split", self._split.saveState())
        state.setValue("name_width", self.waterfall.name_width)
        state.setValue("bar_colors", str(self.waterfall.color_by))
        self.lenses.save_state(state)
        self.inspector.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        split = state.value("split")
        if split is not None:
            self._split.restoreState(split)
        if state.value("bar_colors") in list(ColorBy):
            self.waterfall.set_color_by(ColorBy(str(state.value("bar_colors"))))
        width = str(state.value("name_width", ""))
        if width.isdecimal():
            self.waterfall.set_name_width(max(120, min(int(width[:5]), 2000)))
        self.lenses.restore_state(state)
        self.inspector.restore_state(state)

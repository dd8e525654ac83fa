"""The lens Flame: how boxes are arranged and coloured, and the flame graph."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.coloring import COLOR_LABELS, ColorBy
from junjo_desktop.features.trace.flame.canvas import FlameCanvas
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame, FlameOrder
from junjo_desktop.features.trace.flame.words import undrawn_words
from junjo_desktop.features.trace.health import ChosenIds
from junjo_desktop.features.trace.sandwich.view import SandwichView
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.widgets.elided_combo import ElidedCombo
from junjo_desktop.widgets.segmented import Segmented

SANDWICH = "sandwich"
_LEAST_COLORS_PX = 84
_ORDERS = ((FlameOrder.TIME, "Time order"), (FlameOrder.LEFT_HEAVY, "Left heavy"), (SANDWICH, "Sandwich"))
_LEFT_HEAVY_TIP = (
    "Spans with the same names above them joined, widest first. A box is as wide as the self times in it: "
    "what ran at the same time counts each time. Sandwich: the callers of the selected name above, what it calls below."
)


class FlameLens(QWidget):
    """`span_chosen` carries a span id; `joined_chosen` (name, ids) of the spans that a box joins, if several.

    `wanted` and `unwanted` carry the `analysis.Part` that is looked at, and no longer.
    """

    wanted = Signal(object)
    unwanted = Signal(object)

    span_chosen = Signal(str)
    joined_chosen = Signal(object)
    order_changed = Signal()

    def __init__(self, time_zoom: Zoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time_zoom = time_zoom
        self._work_zoom = Zoom(self)
        self._analysis: Analysis | None = None
        self._has_work = False
        self._selected = ""
        self._shows_path = True
        self.order = Segmented([(str(key), label) for key, label in _ORDERS], name="Order of boxes", parent=self)
        self.colors = ElidedCombo(self)
        self.colors.setMinimumWidth(_LEAST_COLORS_PX)
        self.note = QLabel(self)
        self.canvas = FlameCanvas(time_zoom, self)
        self.sandwich = SandwichView(self)
        self._stack = QStackedWidget(self)
        self.controls = QFrame(self)
        """To be placed by the owner."""
        self._lay_out()
        self.order.chosen.connect(self._reorder)
        self.colors.currentIndexChanged.connect(self._recolor)
        self.canvas.box_chosen.connect(self._choose)
        self.sandwich.span_chosen.connect(self.span_chosen)
        self.sandwich.joined_chosen.connect(self.joined_chosen)
        self.setFocusProxy(self.canvas)

    def _lay_out(self) -> None:
        self.colors.setAccessibleName("Colours by")
        self.colors.setToolTip("What the colours of boxes stand for")
        for key, label in COLOR_LABELS.items():
            self.colors.addItem(f"Colour by {label.lower()}", str(key))
        self.order.setToolTip(_LEFT_HEAVY_TIP)
        self.note.setProperty("look", "dim")
        self.controls.setProperty("look", "bar")
        line = QHBoxLayout(self.controls)
        line.setContentsMargins(8, 5, 8, 5)
        line.setSpacing(8)
        line.addWidget(self.order)
        line.addWidget(self.colors)
        line.addStretch(1)
        line.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.sandwich)
        column.addWidget(self._stack, 1)

    @property
    def is_sandwich(self) -> bool:
        """Whether the callers and callees of one name are shown."""
        return self.order.value == SANDWICH

    @property
    def zoom(self) -> Zoom:
        """The window that is shown: of time, or of work."""
        if self.is_sandwich:
            return self.sandwich.zoom
        return self._work_zoom if self._order is FlameOrder.LEFT_HEAVY else self._time_zoom

    @property
    def is_in_time(self) -> bool:
        """Whether boxes stand where their time is."""
        return self._order is FlameOrder.TIME

    @property
    def _order(self) -> FlameOrder | None:
        return None if self.is_sandwich else FlameOrder(self.order.value)

    @property
    def _color_by(self) -> ColorBy:
        return ColorBy(str(self.colors.currentData()))

    # What is shown

    def forget(self) -> None:
        """Show nothing, until another trace is analysed."""
        self._analysis = None
        self._has_work = False
        self.canvas.forget()
        self.sandwich.forget()

    def show_analysis(self, analysis: Analysis) -> None:
        """Show a trace, or the same one grown: the zoom stays, what was whole stays whole."""
        self._analysis = analysis
        work = analysis.flames.get(FlameOrder.LEFT_HEAVY)
        if work is not None and not self._has_work:
            self._work_zoom.show_trace(work.start_ns, work.end_ns)
            self._has_work = True
        elif work is not None:
            self._work_zoom.grow(work.start_ns, work.end_ns)
        self.sandwich.show_analysis(analysis)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want()

    def _want(self) -> None:
        for order in FlameOrder:
            (self.wanted if order is self._order else self.unwanted).emit(order)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for order in FlameOrder:
            self.unwanted.emit(order)

    def show_selected(self, span_id: str) -> None:
        """Mark the box of a span."""
        self._selected = span_id
        self.canvas.mark_box(self._box_of(span_id))
        self.canvas.show_marked()
        self.sandwich.show_selected(span_id)

    def show_found(self, span_ids: frozenset[str]) -> None:
        """Mark the boxes of spans that a search found."""
        self.sandwich.show_found(span_ids)
        self.canvas.look.found = span_ids
        self.canvas.viewport().update()

    def show_path(self, shown: bool) -> None:
        """Show the critical path, or not."""
        self._shows_path = shown
        self._mark_path()

    def _show(self) -> None:
        flame = self._flame()
        if self._analysis is None or flame is None:
            return
        self.canvas.show_flame(flame, self._analysis.self_ns, self.zoom)
        self.note.setText(undrawn_words(flame))
        self._mark_path()
        self.canvas.mark_box(self._box_of(self._selected))

    def _mark_path(self) -> None:
        shown = self._shows_path and self.is_in_time and self._analysis is not None
        self.canvas.look.path = self._analysis.critical_path if shown and self._analysis is not None else None
        self.canvas.viewport().update()

    def _flame(self) -> Flame | None:
        order = self._order
        return None if self._analysis is None or order is None else self._analysis.flames.get(order)

    def _box_of(self, span_id: str) -> int:
        flame = self._flame()
        position = None if flame is None else flame.tree.position_of(span_id)
        return NO_BOX if flame is None or position is None else flame.box_of[position]

    # What the user chose

    def _choose(self, box: int) -> None:
        flame = self._flame()
        if flame is None:
            return
        ids, members = flame.tree.columns.ids, flame.members[box]
        if self._box_of(self._selected) != box:
            self.span_chosen.emit(ids.one(members[0]))
        if len(members) > 1:
            self.joined_chosen.emit((flame.span(box).name, ChosenIds(ids, array("i", members))))

    def toggle_order(self) -> None:
        """Arrange boxes in the next way."""
        keys = [str(key) for key, _ in _ORDERS]
        self.order.set_value(keys[(keys.index(self.order.value) + 1) % len(keys)])
        self._reorder()

    def fit_box(self) -> None:
        """Zoom to the selected box."""
        if self.is_sandwich:
            self.sandwich.fit_box()
        else:
            self.canvas.fit_box()

    def next_color(self) -> None:
        """Let colours stand for the next thing."""
        self.colors.setCurrentIndex((self.colors.currentIndex() + 1) % self.colors.count())

    def _reorder(self, _order: str = "") -> None:
        focused = self.window().focusWidget()
        shown = self.sandwich if self.is_sandwich else self.canvas
        self._stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if focused is not None and self._stack.isAncestorOf(focused):
            (shown.focusProxy() or shown).setFocus()
        self.canvas.verticalScrollBar().setValue(0)
        if self._flame() is None:
            self.canvas.forget()
        if self.isVisible():
            self._want()
        self._show()
        self.canvas.show_marked()
        self.order_changed.emit()

    def _recolor(self, _index: int) -> None:
        self.canvas.look.color_by = self._color_by
        self.canvas.viewport().update()
        self.sandwich.show_colors(self._color_by)

    def save_state(self, state: QSettings) -> None:
        """Write order and colours."""
        state.setValue("flame_order", self.order.value)
        state.setValue("flame_colors", self.colors.currentData())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        if state.value("flame_order") in [str(key) for key, _ in _ORDERS]:
            self.order.set_value(str(state.value("flame_order")))
            self._reorder()
        place = self.colors.findData(str(state.value("flame_colors", "")))
        self.colors.setCurrentIndex(max(place, 0))
        self._recolor(0)

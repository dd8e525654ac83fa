"""The sandwich of the selected name: two flame graphs with one window of work, callers above, callees below."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.flame.canvas import FlameCanvas
from junjo_desktop.features.trace.flame.model import NO_BOX, Flame
from junjo_desktop.features.trace.health import ChosenIds
from junjo_desktop.features.trace.sandwich.model import Name, Sandwich, name_at, sandwich
from junjo_desktop.features.trace.tree import SpanTree
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.background_work import BackgroundWork, Worker
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import count_text, counted, duration_text

_NO_CALLERS = "Nothing calls it: it begins the trace."
_CALLERS_PX, _CALLEES_PX = 200, 320


@dataclass(frozen=True, slots=True)
class _Make:
    tree: SpanTree
    self_ns: array[int]
    name: Name

    def __call__(self) -> Sandwich:
        with collection_held_back():
            return sandwich(self.tree, self.self_ns, self.name)


class _Callers(FlameCanvas):
    """Grows from the bottom up: the keys that lead to the box below lead to the one that is called."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turned = {Qt.Key.Key_Up: Qt.Key.Key_Down, Qt.Key.Key_Down: Qt.Key.Key_Up}.get(Qt.Key(event.key()))
        super().keyPressEvent(event if turned is None else QKeyEvent(event.type(), turned, event.modifiers()))


class SandwichView(QWidget):
    """`span_chosen` carries a span id; `joined_chosen` (name, ids) of the spans that a box joins, if several."""

    span_chosen = Signal(str)
    joined_chosen = Signal(object)
    entered_span = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoom = Zoom(self)
        self._analysis: Analysis | None = None
        self._shown: Sandwich | None = None
        self._selected = ""
        self._maker: Worker | None = None
        self.words = ElidedLabel(parent=self, look="dim")
        self.callers = _Callers(self.zoom, self)
        self.callees = FlameCanvas(self.zoom, self)
        self.no_callers = QLabel(_NO_CALLERS, self)
        self._upper = QStackedWidget(self)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._lay_out()
        for canvas, chosen in ((self.callers, self._choose_caller), (self.callees, self._choose_callee)):
            canvas.box_chosen.connect(chosen)
            canvas.entered_span.connect(self.entered_span)
        self.setFocusProxy(self.callees)

    def _lay_out(self) -> None:
        self.callers.setAccessibleName("Callers of the selected name")
        self.callees.setAccessibleName("What the selected name calls")
        self.no_callers.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.no_callers.setProperty("look", "dim")
        self.words.setContentsMargins(10, 4, 10, 4)
        self._upper.addWidget(self.callers)
        self._upper.addWidget(self.no_callers)
        lower = QWidget(self._split)
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.callees, 1)
        self._split.addWidget(self._upper)
        self._split.addWidget(lower)
        self._split.setChildrenCollapsible(False)
        self._split.setSizes([_CALLERS_PX, _CALLEES_PX])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)

    def work_in(self, background: BackgroundWork) -> None:
        """Merge spans in the background of the window; nothing is shown before this is called."""
        self._maker = background.worker(self, self._show)

    @property
    def sandwich(self) -> Sandwich | None:
        """What is shown."""
        return self._shown

    def forget(self) -> None:
        """Show nothing, until another trace is analysed."""
        self._analysis = self._shown = None
        self.callers.forget()
        self.callees.forget()

    def show_analysis(self, analysis: Analysis) -> None:
        """Show a trace, or the same one grown."""
        is_other = self._analysis is None or analysis.tree is not self._analysis.tree
        self._analysis = analysis
        if is_other:
            self._make(is_grown=True)

    def show_selected(self, span_id: str) -> None:
        """Show the sandwich of a span's name."""
        self._selected = span_id
        self._make()

    def show_found(self, span_ids: frozenset[str]) -> None:
        """Mark the boxes of spans that a search found."""
        for canvas in (self.callers, self.callees):
            canvas.look.found = span_ids
            canvas.viewport().update()

    def show_colors(self, color_by: ColorBy) -> None:
        """Let colours stand for this."""
        for canvas in (self.callers, self.callees):
            canvas.look.color_by = color_by
            canvas.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._make()

    def _make(self, *, is_grown: bool = False) -> None:
        """Make the sandwich of the selected name, or mark the box where it is shown already."""
        analysis = self._analysis
        position = None if analysis is None else analysis.tree.position_of(self._selected)
        if analysis is None or position is None or self._maker is None or not self.isVisible():
            return
        name, shown = name_at(analysis.tree, position), self._shown
        if not is_grown and shown is not None and shown.name == name and shown.tree is analysis.tree:
            self._mark()
        else:
            self._maker.submit(_Make(analysis.tree, analysis.self_ns, name))

    def _show(self, made: Sandwich) -> None:
        if self._analysis is None:
            return
        is_same = self._shown is not None and self._shown.name == made.name
        self._shown = made
        if is_same:
            self.zoom.grow(made.callees.start_ns, made.callees.end_ns)
        else:
            self.zoom.show_trace(made.callees.start_ns, made.callees.end_ns)
        self.callees.show_flame(made.callees, self._analysis.self_ns, self.zoom)
        self.callers.show_flame(made.callers, self._analysis.self_ns, self.zoom)
        self._upper.setCurrentWidget(self.callers if made.callers.rows else self.no_callers)
        self.words.setText(_words(made))
        self._mark()
        if not is_same:
            self.callers.verticalScrollBar().setValue(self.callers.verticalScrollBar().maximum())

    def _mark(self) -> None:
        shown = self._shown
        if shown is not None:
            position = shown.tree.position_of(self._selected)
            self.callees.mark_box(NO_BOX if position is None else shown.callees.box_of[position])
            self.callers.mark_box(NO_BOX)

    def _choose_caller(self, box: int) -> None:
        if self._shown is not None:
            self._choose(self._shown.callers, box)

    def _choose_callee(self, box: int) -> None:
        if self._shown is not None:
            self._choose(self._shown.callees, box)

    def _choose(self, flame: Flame, box: int) -> None:
        ids, members = flame.tree.columns.ids, flame.members[box]
        chosen = flame.tree.position_of(self._selected)
        if chosen not in members:
            self.span_chosen.emit(ids.one(members[0]))
        if len(members) > 1:
            self.joined_chosen.emit((flame.span(box).name, ChosenIds(ids, array("i", members))))

    def fit_box(self) -> None:
        """Zoom to the selected box."""
        self.callees.fit_box()


def _words(made: Sandwich) -> str:
    name, service, kind = made.name
    failed = f" · {count_text(made.error_count)} failed" if made.error_count else ""
    own, total = duration_text(made.self_ns), duration_text(made.total_ns)
    spans = counted(made.count, "span")
    return f"{kind_word(kind)} {name} of {service}: {spans}{failed} · {total} with what it calls · own {own}"

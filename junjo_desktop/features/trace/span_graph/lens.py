"""The lens Graph: how nodes are made and coloured, and the call graph."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.coloring import COLOR_LABELS, ColorBy
from junjo_desktop.features.trace.health import ChosenIds
from junjo_desktop.features.trace.span_graph.model import GraphForm, SpanGraph, span_graph
from junjo_desktop.features.trace.span_graph.picture import first_node, neighbour, plan_of
from junjo_desktop.features.trace.span_graph.scene import SpanGraphScene
from junjo_desktop.features.trace.span_graph.words import hidden_words, node_sentence
from junjo_desktop.features.trace.tree import SpanTree
from junjo_desktop.widgets.background_work import Background
from junjo_desktop.widgets.elided_combo import ElidedCombo
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.layered.canvas import LayeredCanvas
from junjo_desktop.widgets.layered.export_button import ExportButton
from junjo_desktop.widgets.layered.exporting import DrawingExport
from junjo_desktop.widgets.layered.fonts import FontMeasure
from junjo_desktop.widgets.layered.layout import lay_out
from junjo_desktop.widgets.layered.model import Layout, Plan
from junjo_desktop.widgets.segmented import Segmented

_LEAST_COLORS_PX = 84
_FORMS = ((GraphForm.NAMES, "By name"), (GraphForm.SPANS, "Each span"))


@dataclass(frozen=True, slots=True)
class _Merge:
    tree: SpanTree
    self_ns: array[int]
    form: GraphForm

    def __call__(self) -> SpanGraph:
        with collection_held_back():
            return span_graph(self.tree, self.self_ns, self.form)


@dataclass(frozen=True, slots=True)
class _Place:
    graph: SpanGraph
    plan: Plan

    def __call__(self) -> tuple[SpanGraph, Plan, Layout]:
        return self.graph, self.plan, lay_out(self.plan)


class GraphLens(QWidget):
    """`span_chosen` carries a span id; `joined_chosen` (name, ids) of the spans that a node joins, if several."""

    span_chosen = Signal(str)
    joined_chosen = Signal(object)
    entered_span = Signal()

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: Analysis | None = None
        self._graph: SpanGraph | None = None
        self._plan = Plan()
        self._layout = Layout({}, {}, 0, 0)
        self._measure = FontMeasure()
        self._selected = ""
        self._found: frozenset[str] = frozenset()
        self._is_stale = False
        self.form = Segmented([(str(key), label) for key, label in _FORMS], name="Nodes", parent=self)
        self.colors = ElidedCombo(self)
        self.colors.setMinimumWidth(_LEAST_COLORS_PX)
        self.note = ElidedLabel(parent=self, look="dim")
        self.scene = SpanGraphScene()
        self.canvas: LayeredCanvas[SpanGraphScene] = LayeredCanvas(self.scene, self)
        self.export = DrawingExport(self.scene, self, noun="graph")
        self.export_button = ExportButton(self.export, self, noun="graph")
        self.controls = QFrame(self)
        """To be placed by the owner."""
        self._merger = background.worker(self, self._merged)
        self._placer = background.worker(self, self._placed)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.canvas.setAccessibleName("Call graph of the trace")
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.export.title = "Call graph of a trace"
        self.form.setToolTip("A node for all spans of a service with the same name, or one for each span")
        self.colors.setAccessibleName("Colours by")
        self.colors.setToolTip("What the colours of nodes stand for")
        for key, label in COLOR_LABELS.items():
            self.colors.addItem(f"Colour by {label.lower()}", str(key))
        self.controls.setProperty("look", "bar")
        line = QHBoxLayout(self.controls)
        line.setContentsMargins(8, 5, 8, 5)
        line.setSpacing(8)
        line.addWidget(self.form)
        line.addWidget(self.colors)
        line.addWidget(self.note, 1)
        line.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self.form.chosen.connect(self._choose_form)
        self.colors.currentIndexChanged.connect(self._recolor)
        self.canvas.node_pressed.connect(self.press)
        self.canvas.node_pointed.connect(self.press)
        self.export.told.connect(self.note.setText)
        self.canvas.walked.connect(self.walk)
        self.canvas.entered.connect(self.entered_span)
        self.canvas.focus_changed.connect(self._mark)

    @property
    def graph(self) -> SpanGraph | None:
        """What is shown; None while it is being made."""
        return self._graph

    # What is shown

    def forget(self) -> None:
        """Another trace is on its way."""
        self._analysis = self._graph = None
        self._merger.cancel()
        self._placer.cancel()
        self.canvas.place_anew()

    def show_analysis(self, analysis: Analysis) -> None:
        """Show a trace, or the same one grown: where one looks stays."""
        if self._analysis is not None and analysis.tree is self._analysis.tree:
            return
        self._analysis = analysis
        self._is_stale = True
        self._make()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._make()
        self._follow()

    def _make(self) -> None:
        if self._is_stale and self._analysis is not None and self.isVisible():
            self._is_stale = False
            self._merger.submit(_Merge(self._analysis.tree, self._analysis.self_ns, GraphForm(self.form.value)))

    def _choose_form(self, _form: str = "") -> None:
        self._is_stale = True
        self.canvas.place_anew()
        self._make()

    def _merged(self, graph: SpanGraph) -> None:
        plan = plan_of(graph, self._measure)
        if plan == self._plan:
            self._placed((graph, plan, self._layout))
        else:
            self._placer.submit(_Place(graph, plan))

    def _placed(self, placed: tuple[SpanGraph, Plan, Layout]) -> None:
        graph, self._plan, layout = placed
        self._graph, self._layout = graph, layout

        def change() -> None:
            self.scene.show_graph(graph, layout)

        self.canvas.change_drawing(graph.nodes, layout, change, None)
        self.note.setText(hidden_words(graph))
        self._follow()
        self._show_found()

    def _recolor(self, _index: int = 0) -> None:
        self.scene.color_by = ColorBy(str(self.colors.currentData()))
        self.scene.restyle()

    def next_color(self) -> None:
        """Let colours stand for the next thing."""
        self.colors.setCurrentIndex((self.colors.currentIndex() + 1) % self.colors.count())

    def toggle_form(self) -> None:
        """Show a node for each span, or for each name."""
        self.form.set_value(str(GraphForm.SPANS if self.form.value == GraphForm.NAMES else GraphForm.NAMES))
        self._choose_form()

    # One selection

    def show_selected(self, span_id: str) -> None:
        """Mark the node of a span."""
        self._selected = span_id
        self._follow()

    def show_found(self, span_ids: Collection[str]) -> None:
        """Mark the nodes of spans that a search found."""
        self._found = frozenset(span_ids)
        self._show_found()

    def _show_found(self) -> None:
        graph = self._graph
        if graph is not None:
            places = (graph.tree.position_of(span_id) for span_id in self._found)
            self.scene.show_found({graph.node_of[place] for place in places if place in graph.node_of})

    def _follow(self) -> None:
        if self._graph is not None and self.isVisible():
            self._mark()
            self.canvas.show_node(self._graph.node_around(self._selected))

    def _mark(self) -> None:
        graph = self._graph
        key = None if graph is None else graph.node_around(self._selected)
        self.scene.mark(key, has_focus=self.canvas.hasFocus())
        self.canvas.say("" if graph is None or key is None else node_sentence(graph.nodes[key]))

    def fit_current(self) -> None:
        """Zoom to the selected node."""
        self.canvas.fit_node(self.scene.marked)

    # What hands do

    def press(self, key: str) -> None:
        """Select a node: the spans that it stands for can be gone through."""
        graph = self._graph
        if graph is None or key not in graph.nodes:
            return
        node = graph.nodes[key]
        if graph.node_around(self._selected) != key:
            self.span_chosen.emit(graph.tree.columns.ids.one(node.positions[0]))
        if node.count > 1:
            self.joined_chosen.emit((node.name, ChosenIds(graph.tree.columns.ids, node.positions)))

    def walk(self, direction: str) -> None:
        """Go to the next node `left`, `right`, `up` or `down`."""
        graph = self._graph
        if graph is None:
            return
        marked = self.scene.marked
        layout = self._layout
        key = first_node(graph, layout) if marked is None else neighbour(graph, layout, marked, direction)
        if key is not None:
            self.press(key)

    def save_state(self, state: QSettings) -> None:
        """Write what nodes are, and their colours."""
        state.setValue("graph_nodes", self.form.value)
        state.setValue("graph_colors", self.colors.currentData())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        if state.value("graph_nodes") in list(GraphForm):
            self.form.set_value(str(state.value("graph_nodes")))
        self.colors.setCurrentIndex(max(self.colors.findData(str(state.value("graph_colors", ""))), 0))

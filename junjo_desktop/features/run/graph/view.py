"""The graph of a run: its picture, its keys, and one selection with the other parts of the page."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from junjo_desktop.features.run.graph.canvas import GraphCanvas
from junjo_desktop.features.run.graph.picture import picture_of
from junjo_desktop.features.run.graph.picture_model import Choices, DrawnNode, Picture
from junjo_desktop.features.run.graph.picture_words import spoken_node, strip_text
from junjo_desktop.features.run.graph.strip import GraphStrip
from junjo_desktop.features.run.graph.walking import Direction, first_node, neighbour
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.shell.commands import Command
from junjo_desktop.telemetry.junjo.run import Run, Step
from junjo_desktop.widgets.layered.exporting import DrawingExport
from junjo_desktop.widgets.layered.fonts import FontMeasure
from junjo_desktop.widgets.layered.labels import shown_text
from junjo_desktop.widgets.layered.layout import lay_out
from junjo_desktop.widgets.layered.model import Layout, Plan

_GROUP = "Graph"
_NO_PICTURE = Picture({}, {}, Plan(), {})
_DEEPEST = 100


class RunGraphView(QWidget):
    """Shows one run at a time. Shown again, the same run keeps zoom, place, opened subflows and chosen runs."""

    def __init__(self, selection: RunSelection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._run: Run | None = None
        self._steps: dict[str, Step] = {}
        self._choices = Choices()
        self._measure = FontMeasure()
        self._current: str | None = None
        self.picture = _NO_PICTURE
        self.layout_shown = Layout({}, {}, 0, 0)
        self.canvas = GraphCanvas(self)
        self.sentence = QLabel(self)
        self.strip = GraphStrip(self)
        self.export = DrawingExport(self.canvas.graph, self, noun="graph")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setProperty("look", "dim")
        self.sentence.setContentsMargins(14, 8, 14, 8)
        self.sentence.setWordWrap(True)
        self.sentence.hide()
        layout.addWidget(self.sentence)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.strip)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self._selection.changed.connect(self._follow_selection)
        self.canvas.node_pressed.connect(self.press)
        self.canvas.node_toggled.connect(self.toggle)
        self.canvas.walked.connect(self.walk)
        self.canvas.entered.connect(self.toggle_current)
        self.canvas.focus_changed.connect(self._mark)
        self.strip.stepped.connect(self._step)
        self.strip.labels_switched.connect(self.set_edge_labels)
        self.strip.fit_asked.connect(self.canvas.show_whole)
        self.strip.zoom_in_asked.connect(self.canvas.zoom_in)
        self.strip.zoom_out_asked.connect(self.canvas.zoom_out)
        self.strip.svg.triggered.connect(self.export.ask_svg)
        self.strip.png.triggered.connect(self.export.ask_png)
        self.strip.copy.triggered.connect(self.export.copy_image)
        self.export.told.connect(self._tell)

    # What the page asks

    def show_run(self, run: Run) -> None:
        """Show a run, or what arrived of it in the meantime."""
        is_other = self._run is None or not _is_same(self._run, run)
        self._run = run
        self._steps = {step.span_id: step for step in run.steps}
        name = shown_text(run.name)
        self.export.title = name
        self.canvas.setAccessibleName(f"Graph of {name}")
        if is_other:
            self._choices = Choices(has_edge_labels=self._choices.has_edge_labels)
            self._current = None
            self.canvas.place_anew()
        self._draw()
        # Where the user looks stays, unless there is something new to look at.
        self._show_selected(self._selection.span_id, scroll=is_other)

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done with the graph."""
        canvas = self.canvas
        return (
            Command("graph.fit", "Fit the selected node", self.fit_current, "F", _GROUP, "zoom-fit", self._is_shown),
            Command("graph.whole", "Show the whole graph", canvas.show_whole, "0", _GROUP, "zoom-fit", self._is_shown),
            Command("graph.zoom_in", "Zoom in", canvas.zoom_in, "+", _GROUP, "zoom-in", self._is_shown),
            Command("graph.zoom_out", "Zoom out", canvas.zoom_out, "-", _GROUP, "zoom-out", self._is_shown),
            Command("graph.previous", "Previous run of the node", self.previous_run, "[", _GROUP, "", self._has_runs),
            Command("graph.next", "Next run of the node", self.next_run, "]", _GROUP, "", self._has_runs),
            Command("graph.labels", "Show or hide edge labels", self.strip.labels.toggle, "L", _GROUP, "eye"),
            Command("graph.svg", "Save the graph as SVG…", self.export.ask_svg, "", _GROUP, "export", self._is_shown),
            Command("graph.png", "Save the graph as PNG…", self.export.ask_png, "", _GROUP, "export", self._is_shown),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that the graph itself understands."""
        return (
            ("Ctrl+← → ↑ ↓", "In the graph: to the next node"),
            ("Enter", "In the graph: open or close the subflow"),
            ("Ctrl+wheel", "In the graph: zoom"),
        )

    # What hands do

    @property
    def current(self) -> DrawnNode | None:
        """The selected node."""
        return None if self._current is None else self.picture.nodes.get(self._current)

    def press(self, key: str) -> None:
        """Select a node, and with it the run of it that is looked at."""
        node = self.picture.nodes[key]
        self._set_current(key)
        if node.span_id is not None:
            self._selection.select_span(node.span_id)

    def toggle(self, key: str) -> None:
        """Open or close a subflow where it stands."""
        node = self.picture.nodes.get(key)
        if node is None or not node.can_open:
            return
        self._choices = replace(self._choices, opened=self._choices.opened ^ {key})
        self._draw(keep=key)
        self._set_current(key)
        self._show_selected(self._selection.span_id)

    def toggle_current(self) -> None:
        """Open or close the selected subflow."""
        if self._current is not None:
            self.toggle(self._current)

    def walk(self, direction: str) -> None:
        """Go to the next node `left`, `right`, `up` or `down`."""
        if self._current is None:
            key = first_node(self.picture, self.layout_shown)
        else:
            key = neighbour(self.picture, self.layout_shown, self._current, Direction(direction))
        if key is not None:
            self.press(key)

    def previous_run(self) -> None:
        """Look at the run before, of the selected node."""
        self._step("previous")

    def next_run(self) -> None:
        """Look at the next run of the selected node."""
        self._step("next")

    def fit_current(self) -> None:
        """Zoom to the selected node."""
        self.canvas.fit_node(self._current)

    def set_edge_labels(self, shown: bool) -> None:
        """Show or hide what is written beside edges; without it the drawing is denser."""
        self.strip.labels.setChecked(shown)
        if shown != self._choices.has_edge_labels:
            self._choices = replace(self._choices, has_edge_labels=shown)
            self._draw(keep=self._current)

    def _step(self, way: str) -> None:
        node = self.current
        if node is None or len(node.runs) < 2:
            return
        number = node.chosen + (1 if way == "next" else -1)
        if 0 <= number < len(node.runs):
            self._choose(node.key, number)
            self._set_current(node.key)
            self._selection.select_span(node.runs[number])

    def _choose(self, key: str, number: int) -> None:
        self._choices = replace(self._choices, runs={**self._choices.runs, key: number})
        self._draw(keep=key)

    # Drawing

    def _draw(self, keep: str | None = None) -> None:
        if self._run is None:
            return
        picture = picture_of(self._run, self._choices, self._measure)
        if picture.plan != self.picture.plan:
            self.layout_shown = lay_out(picture.plan)
        self.picture = picture
        self.canvas.show_picture(picture, self.layout_shown, keep)
        self.sentence.setText(picture.sentence)
        self.sentence.setVisible(bool(picture.sentence))
        self._mark()

    def _follow_selection(self, _selection: object = None) -> None:
        if self._selection.span_id is None:
            self._set_current(None)
        else:
            self._show_selected(self._selection.span_id)

    def _show_selected(self, span_id: str | None, *, scroll: bool = True) -> None:
        """Show what the other parts selected: the nearest thing around it that is drawn. Nothing is opened for it.

        An opened subflow shows the run that the selected span is in.
        """
        if span_id is None or self._run is None:
            return
        for _ in range(_DEEPEST):
            found = self._nearest_drawn(span_id)
            if found is None:
                self._set_current(None)
                return
            key, drawn_span = found
            number = self.picture.nodes[key].runs.index(drawn_span)
            if number == self.picture.nodes[key].chosen:
                break
            self._choose(key, number)
        self._set_current(key, scroll=scroll)

    def _nearest_drawn(self, span_id: str) -> tuple[str, str] | None:
        """Return the node that stands for a span or for what is around it, and the span it stands for."""
        step = self._steps.get(span_id)
        while step is not None:
            key = self.picture.node_of_span.get(step.span_id)
            if key is not None:
                return key, step.span_id
            step = self._steps.get(step.parent_span_id or "")
        return None

    def _set_current(self, key: str | None, *, scroll: bool = True) -> None:
        self._current = key
        self._mark()
        if scroll:
            self.canvas.show_node(key)

    def _mark(self) -> None:
        self.canvas.graph.mark(self._current, has_focus=self.canvas.hasFocus())
        node = self.current
        if node is None:
            self.strip.show_runs("", 0, 0)
            self.canvas.say("")
        else:
            self.strip.show_runs(strip_text(node, self._steps.get(node.span_id or "")), node.chosen, len(node.runs))
            self.canvas.say(spoken_node(node))

    def _tell(self, words: str) -> None:
        self.strip.words.setText(words)

    def _is_shown(self) -> bool:
        return bool(self.picture.nodes)

    def _has_runs(self) -> bool:
        node = self.current
        return node is not None and len(node.runs) > 1


def _is_same(one: Run, other: Run) -> bool:
    """Whether both are the same run; its owner may have arrived in the meantime."""
    known = ((one.span_id, other.span_id), (one.runtime_id, other.runtime_id))
    return one.trace_id == other.trace_id and all(mine == its for mine, its in known if mine and its)

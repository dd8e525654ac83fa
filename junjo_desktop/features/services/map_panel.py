"""The map: who calls whom, how often, how well and how fast. What is selected leads to the traces behind it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from junjo_desktop.features.services.map_canvas import MapCanvas
from junjo_desktop.features.services.map_layout import lay_out_map
from junjo_desktop.features.services.map_picture import NOTHING, picture_of
from junjo_desktop.features.services.map_places import edge_place, node_place
from junjo_desktop.features.services.map_reading import MapReading, MapSoFar
from junjo_desktop.features.services.map_strip import MapStrip
from junjo_desktop.features.services.map_walking import first_node, neighbour, next_edge
from junjo_desktop.features.services.map_words import edge_words, node_words
from junjo_desktop.features.services.panel import ServicesPanel
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.service_map import NodeKind
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import count_text, counted
from junjo_desktop.widgets.layered.exporting import DrawingExport
from junjo_desktop.widgets.layered.fonts import FontMeasure
from junjo_desktop.widgets.layered.model import Layout
from junjo_desktop.widgets.notice_bar import NoticeBar

_GROUP = "Services"


class MapPanel(ServicesPanel):
    """Shown again, the same map keeps zoom, place and selection. `service_asked` carries a filter for one service."""

    service_asked = Signal(object)

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(workbench, parent)
        self._so_far: MapSoFar | None = None
        self._measure = FontMeasure()
        self._node: str | None = None
        self._edge: str | None = None
        self._is_live = self._is_stale = self._is_seen = False
        self._read_filter: tuple[object, bool] | None = None
        self.picture = NOTHING
        self.layout_shown = Layout({}, {}, 0, 0)
        self.reading = MapReading(workbench, self)
        self.notice = NoticeBar(self)
        self.canvas = MapCanvas(self)
        self.canvas.setAccessibleName("Map of services")
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.empty = EmptyState(parent=self)
        self.strip = MapStrip(self)
        self.export = DrawingExport(self.canvas.graph, self, noun="map")
        self.export.title = "Map of services"
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.wait, self.notice, self.canvas, self.empty, self.strip):
            layout.addWidget(widget, 1 if widget in (self.canvas, self.empty) else 0)
        self.empty.hide()
        self.setFocusProxy(self.canvas)
        self._connect()

    def _connect(self) -> None:
        self.reading.changed.connect(self._take)
        self.canvas.node_pressed.connect(self.press_node)
        self.canvas.edge_pressed.connect(self.press_edge)
        self.canvas.node_pointed.connect(self.select_node)
        self.canvas.edge_pointed.connect(self.select_edge)
        self.canvas.customContextMenuRequested.connect(self._show_menu)
        self.canvas.walked.connect(self.walk)
        self.canvas.entered.connect(self.open_traces)
        self.canvas.focus_changed.connect(self._mark)
        strip = self.strip
        strip.outside_switched.connect(self._switch_outside)
        strip.traces.clicked.connect(self.open_traces)
        strip.failed.clicked.connect(self.open_failed)
        strip.only.clicked.connect(self.ask_only)
        strip.fit_asked.connect(self.canvas.show_whole)
        strip.zoom_in_asked.connect(self.canvas.zoom_in)
        strip.zoom_out_asked.connect(self.canvas.zoom_out)
        strip.svg.triggered.connect(self.export.ask_svg)
        strip.png.triggered.connect(self.export.ask_png)
        strip.copy.triggered.connect(self.export.copy_image)
        self.export.told.connect(strip.words.setText)
        self.workbench.batch_stored.connect(self._stored)
        self.workbench.housekeeping.deleted.connect(self._read)

    # What the page asks

    def list_anew(self) -> None:
        """Read the map of another time; another service or text draws what was read."""
        wanted = self.filter.time_range, self.strip.outside.isChecked()
        if self._read_filter == wanted and self._so_far is not None:
            self._draw()
        else:
            self._read()

    def shown(self) -> None:
        self._is_seen = True
        if self._is_listed and self._read_filter is None:
            self._read()
        elif self._is_stale:
            self._is_stale = False
            self.reading.stored()

    def hidden(self) -> None:
        self._is_seen = False
        if self.reading.busy:
            self.reading.cancel()
            self.wait.end()
            self._read_filter = None

    def set_live(self, live: bool) -> None:
        self._is_live = live
        if live and self._is_stale and self._is_seen:
            self.shown()

    def commands(self) -> tuple[Command, ...]:
        canvas, strip = self.canvas, self.strip
        chosen, drawn = self._is_chosen, self._is_drawn
        return (
            Command("map.fit", "Fit the selected service", self.fit_current, "F", _GROUP, "zoom-fit", drawn),
            Command("map.whole", "Show the whole map", canvas.show_whole, "0", _GROUP, "zoom-fit", drawn),
            Command("map.zoom_in", "Zoom in", canvas.zoom_in, "+", _GROUP, "zoom-in", drawn),
            Command("map.zoom_out", "Zoom out", canvas.zoom_out, "-", _GROUP, "zoom-out", drawn),
            Command("map.previous", "Previous call of the service", self.previous_edge, "[", _GROUP, "", chosen),
            Command("map.next", "Next call of the service", self.next_edge, "]", _GROUP, "", chosen),
            Command("map.failed", "Failed traces of what is selected", self.open_failed, "E", _GROUP, "error", chosen),
            Command("map.only", "Only the selected service", self.ask_only, "O", _GROUP, "filter", chosen),
            Command("map.outside", "What sends no telemetry", strip.outside.toggle, "X", _GROUP, "external"),
            Command("map.svg", "Save the map as SVG…", self.export.ask_svg, "", _GROUP, "export", drawn),
            Command("map.png", "Save the map as PNG…", self.export.ask_png, "", _GROUP, "export", drawn),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← → ↑ ↓", "In the map: to the next service"),
            ("[ ]", "In the map: the calls of the selected service, one by one"),
            ("Enter", "In the map: traces of what is selected"),
            ("Ctrl+wheel", "In the map: zoom"),
        )

    def save_state(self, state: QSettings) -> None:
        state.setValue("map/outside", "1" if self.strip.outside.isChecked() else "0")

    def restore_state(self, state: QSettings) -> None:
        self.strip.outside.setChecked(state.value("map/outside", "1") != "0")

    # What hands do

    def press_node(self, key: str) -> None:
        """Show the traces of a node; it stays selected for when one comes back."""
        self.select_node(key)
        self.open_traces()

    def press_edge(self, key: str) -> None:
        """Show the traces behind an edge; it stays selected for when one comes back."""
        self.select_edge(key)
        self.open_traces()

    def select_node(self, key: str) -> None:
        """Say what is known of a node, and where it leads."""
        self._select(key, None)
        self.canvas.show_node(key)

    def select_edge(self, key: str) -> None:
        """Say what is known of an edge, and where it leads."""
        self._select(self.picture.edges[key].tail, key)

    def walk(self, direction: str) -> None:
        """Go to the next node `left`, `right`, `up` or `down`."""
        if self._node is None:
            key = first_node(self.picture, self.layout_shown)
        else:
            key = neighbour(self.picture, self.layout_shown, self._node, direction)
        if key is not None:
            self.select_node(key)

    def next_edge(self) -> None:
        """Select the next call of the selected node."""
        self._step_edge(1)

    def previous_edge(self) -> None:
        """Select the call before."""
        self._step_edge(-1)

    def fit_current(self) -> None:
        """Zoom to the selected node."""
        self.canvas.fit_node(self._node)

    def open_traces(self) -> None:
        """Show the traces of what is selected."""
        self._open(failed=False)

    def open_failed(self) -> None:
        """Show the failed ones."""
        self._open(failed=True)

    def ask_only(self) -> None:
        """Ask for the map of the selected service alone."""
        drawn = self.picture.nodes.get(self._node or "")
        if drawn is not None and drawn.node.key.kind is NodeKind.SERVICE:
            self.service_asked.emit(replace(self.filter, service=drawn.node.key.name))

    def _step_edge(self, step: int) -> None:
        if self._node is not None:
            key = next_edge(self.picture, self._node, self._edge, step)
            if key is not None:
                self._select(self._node, key)
                self.canvas.show_edge(key)

    def _open(self, *, failed: bool) -> None:
        place = None
        if self._edge is not None:
            place = edge_place(self.picture.edges[self._edge].edge, self.filter.time_range, failed=failed)
        elif self._node is not None:
            place = node_place(self.picture.nodes[self._node].node, self.filter.time_range, failed=failed)
        if place is not None:
            self.workbench.open(place)

    def build_menu(self) -> QMenu:
        """Return the menu of what is selected; empty for nothing."""
        menu = QMenu(self)
        words, has_failed, is_service = self._selected_words()
        if words:
            menu.addAction(icon("traces"), "Show traces\tEnter", self.open_traces)
        if has_failed:
            menu.addAction(icon("error"), "Show failed traces\tE", self.open_failed)
        if is_service:
            menu.addAction(icon("filter"), "Only this service\tO", self.ask_only)
        if words:
            menu.addAction(icon("copy"), "Copy these figures").triggered.connect(
                partial(QGuiApplication.clipboard().setText, words)
            )
        return menu

    def _show_menu(self, at: QPoint) -> None:
        menu = self.build_menu()
        if not menu.isEmpty():
            menu.exec(self.canvas.viewport().mapToGlobal(at))
        menu.deleteLater()

    # Reading and drawing

    def _read(self) -> None:
        if not self._is_seen:
            self._read_filter = None
            return
        self.wait.begin(self.filter)
        self._read_filter = self.filter.time_range, self.strip.outside.isChecked()
        self.reading.read(self.filter, with_outside=self.strip.outside.isChecked())

    def _stored(self) -> None:
        if self._is_seen and self._is_live:
            self.reading.stored()
        else:
            self._is_stale = True

    def _switch_outside(self, _wanted: bool) -> None:
        self.canvas.place_anew()
        if self._so_far is not None:
            self._read()

    def _take(self, so_far: MapSoFar) -> None:
        self.wait.end()
        self._so_far = so_far
        self._show_notice(so_far)
        self._draw()

    def _draw(self) -> None:
        so_far = self._so_far
        if so_far is None:
            return
        with_outside = self.strip.outside.isChecked()
        picture = picture_of(so_far.found, self.filter, with_outside=with_outside, measure=self._measure)
        if picture.plan != self.picture.plan:
            self.layout_shown = lay_out_map(picture.plan, picture.outside)
        self.picture = picture
        self.canvas.show_picture(picture, self.layout_shown)
        if self._edge not in picture.edges:
            self._edge = None
        if self._node not in picture.nodes:
            self._node = None
        is_empty = not picture.nodes
        if is_empty:
            self.show_empty(self.empty, so_far.known)
        else:
            self.known.emit(so_far.known)
        self.empty.setVisible(is_empty)
        self.canvas.setVisible(not is_empty)
        self.strip.setVisible(not is_empty)
        self._mark()

    def _show_notice(self, so_far: MapSoFar) -> None:
        missing = so_far.total - so_far.read
        if so_far.read >= so_far.total or (so_far.is_done and missing <= 0):
            self.notice.hide()
        elif so_far.is_done:
            newest = f"The newest {count_text(so_far.read)} of {counted(so_far.total, 'span')} are counted."
            self.notice.show_notice(newest, "warning", (("Count the rest", self.reading.go_on),))
        else:
            words = f"Counting calls: {count_text(so_far.read)} of {counted(so_far.total, 'span')}, the newest first."
            if self.notice.isHidden():
                self.notice.show_notice(words, "info", (("Stop", self.reading.stop),))
            self.notice.show_progress(words, so_far.read / so_far.total)

    # Selection

    def _select(self, node: str | None, edge: str | None) -> None:
        self._node, self._edge = node, edge
        self._mark()

    def _mark(self) -> None:
        self.canvas.graph.mark(self._edge or self._node, has_focus=self.canvas.hasFocus())
        words, has_failed, is_service = self._selected_words()
        self.strip.show_selected(words, has_failed=has_failed, is_service=is_service)
        self.canvas.say(words)

    def _selected_words(self) -> tuple[str, bool, bool]:
        if self._edge is not None:
            edge = self.picture.edges[self._edge].edge
            return edge_words(edge), edge.tally.errors > 0, False
        if self._node is not None:
            node = self.picture.nodes[self._node].node
            is_service = node.key.kind is NodeKind.SERVICE
            return node_words(node), node.requests.errors > 0, is_service
        return "", False, False

    def _is_chosen(self) -> bool:
        return self._node is not None

    def _is_drawn(self) -> bool:
        return bool(self.picture.nodes)

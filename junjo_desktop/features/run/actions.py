"""What can be done with the run that is shown, and the ways from it to other places."""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.run.header import RunHeader
from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.features.run.queries import Namesake, Namesakes
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.shell.destinations import AddToQuery, CompareRuns, OpenPage, OpenRun, OpenRuns, OpenTrace
from junjo_desktop.shell.links import link_to
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_listings import RunKey
from junjo_desktop.telemetry.junjo.executable import OWNER_TYPES, ExecutableType
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import duration_text, moment_text
from junjo_desktop.widgets.inspector.detail import SpanLink


class RunActions(QObject):
    """Serves the buttons of the header, and the commands."""

    def __init__(self, workbench: Workbench, header: RunHeader, selection: RunSelection) -> None:
        super().__init__(header)
        self._workbench = workbench
        self._header = header
        self._selection = selection
        self._loaded: LoadedRun | None = None
        self._namesakes = Namesakes()
        for asked, do in (
            (header.list_asked, self.open_list),
            (header.service_asked, self.open_service),
            (header.around_asked, self.open_around),
            (header.older_asked, self.open_older),
            (header.newer_asked, self.open_newer),
            (header.trace_asked, self.open_trace),
            (header.star_asked, self.toggle_star),
            (workbench.stars.changed, self._show_star),
        ):
            asked.connect(do)
        header.link_text = self.link
        header.compare_menu.aboutToShow.connect(self._fill_compare)
        self.show_run(None)

    # What is shown

    def show_run(self, loaded: LoadedRun | None) -> None:
        """Serve another run, or none."""
        if loaded is None or self._loaded is None or loaded.place != self._loaded.place:
            self.show_namesakes(Namesakes())
        self._loaded = loaded
        self._show_star()
        if loaded is None:
            self._header.show_places("Workflows", "", "")
        else:
            around = loaded.run.parent.name.strip() or "(no name)" if loaded.run.parent is not None else ""
            self._header.show_places(self.list_kind.capitalize(), loaded.run.service_name, around)

    def show_namesakes(self, namesakes: Namesakes) -> None:
        """Know the other runs of the same name."""
        self._namesakes = namesakes
        place = namesakes.place
        self._header.show_ways(
            older=place is not None and place.older is not None,
            newer=place is not None and place.newer is not None,
            others=bool(namesakes.nearest) and self._compares(),
        )

    def _compares(self) -> bool:
        return self._workbench.can_open(CompareRuns(OpenRun(None)))

    def _fill_compare(self) -> None:
        menu = self._header.compare_menu
        menu.clear()
        earlier = [one for one in self._namesakes.nearest if self._is_earlier(one)]
        completed = next((one for one in earlier if one.outcome == "completed"), None)
        for title, chosen in (("Previous run", earlier[0] if earlier else None), ("Last completed run", completed)):
            if chosen is not None:
                menu.addAction(f"{title} · {_told(chosen)}").triggered.connect(partial(self.compare_with, chosen))
        if earlier:
            menu.addSeparator()
        for one in self._namesakes.nearest:
            menu.addAction(_told(one)).triggered.connect(partial(self.compare_with, one))
        menu.addSeparator()
        menu.addAction("Another run…", self.choose_other)

    def _is_earlier(self, one: Namesake) -> bool:
        return self._loaded is not None and one.start_ns < self._loaded.run.start_ns

    def compare_with(self, one: Namesake) -> None:
        """Show this run beside another, the earlier one at the left."""
        if (loaded := self._loaded) is not None:
            here = OpenRun(loaded.place.trace_id, loaded.place.owner_span_id)
            other = OpenRun(one.key.trace_id, one.key.owner_span_id)
            self._workbench.open(CompareRuns(other, here) if self._is_earlier(one) else CompareRuns(here, other))

    def choose_other(self) -> None:
        """Show what this run may be compared with."""
        if (loaded := self._loaded) is not None:
            self._workbench.open(CompareRuns(OpenRun(loaded.place.trace_id, loaded.place.owner_span_id)))

    def _show_star(self) -> None:
        loaded = self._loaded
        self._header.show_star(None if loaded is None else loaded.place.trace_id in self._workbench.stars)

    @property
    def list_kind(self) -> Literal["agents", "workflows"]:
        """In which list such runs are."""
        executable = None if self._loaded is None else self._loaded.run.executable
        is_agent = executable is not None and executable.type is ExecutableType.AGENT
        return "agents" if is_agent else "workflows"

    def is_same_run(self, destination: OpenRun) -> bool:
        """Whether a destination names the run that is shown, as far as its ids tell."""
        loaded = self._loaded
        if loaded is None or destination.trace_id not in (None, loaded.place.trace_id):
            return False
        if destination.span_id is not None:
            return destination.span_id == loaded.place.owner_span_id
        return destination.runtime_id is not None and destination.runtime_id == loaded.run.runtime_id

    # Ways

    def open_list(self) -> None:
        """Go to the list of such runs; to the traces where there is none."""
        if not self._workbench.open(OpenRuns(self.list_kind)):
            self._workbench.open(OpenPage("traces"))

    def open_service(self) -> None:
        """Go to the runs of the same service."""
        if self._loaded is not None:
            self._workbench.open(OpenRuns(self.list_kind, service=self._loaded.run.service_name))

    def open_around(self) -> None:
        """Go to the run that this one is part of."""
        parent = None if self._loaded is None else self._loaded.run.parent
        if parent is not None:
            self._workbench.open(OpenRun(parent.trace_id, parent.span_id, parent.runtime_id))

    def open_older(self) -> None:
        """Go to the run of the same name before this one."""
        place = self._namesakes.place
        self._open_key(None if place is None else place.older)

    def open_newer(self) -> None:
        """Go to the run of the same name after this one."""
        place = self._namesakes.place
        self._open_key(None if place is None else place.newer)

    def _open_key(self, key: RunKey | None) -> None:
        if key is not None:
            self._workbench.open(OpenRun(key.trace_id, key.owner_span_id))

    def open_trace(self) -> None:
        """Go to the selected span in the trace."""
        if self._loaded is not None:
            span_id = self._selection.span_id or self._loaded.run.span_id
            self._workbench.open(OpenTrace(self._loaded.place.trace_id, span_id))

    def open_link(self, link: SpanLink) -> None:
        """Go to a linked span."""
        self._workbench.open(OpenTrace(link.trace_id, link.span_id))

    def find_traces(self, term: str) -> None:
        """Go to the list of traces, narrowed by one condition more."""
        self._workbench.open(AddToQuery(Subject.TRACES.value, term))

    def ways_from(self, span_id: str) -> tuple[tuple[str, str, object], ...]:
        """Return where one can go from a span: label, icon, destination."""
        loaded = self._loaded
        step = None if loaded is None else next((one for one in loaded.run.steps if one.span_id == span_id), None)
        if loaded is None or step is None:
            return ()
        trace_id = loaded.place.trace_id
        ways: list[tuple[str, str, object]] = []
        executable = step.executable
        if executable is not None and executable.type in OWNER_TYPES and span_id != loaded.run.span_id:
            ways.append((f"Open {executable.type.value} run", "workflows", OpenRun(trace_id, span_id)))
        if executable is None:
            # Of what is no Junjo's own, only the trace shows more.
            label = "Open LLM call in trace" if step.span_type == "llm" else "Open in trace"
            ways.append((label, "traces", OpenTrace(trace_id, span_id)))
        return tuple(way for way in ways if self._workbench.can_open(way[2]))

    def fill_menu(self, menu: QMenu) -> None:
        """Offer what can be done with the selected row."""
        span_id = self._selection.span_id
        if span_id is None:
            return
        menu.addSeparator()
        if self._selection.step is not None:
            menu.addAction("Show the span of this update\tD", self.show_span)
        for label, picture, destination in self.ways_from(span_id):
            if isinstance(destination, OpenRun):
                menu.addAction(icon(picture), label).triggered.connect(partial(self._workbench.open, destination))
        menu.addAction(icon("traces"), "Open in trace\tT", self.open_trace)
        menu.addSeparator()
        menu.addAction("Copy span id", self.copy_span_id)
        menu.addAction("Copy a link to this place\tShift+C", self.copy_link)

    def show_span(self) -> None:
        """Show the whole span that carries the selected update."""
        if self._selection.span_id is not None:
            self._selection.select_span(self._selection.span_id)

    # Deeds

    def link(self) -> str:
        """Return the link to this run, and to the state update that is selected; "" while no run is shown."""
        loaded = self._loaded
        if loaded is None:
            return ""
        place = loaded.place
        return link_to(OpenRun(place.trace_id, place.owner_span_id, loaded.run.runtime_id, self._selection.step))

    def copy_link(self) -> None:
        """Copy the link, as the button does."""
        self._header.link.copy()

    def copy_span_id(self) -> None:
        """Copy the id of the selected span."""
        if self._selection.span_id is not None:
            QGuiApplication.clipboard().setText(self._selection.span_id)

    def toggle_star(self) -> None:
        """Star the trace of the run, or not."""
        if self._loaded is not None:
            self._workbench.stars.toggle((self._loaded.place.trace_id,))
        self._show_star()

    def is_shown(self) -> bool:
        """Whether there is a run to do something with."""
        return self._loaded is not None


def _told(one: Namesake) -> str:
    """Return when a run began, how it ended and how long it took."""
    duration = "" if one.duration_ns is None else duration_text(one.duration_ns)
    words = (moment_text(one.start_ns) if one.start_ns else "no start time", one.outcome or "open", duration)
    return " · ".join(word for word in words if word)

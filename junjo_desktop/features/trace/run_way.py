"""The way from a span to the page of the run it belongs to."""

from __future__ import annotations

from PySide6.QtCore import QObject

from junjo_desktop.features.trace.header import TraceHeader
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.features.trace.tree import SpanRow
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.workbench import Workbench


class RunWay(QObject):
    """Serves the button of the header. A run is a Junjo workflow, subflow or agent; a span within one leads to it."""

    def __init__(self, workbench: Workbench, header: TraceHeader, view: TraceView) -> None:
        super().__init__(header)
        self._workbench = workbench
        self._header = header
        self._view = view
        self._trace_id = ""
        header.run.clicked.connect(self.open_run)
        view.span_selected.connect(self._follow)
        header.show_run_way("")

    def show_trace(self, head: TraceHead | None) -> None:
        """Serve another trace, or none."""
        self._trace_id = "" if head is None else head.trace_id
        self._follow()

    def run_around(self, span_id: str) -> SpanRow | None:
        """Return the innermost run that a span belongs to; itself when it is one. None where no page shows it."""
        tree = self._view.tree
        position = tree.position_of(span_id) if span_id else None
        while position is not None and position >= 0:
            if tree.columns.labels[tree.columns.label_of[position]].is_run:
                run = tree.columns.row(position)
                return run if self._workbench.can_open(OpenRun(self._trace_id, run.span_id)) else None
            position = tree.parents[position]
        return None

    def open_run(self) -> None:
        """Open the run that the selected span belongs to."""
        run = self.run_around(self._view.waterfall.selected_span)
        if run is not None:
            self._workbench.open(OpenRun(self._trace_id, run.span_id))

    def command(self) -> Command:
        """Return the command for it."""
        return Command("trace.run", "Open the run of this span", self.open_run, "W", "Trace", "workflows", self._leads)

    def _leads(self) -> bool:
        return self.run_around(self._view.waterfall.selected_span) is not None

    def _follow(self, _span_id: str = "") -> None:
        run = self.run_around(self._view.waterfall.selected_span)
        self._header.show_run_way("" if run is None else f"{run.span_type} {run.name}")

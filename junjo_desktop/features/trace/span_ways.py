"""The ways from the selected span to what is like it: how usual it is among all of its name, and its log records."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QToolButton

from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import AddToQuery, OpenLogs, OpenSpans
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.theme.icons import icon

_GROUP = "Trace"
_USUAL = "How usual is this? All spans of its name"


class SpanWays(QObject):
    """Serves a button of the inspector, the menu of a span, and the commands. Only ways that lead somewhere are there.

    They start from the selected span, also before the inspector shows it.
    """

    def __init__(self, workbench: Workbench, view: TraceView) -> None:
        super().__init__(view)
        self._workbench = workbench
        self._view = view
        self.usual = QToolButton(view.inspector)
        self.usual.setIcon(icon("histogram"))
        self.usual.setToolTip(f"{_USUAL} (A)")
        self.usual.setAccessibleName(_USUAL)
        self.usual.clicked.connect(self.show_usual)
        self.usual.hide()
        view.inspector.ways.addWidget(self.usual)
        view.span_selected.connect(self._follow)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the span that is shown."""
        return (
            Command("trace.usual", _USUAL, self.show_usual, "A", _GROUP, "histogram", self._leads_to_spans),
            Command("trace.span_logs", "Logs of this span", self.show_logs, "", _GROUP, "logs", self._leads_to_logs),
        )

    def add_to(self, menu: QMenu) -> None:
        """Add the ways to the menu of the selected span."""
        if self._leads_to_spans():
            menu.addAction(icon("histogram"), "All spans of this name: how usual is it?\tA", self.show_usual)
        if self._leads_to_logs():
            menu.addAction(icon("logs"), "Logs of this span", self.show_logs)

    def show_usual(self) -> None:
        """List all spans of the same name, type and service, and show where this one stands."""
        if (span := self._span()) is not None:
            self._workbench.open(
                OpenSpans(
                    service=span.service_name,
                    name=span.name,
                    span_type=span.span_type,
                    trace_id=self._view.trace_id,
                    span_id=span.span_id,
                )
            )

    def show_logs(self) -> None:
        """List the log records of the span."""
        if (span := self._span()) is not None:
            self._workbench.open(OpenLogs(trace_id=self._view.trace_id, span_id=span.span_id))

    def find_traces(self, term: str) -> None:
        """Find traces by a condition."""
        self._workbench.open(AddToQuery(Subject.TRACES.value, term))

    def find_records(self, term: str) -> None:
        """Find log records by a condition."""
        self._workbench.open(AddToQuery(Subject.LOGS.value, term))

    def _follow(self, _span_id: str) -> None:
        self.usual.setVisible(self._workbench.can_open(OpenSpans()))

    def _leads_to_spans(self) -> bool:
        return self._span() is not None and self._workbench.can_open(OpenSpans())

    def _leads_to_logs(self) -> bool:
        return self._span() is not None and self._workbench.can_open(OpenLogs())

    def _span(self) -> SpanRow | None:
        return self._view.selected_row

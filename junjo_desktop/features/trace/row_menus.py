"""What the lenses that are tables, Logs and Statistics, add to the menus of their rows."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.trace.span_ways import SpanWays
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.store.trace_logs import LogLine
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.term_menu import add_find_actions


class RowMenus(QObject):
    """The conditions that they offer are made of what the current row tells."""

    def __init__(self, view: TraceView, ways: SpanWays) -> None:
        super().__init__(view)
        self._ways = ways
        self._logs = view.lenses.logs
        self._statistics = view.lenses.statistics
        self._logs.table.menu.extend = self._add_to_record
        self._logs.table.menu.id_of_row = _ids_of
        self._statistics.table.menu.extend = self._add_to_group

    def _add_to_record(self, menu: QMenu, _row_id: object) -> None:
        line = self._logs.current_line
        if line is None:
            return
        if self._logs.record.record is not None:
            menu.addAction(icon("copy"), "Copy the body", self._copy_body)
        if line.span_id is not None:
            menu.addAction(icon("filter"), "Only records of the selected span\tShift+L", self._logs.toggle_of_selected)
        if line.span_name is not None:
            self._ways.add_to(menu)
        finds = menu.addMenu(icon("search"), "Find records")
        add_find_actions(finds, _terms_of(line), self._ways.find_records, "records")

    def _add_to_group(self, menu: QMenu, _label: object) -> None:
        if term := self._statistics.current_term():
            add_find_actions(menu, (term,), self._ways.find_traces)
        self._ways.add_to(menu)

    def _copy_body(self) -> None:
        if (record := self._logs.record.record) is not None:
            QGuiApplication.clipboard().setText(record.body_text)


def _ids_of(line: LogLine) -> str:
    return line.span_id or ""


def _terms_of(line: LogLine) -> tuple[str, ...]:
    """Return what finds records like this; its body only where the line holds all of it."""
    is_whole = line.body_characters == len(line.body_start) and bool(line.body_start.strip())
    severity = "" if line.severity is Severity.UNKNOWN else line.severity.word
    values = {
        "body": line.body_start if is_whole else "",
        "severity": severity,
        "event": line.event_name,
        "service": line.service_name,
        "name": line.span_name or "",
    }
    return tuple(term_for(field, value) for field, value in values.items() if value)

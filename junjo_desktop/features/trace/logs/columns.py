"""The columns of the lens Logs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.store.trace_logs import LogLine
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, state_cell
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import iso_text, moment_text, offset_text
from junjo_desktop.widgets.log_record.severity_cell import severity_state
from junjo_desktop.widgets.log_record.words import first_line, severity_words
from junjo_desktop.widgets.row_source import Column

NO_SPAN = "no span"
SPAN_MISSING = "span not arrived"
_MARK_PX = 3


@dataclass(slots=True)
class LogPlace:
    """What the columns tell times from, and which span is selected."""

    trace_start_ns: int = 0
    selected_span: str = ""


def log_columns(place: LogPlace) -> tuple[Column[LogLine], ...]:
    """Return the columns in their first order; `place` may change while they are shown."""

    def after(line: LogLine) -> str:
        return offset_text(line.time_ns - place.trace_start_ns) if line.time_ns else "no time"

    def clock(line: LogLine) -> str:
        # Without the day, which is that of the trace; the tooltip has it.
        return moment_text(line.time_ns).rpartition(" ")[2] if line.time_ns else ""

    def is_of_selected(line: LogLine) -> bool:
        return line.span_id is not None and line.span_id == place.selected_span

    def paint_mark(painter: QPainter, rect: QRect, line: LogLine) -> None:
        if is_of_selected(line):
            painter.fillRect(rect.center().x() - 1, rect.top() + 1, _MARK_PX, rect.height() - 1, _accent())

    return (
        Column(
            "of_selected",
            "Of the selected span",
            lambda line: "selected" if is_of_selected(line) else "",
            20,
            heading="",
            sortable=False,
            paint=paint_mark,
            title_tooltip="A bar marks records of the selected span",
        ),
        Column("after", "After", after, 72, "right", tooltip=_moment_tip, title_tooltip="Since the trace began"),
        Column("time", "Time", clock, 106, "right", look="dim", sortable=False, tooltip=_moment_tip),
        Column(
            "severity",
            "Severity",
            lambda line: severity_words(line.severity_number, line.severity_text),
            88,
            sortable=False,
            paint=state_cell(_state),
        ),
        Column("span", "Span", span_words, 122, sortable=False, paint=_paint_span, copy=_copied_span),
        Column("service", "Service", lambda line: line.service_name, 110, look="dim", sortable=False, hidden=True),
        Column("record", "Record", record_words, 280, sortable=False, tooltip=_record_tip),
    )


def span_words(line: LogLine) -> str:
    """Return the name of a record's span, or why there is none."""
    if line.span_id is None:
        return NO_SPAN
    return SPAN_MISSING if line.span_name is None else line.span_name.strip() or "(no name)"


def record_words(line: LogLine) -> str:
    """Return what a record says in one line: its event's name, the first line of its body."""
    said = first_line(line.body_start)
    if line.event_name and said:
        return f"{line.event_name}: {said}"
    return line.event_name or said or "(empty)"


def _moment_tip(line: LogLine) -> str:
    return iso_text(line.time_ns) if line.time_ns else "The sender told no time"


def _state(line: LogLine) -> tuple[Shape, Role, str]:
    return severity_state(line.severity)


def _paint_span(painter: QPainter, rect: QRect, line: LogLine) -> None:
    """Write the name; dim and slanted what is none."""
    tokens = current()
    font = ui_font()
    font.setItalic(line.span_name is None)
    painter.setFont(font)
    painter.setPen(QColor(tokens.dim if line.span_name is None else tokens.text))
    metrics = painter.fontMetrics()
    text = metrics.elidedText(one_line(span_words(line)), Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _copied_span(line: LogLine) -> str:
    return line.span_id or ""


def _record_tip(line: LogLine) -> str:
    return line.body_start + ("…" if line.body_characters > len(line.body_start) else "")


def _accent() -> QColor:
    return QColor(current().accent)

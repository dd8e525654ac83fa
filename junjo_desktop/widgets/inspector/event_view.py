"""Events of a span: when, what, and the attributes of the current one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from junjo_desktop.telemetry.query.fields import EVENT_NAME
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.telemetry.query.tree import Field, Scope
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, iso_text, moment_text, offset_text
from junjo_desktop.widgets.inspector.attributes_view import AttributesView
from junjo_desktop.widgets.inspector.detail import SpanEvent
from junjo_desktop.widgets.inspector.row_list import RowList


class EventView(QWidget):
    """A list above, attributes below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events: tuple[SpanEvent, ...] = ()
        split = QSplitter(Qt.Orientation.Vertical, self)
        self.list = RowList("Events", ("After", "Event", "Time"), (80, 170, 110), split)
        self.attributes = AttributesView("Event attributes", split, scope=Scope.EVENT)
        split.addWidget(self.list)
        split.addWidget(self.attributes)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.list.row_chosen.connect(self._show_event)

    @property
    def terms(self) -> tuple[str, ...]:
        """The conditions that the current event, and the current one of its attributes, can be found by."""
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self._events):
            return ()
        return (*self.attributes.terms, term_for(Field(Scope.EVENT, EVENT_NAME), self._events[row].name))

    def show_events(self, events: Sequence[SpanEvent], span_start_ns: int) -> None:
        """Show other events; times are told from the start of the span and by the clock."""
        self._events = tuple(events)
        self.list.show_rows(
            [(offset_text(event.time_ns - span_start_ns), event.name, moment_text(event.time_ns)) for event in events],
            [(f"{event.time_ns - span_start_ns:,} ns", event.name, iso_text(event.time_ns)) for event in events],
        )

    def select_at(self, time_ns: int) -> None:
        """Make the first event of a moment the current one, when there is one."""
        moments = [event.time_ns for event in self._events]
        if time_ns in moments:
            self.list.setCurrentIndex(self.list.model().index(moments.index(time_ns), 0))

    def _show_event(self, row: int) -> None:
        event = self._events[row]
        dropped = event.dropped_attributes_count
        facts = (Fact("Dropped attributes", count_text(dropped)),) if dropped else ()
        self.attributes.show_attributes(event.attributes, facts)

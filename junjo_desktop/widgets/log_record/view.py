"""One log record whole: its facts, its body, its attributes, its resource, and all of it as JSON.

view = LogRecordView()
view.show_record(record, trace_start_ns)      # 0 where there is no trace
view.show_nothing("Select a record to see all of it.")
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.query.tree import Scope
from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.inspector.attributes_view import AttributesView
from junjo_desktop.widgets.inspector.detail import whole_text
from junjo_desktop.widgets.log_record.words import record_facts

_SHOWN_CHARACTERS = 50_000
"""More is shown on demand: this pane follows the arrow keys."""


class LogRecordView(QWidget):
    """A tab is filled when it is looked at; the one that the user chose stays in front for the next record."""

    term_asked = Signal(str)
    """What `set_finds` named is to be found by this condition."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: LogRecord | None = None
        self._filled: set[QWidget] = set()
        self._stack = QStackedWidget(self)
        self.empty = EmptyState("Select a record to see all of it.", parent=self._stack)
        shown = QWidget(self._stack)
        self.facts = FactsLine(parent=shown)
        self.tabs = QTabWidget(shown)
        self.body = CodeView("Log body", limit=_SHOWN_CHARACTERS, parent=self.tabs)
        self.attributes = AttributesView("Log attributes", self.tabs, empty="No attributes.")
        self.resource = AttributesView("Log resource", self.tabs, empty="No resource attributes.")
        self.raw = CodeView("Raw record", limit=_SHOWN_CHARACTERS, parent=self.tabs)
        self._lay_out(shown)
        self.tabs.currentChanged.connect(self._fill)
        self.setFocusProxy(self.tabs)

    def _lay_out(self, shown: QWidget) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Parts of the log record")
        self.tabs.tabBar().setDrawBase(False)
        titled = (("Body", self.body), ("Attributes", self.attributes), ("Resource", self.resource), ("Raw", self.raw))
        for title, page in titled:
            self.tabs.addTab(page, title)
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.facts)
        column.addWidget(self.tabs, 1)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(shown)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    @property
    def record(self) -> LogRecord | None:
        """What is shown."""
        return self._record

    def set_finds(self, noun: str) -> None:
        """Offer to find these by a value."""
        for asking, scope in ((self.attributes, Scope.ATTRIBUTE), (self.resource, Scope.RESOURCE)):
            asking.finds, asking.scope = noun, scope
            asking.term_asked.connect(self.term_asked)

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out, wherever it is."""
        for part in (self.facts, self.body, self.attributes, self.resource, self.raw):
            part.mark(texts)

    def show_nothing(self, sentence: str = "Select a record to see all of it.") -> None:
        """Show no record, and say why."""
        self._record = None
        self.empty.set_content(sentence)
        self._stack.setCurrentIndex(0)

    def show_record(self, record: LogRecord, trace_start_ns: int = 0) -> None:
        """Show a record; `trace_start_ns` is what its time is told from, 0 where there is no trace."""
        self._record = record
        self._filled.clear()
        self.facts.set_facts(record_facts(record, trace_start_ns))
        count = len(record.attributes_json)
        self.tabs.setTabText(1, f"Attributes {count_text(count)}" if count else "Attributes")
        self._stack.setCurrentIndex(1)
        self._fill()

    def take_focus(self) -> None:
        """Put the keyboard on the text or table in front."""
        page = self.tabs.currentWidget()
        view = page.view_in_front if isinstance(page, AttributesView) else page
        (view if view.isVisible() else self.tabs).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, _place: int = 0) -> None:
        record, page = self._record, self.tabs.currentWidget()
        if record is None or page in self._filled:
            return
        self._filled.add(page)
        if page is self.body:
            self._show_body(record)
        elif page is self.attributes:
            dropped = record.dropped_attributes_count
            facts = (Fact("Dropped attributes", count_text(dropped)),) if dropped else ()
            self.attributes.show_attributes(record.attributes_json, facts)
        elif page is self.resource:
            self.resource.show_attributes(record.resource.attributes_json)
        else:
            self.raw.set_text(orjson.dumps(record.to_json(), option=orjson.OPT_INDENT_2).decode(), "json")

    def _show_body(self, record: LogRecord) -> None:
        if not record.body_text:
            self.body.set_text("(no body was sent)" if record.body is None else "(the body is empty)")
            return
        text, language = whole_text(record.body_json)
        self.body.set_text(text, "json" if language == "json" else "text")

"""The inspector: title, facts and tabs of the selected span."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.telemetry.query.tree import Scope
from junjo_desktop.theme.roles import kind_role, kind_word
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.display_text import excerpt
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.inspector.attributes_view import AttributesView
from junjo_desktop.widgets.inspector.detail import SpanDetail
from junjo_desktop.widgets.inspector.event_view import EventView
from junjo_desktop.widgets.inspector.exception_view import ExceptionView
from junjo_desktop.widgets.inspector.link_view import LinkView
from junjo_desktop.widgets.inspector.reading_view import ReadingView
from junjo_desktop.widgets.inspector.row_list import RowList
from junjo_desktop.widgets.inspector.span_facts import span_facts
from junjo_desktop.widgets.log_record.span_logs import SpanLogs
from junjo_desktop.widgets.plain_editor import PlainEditor
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.term_menu import add_find_actions
from junjo_desktop.widgets.tooltip import plain_tooltip

_TITLE_PX = 46


class Inspector(QWidget):
    """Shows one `SpanDetail`; `link_opened` carries a `SpanLink`. Tabs without content are not there."""

    link_opened = Signal(object)
    left = Signal()
    """Escape: back to the spans."""
    term_asked = Signal(str)
    """Traces, or what else `set_finds` named, are to be found by this condition."""

    def __init__(self, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: SpanDetail | None = None
        self._trace_start_ns = 0
        self._wished = ""
        self._filled: set[str] = set()
        # Each is made where it will stay: moving it later would have Qt style all of its parts again.
        self._stack = QStackedWidget(self)
        self.empty = EmptyState("Select a span to see what it holds.", parent=self._stack)
        shown = QWidget(self._stack)
        self._head = QFrame(shown)
        self.title = ElidedLabel(parent=self._head, look="title")
        self.tag = Tag(parent=self._head)
        self.failed = Tag(parent=self._head)
        self.ways = QHBoxLayout()
        """Beside the title: room for buttons of whoever shows the inspector."""
        self.facts = FactsLine(parent=shown)
        self.status = QLabel(shown)
        self.remark = QLabel(shown)
        """What whoever shows the inspector knows more about the span; see `show_remark`."""
        self.tabs = QTabWidget(shown)
        self.reading = ReadingView(work, self.tabs)
        self.exceptions = ExceptionView(self.tabs)
        self.attributes = AttributesView("Attributes", self.tabs, scope=Scope.ATTRIBUTE)
        self.events = EventView(self.tabs)
        self.logs = SpanLogs(self.tabs)
        self.links = LinkView(self.tabs)
        self.resource = AttributesView("Resource", self.tabs, empty="No resource attributes.", scope=Scope.RESOURCE)
        self.scope = AttributesView("Scope", self.tabs)
        self.raw = CodeView("Raw span", parent=self.tabs)
        self._pages: dict[str, QWidget] = {
            "reading": self.reading,
            "exceptions": self.exceptions,
            "attributes": self.attributes,
            "events": self.events,
            "logs": self.logs,
            "links": self.links,
            "resource": self.resource,
            "scope": self.scope,
            "raw": self.raw,
        }
        for page in self._pages.values():
            # Until it is a tab it would stand in the corner of the inspector.
            page.hide()
        self._lay_out(shown)
        self.tabs.currentChanged.connect(self._wish)
        self.links.opened.connect(self.link_opened)
        for asking in (self.facts, self.attributes, self.resource, self.events.attributes):
            asking.term_asked.connect(self.term_asked)

    def _lay_out(self, shown: QWidget) -> None:
        head = self._head
        head.setFixedHeight(_TITLE_PX)
        line = QHBoxLayout(head)
        line.setContentsMargins(14, 4, 10, 0)
        line.setSpacing(8)
        line.addWidget(self.title)
        line.addWidget(self.tag)
        line.addWidget(self.failed)
        line.addStretch(1)
        self.ways.setSpacing(6)
        line.addLayout(self.ways)
        line.addWidget(CopyButton(self._raw_text, label="Copy", name="Copy the whole span as JSON", parent=head))
        for label in (self.status, self.remark):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setContentsMargins(14, 0, 14, 6)
        self.status.setProperty("look", "error")
        self.remark.hide()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Parts of the span")
        self.tabs.tabBar().setUsesScrollButtons(True)
        self.tabs.tabBar().setDrawBase(False)
        for button in self.tabs.tabBar().findChildren(QToolButton):
            button.setToolTip("More tabs")
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (head, self.status, self.remark, self.facts):
            layout.addWidget(widget)
        layout.addWidget(self.tabs, 1)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(shown)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    @property
    def detail(self) -> SpanDetail | None:
        """What is shown."""
        return self._detail

    @property
    def tab_names(self) -> list[str]:
        """The titles of the tabs that are there."""
        return [self.tabs.tabText(place) for place in range(self.tabs.count())]

    @property
    def _tables(self) -> tuple[tuple[str, AttributesView], ...]:
        return (
            ("attributes", self.attributes),
            ("events", self.events.attributes),
            ("links", self.links.attributes),
            ("resource", self.resource),
            ("scope", self.scope),
        )

    def save_state(self, state: QSettings) -> None:
        """Write how wide keys are in each table, and how messages are shown."""
        self.reading.save_state(state)
        for name, table in self._tables:
            state.setValue(f"keys/{name}", table.tree.key_width)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.reading.restore_state(state)
        for name, table in self._tables:
            width = str(state.value(f"keys/{name}", ""))
            if width.isascii() and width.isdecimal():
                table.tree.set_key_width(int(width[:5]))

    def take_focus(self) -> None:
        """Go to what the tab in front shows, its first row when none is current."""
        view = self._view_in_front()
        if view is self.reading.view and self.reading.view.entries:
            self.reading.take_focus()
            return
        if isinstance(view, QTreeView) and not view.currentIndex().isValid():
            view.setCurrentIndex(view.model().index(0, 0))
        (view if view is not None and view.isVisible() else self.tabs).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def copy_current(self) -> bool:
        """Copy the current value, row or selection if the focus is in the tab in front; return whether it was."""
        view = self._view_in_front()
        if view is None or not view.hasFocus():
            return False
        table = next((table for _, table in self._tables if view is table.tree.view), None)
        if table is not None:
            table.tree.copy_value()
        elif isinstance(view, RowList):
            view.copy_row()
        elif isinstance(view, PlainEditor):
            view.copy_selection()
        return True

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out, wherever it is."""
        for _, table in self._tables:
            table.mark(texts)
        for view in (self.exceptions.stack, self.raw):
            view.mark(texts)
        self.facts.mark(texts)
        self.reading.mark(texts)

    def set_finds(self, noun: str) -> None:
        """Say what is found by a value, where it is other than traces."""
        for asking in (self.facts, self.attributes, self.resource, self.events.attributes):
            asking.finds = noun

    def build_find_menu(self) -> QMenu:
        """Return a menu of what traces can be found by: the current row of the tab in front, and what the span is."""
        menu = QMenu("Find traces", self)
        page = self.tabs.currentWidget()
        if isinstance(page, AttributesView | EventView) and self._detail is not None:
            add_find_actions(menu, page.terms, self.term_asked.emit, self.facts.finds)
            menu.addSeparator()
        add_find_actions(menu, self._span_terms(), self.term_asked.emit, self.facts.finds)
        return menu

    def choose_term(self) -> None:
        """Ask by what of the span traces are to be found."""
        menu = self.build_find_menu()
        if not menu.isEmpty():
            menu.exec(self.tabs.mapToGlobal(QPoint(0, self.tabs.tabBar().height())))
        menu.deleteLater()

    def _span_terms(self) -> tuple[str, ...]:
        if self._detail is None:
            return ()
        span = self._detail.span
        of_facts = (fact.term for fact in self.facts.facts if fact.term)
        return (term_for("name", span.name), term_for("type", span.span_type), *of_facts)

    def _view_in_front(self) -> QWidget | None:
        page = self.tabs.currentWidget()
        if isinstance(page, AttributesView):
            return page.view_in_front
        if isinstance(page, EventView | LinkView):
            inner = page.attributes.view_in_front
            return inner if inner.hasFocus() else page.list
        if isinstance(page, SpanLogs):
            return page.list
        if isinstance(page, ReadingView):
            return page.view
        if isinstance(page, ExceptionView):
            return page.stack.editor
        return page.editor if isinstance(page, CodeView) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def show_nothing(self, sentence: str = "Select a span to see what it holds.") -> None:
        """Show no span."""
        self._detail = None
        self.empty.set_content(sentence)
        self._stack.setCurrentIndex(0)

    def show_remark(self, text: str) -> None:
        """Say something about the span that it does not say itself; empty for nothing."""
        self.remark.setText(excerpt(text))
        self.remark.setToolTip(plain_tooltip(text))
        self.remark.setVisible(bool(text))

    def show_detail(self, detail: SpanDetail, trace_start_ns: int) -> None:
        """Show a span. The tab that the user chose stays, when this span has it too."""
        if detail == self._detail:
            return
        self._detail = detail
        self._trace_start_ns = trace_start_ns
        span = detail.span
        self.title.setText(span.name.strip() or "(no name)")
        self.tag.set_tag(kind_word(span.span_type), kind_role(span.span_type))
        self.failed.set_tag("failed" if span.is_error else "", "error")
        message = excerpt(span.status_message)
        self.status.setText(message)
        self.status.setToolTip(plain_tooltip(span.status_message))
        self.status.setVisible(bool(message))
        self.facts.set_facts(span_facts(span, trace_start_ns, detail.reading))
        self._show_tabs(detail)
        self._stack.setCurrentIndex(1)

    def show_moment(self, time_ns: int, *, is_log: bool) -> None:
        """Show the event, or the log record, of the span at a moment; nothing when it has none."""
        page = self.logs if is_log else self.events
        if self.tabs.indexOf(page) >= 0:
            self.tabs.setCurrentWidget(page)
            page.select_at(time_ns)

    def _show_tabs(self, detail: SpanDetail) -> None:
        reading = "" if detail.reading is None else detail.reading.title
        # What was said is why a call is looked at; why it failed comes first where it did.
        reads_first = detail.reading is not None and detail.reading.call is not None and not detail.exceptions
        titles = {
            **({"reading": reading} if reads_first else {}),
            "exceptions": _counted("Exceptions", len(detail.exceptions), hidden_at_zero=True),
            **({} if reads_first else {"reading": reading}),
            "attributes": _counted("Attributes", len(detail.attributes)),
            "events": _counted("Events", len(detail.events), hidden_at_zero=True),
            "logs": _counted("Logs", detail.log_count, hidden_at_zero=True),
            "links": _counted("Links", len(detail.links), hidden_at_zero=True),
            "resource": "Resource",
            "scope": "Scope",
            "raw": "Raw",
        }
        self._filled.clear()
        self.tabs.blockSignals(True)
        self.tabs.clear()
        for key, title in titles.items():
            if title:
                self.tabs.addTab(self._pages[key], title)
        wished = self.tabs.indexOf(self._pages[self._wished]) if self._wished else -1
        self.tabs.setCurrentIndex(max(wished, 0))
        self.tabs.blockSignals(False)
        self._fill()

    def _fill(self) -> None:
        # Only what is looked at: a raw span of some megabytes costs nothing until its tab is opened.
        detail, shown = self._detail, self.tabs.currentWidget()
        key = next((key for key, page in self._pages.items() if page is shown), "")
        if detail is None or not key or key in self._filled:
            return
        self._filled.add(key)
        self._fill_tab(key, detail)
        for table in (one for name, one in self._tables if name == key):
            table.tree.reveal_marked()

    def _fill_tab(self, key: str, detail: SpanDetail) -> None:
        match key:
            case "reading":
                if detail.reading is not None:
                    self.reading.show_reading(detail.reading)
            case "exceptions":
                self.exceptions.show_exceptions(detail.exceptions, detail.span.start_ns)
            case "attributes":
                self.attributes.show_attributes(detail.attributes)
            case "events":
                self.events.show_events(detail.events, detail.span.start_ns)
            case "logs":
                self.logs.show_logs(detail.logs, detail.log_count, detail.span.start_ns, self._trace_start_ns)
            case "links":
                self.links.show_links(detail.links)
            case "resource":
                resource = detail.span.resource
                facts = _schema_facts(resource.schema_url, resource.dropped_attributes_count)
                self.resource.show_attributes(detail.resource, facts)
            case "scope":
                self.scope.show_attributes(detail.scope, _schema_facts(detail.span.scope.schema_url, 0))
            case _:
                self.raw.set_text(detail.raw, "json")

    def _wish(self, place: int) -> None:
        page = self.tabs.widget(place)
        self._wished = next((key for key, known in self._pages.items() if known is page), "")
        self._fill()

    def _raw_text(self) -> str:
        return "" if self._detail is None else self._detail.raw


def _counted(title: str, count: int, *, hidden_at_zero: bool = False) -> str:
    if count == 0:
        return "" if hidden_at_zero else title
    return f"{title} {count_text(count)}"


def _schema_facts(schema_url: str, dropped: int) -> tuple[Fact, ...]:
    schema = (Fact("Schema", schema_url),) if schema_url else ()
    return (*schema, Fact("Dropped attributes", count_text(dropped))) if dropped else schema

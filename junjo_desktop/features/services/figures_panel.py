"""The table of figures: a line for each service, and below those that are unfolded, one for each operation."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from junjo_desktop.features.services.figure_columns import figure_columns
from junjo_desktop.features.services.figure_facts import figure_facts
from junjo_desktop.features.services.figure_rows import (
    FigureRow,
    FiguresListing,
    FigureSort,
    FigureSortBy,
    service_key,
)
from junjo_desktop.features.services.figure_source import FigureSource
from junjo_desktop.features.services.filters import ServicesFilter, spans_query
from junjo_desktop.features.services.panel import ServicesPanel
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import AddToQuery, OpenSpans, OpenTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import count_text, counted
from junjo_desktop.widgets.list_columns import OPEN_COLUMN
from junjo_desktop.widgets.live_list import LiveList
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_peek import RowPeek
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.term_menu import add_find_actions

_AGES_MS = 30_000
_FEW_SERVICES = 3
_MOST_KEPT = 200


class FiguresPanel(ServicesPanel):
    """`listed` carries each `FiguresListing`. So few services that all fit are unfolded at first."""

    listed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(workbench, parent)
        self._told: FiguresListing | None = None
        self._told_filter: ServicesFilter | None = None
        self._was_unfolded = False
        self.sort = FigureSort()
        self.unfolded: set[str] = set()
        self.table: PagedTable[FigureRow] = PagedTable(
            workbench,
            figure_columns(),
            name="Services and operations",
            noun=("new operation", "new operations"),
            parent=self,
        )
        self._columns = self.table.columns.menu(self)
        self.live = LiveList(self.table, ages_ms=_AGES_MS)
        self.peek = RowPeek(figure_facts, name="The current figures", parent=self)
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("look", "dim")
        self.note.setContentsMargins(14, 5, 14, 5)
        self.note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.wait)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.peek)
        self.setFocusProxy(self.table)
        self._connect()

    def _connect(self) -> None:
        self.table.listed.connect(self._listed)
        self.table.sort_requested.connect(self._sort_by)
        self.table.row_activated.connect(self.open_row)
        self.table.view.clicked.connect(self._clicked)
        self.table.peek_requested.connect(self._peek)
        self.table.current_changed.connect(self._peek_on)
        self.table.view.installEventFilter(self)
        self.table.menu.extend = self._extend_menu
        self.workbench.batch_stored.connect(self.live.stored)
        self.workbench.housekeeping.deleted.connect(self.live.list_anew)

    # What the page asks

    def list_anew(self) -> None:
        """List the figures of what passes the filter; another text or order lists what was read already."""
        self._list()

    def shown(self) -> None:
        self.live.shown()

    def hidden(self) -> None:
        self.live.hidden()

    def set_live(self, live: bool) -> None:
        self.live.set_live(live)

    def columns_menu(self) -> QMenu:
        """Return the menu of the table's columns."""
        return self._columns

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done with the table."""
        return (
            Command("services.failed", "Failed traces of the current row", self.open_failed, "E", "Services", "error"),
            Command("services.spans", "Spans of the current row", self.open_spans, "S", "Services", "spans"),
            Command("services.unfold", "Unfold all services", self.unfold_all, "Shift+Right", "Services", "unfold"),
            Command("services.fold", "Fold all services", self.fold_all, "Shift+Left", "Services", "fold"),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that the table understands."""
        return (
            ("Enter", "Traces behind the row"),
            ("→ ←", "Unfold or fold a service"),
            ("Space", "Peek: show all figures of the row below the list, or hide them"),
        )

    def unfold_all(self) -> None:
        """Show the operations of every service."""
        if self._told is not None:
            self._unfold({service.service_name for service in self._told.told.services})

    def fold_all(self) -> None:
        """Show services alone."""
        self._unfold(set())

    def open_failed(self) -> None:
        """Go to the failed traces behind the current row."""
        row = self.table.model.known_row(self.table.current_id)
        if row is not None:
            self._open(row, failed=True)

    def open_spans(self) -> None:
        """Go to the spans behind the current row."""
        row = self.table.model.known_row(self.table.current_id)
        if row is not None:
            self.workbench.open(self._spans_place(row))

    def open_row(self, row_id: str) -> None:
        """Go to the traces behind a row."""
        row = self.table.model.known_row(row_id)
        if row is not None:
            self._open(row)

    def save_state(self, state: QSettings) -> None:
        """Write columns, place, order, and what is unfolded."""
        state.beginGroup("figures")
        self.table.save_state(state)
        write_json(state, "sort", [self.sort.by, self.sort.descending])
        write_json(state, "unfolded", sorted(self.unfolded)[:_MOST_KEPT] if self._was_unfolded else None)
        state.endGroup()

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        state.beginGroup("figures")
        self.table.restore_state(state)
        match read_json(state, "sort"):
            case [str(by), bool(descending)] if by in list(FigureSortBy):
                self.sort = FigureSort(FigureSortBy(by), descending)
        match read_json(state, "unfolded"):
            case [*names]:
                self.unfolded = {name for name in names if isinstance(name, str)}
                self._was_unfolded = True
        state.endGroup()

    # Folds

    def toggle(self, service_name: str) -> None:
        """Unfold a service, or fold it."""
        self._unfold(self.unfolded ^ {service_name})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table.view and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            keys = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
            if event.key() in keys and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self._fold_current(unfold=keys[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _fold_current(self, *, unfold: bool) -> None:
        row = self.table.model.known_row(self.table.current_id)
        if row is None:
            return
        name = row.service.service_name
        if not unfold and row.operation is not None:
            self.table.select_id(service_key(name))
        elif unfold != (name in self.unfolded):
            self.toggle(name)

    def _unfold(self, names: set[str]) -> None:
        self.unfolded = names
        self._was_unfolded = True
        self._list(in_place=True)

    # Listing

    def _list(self, *, in_place: bool = False) -> None:
        same = self._told_filter is not None and (self._told_filter.service, self._told_filter.time_range) == (
            self.filter.service,
            self.filter.time_range,
        )
        if not same:
            self.wait.begin(self.filter)
        source = FigureSource(self.filter, self.sort, self.unfolded, self._told if same else None)
        self.live.show_source(source, sort_key=self.sort.by, descending=self.sort.descending, in_place=in_place)

    def _sort_by(self, key: str, descending: bool) -> None:
        self.sort = FigureSort(FigureSortBy(key), descending)
        self._list()

    def _listed(self, listing: FiguresListing) -> None:
        self.wait.end()
        self._told, self._told_filter = listing, self.filter
        self._show_note(listing)
        self.show_empty(self.table.empty_state, listing.known)
        if (row := self.table.model.known_row(self.table.current_id)) is not None:
            self.peek.follow(row)
        self.listed.emit(listing)
        if not self._was_unfolded and 0 < len(listing.told.services) <= _FEW_SERVICES:
            self.unfold_all()

    def _show_note(self, listing: FiguresListing) -> None:
        told = listing.told
        if told.hidden_operations:
            self.note.setText(
                f"{counted(told.hidden_operations, 'more operation')} with {count_text(told.hidden_spans)} of "
                f"{counted(told.spans, 'span')} in all are counted in their services, and not listed."
            )
        self.note.setVisible(told.hidden_operations > 0)

    # Going elsewhere

    def _clicked(self, index: QModelIndex) -> None:
        row = self.table.model.known_row(self.table.model.id_at(index.row()))
        if row is None:
            return
        match self.table.model.columns[index.column()].key:
            case FigureSortBy.NAME if row.operation is None:
                self.toggle(row.service.service_name)
            case FigureSortBy.ERRORS | FigureSortBy.ERROR_RATE if row.figures.errors:
                self._open(row, failed=True)
            case key if key == OPEN_COLUMN:
                self._open(row)

    def _open(self, row: FigureRow, *, failed: bool = False) -> None:
        operation = row.operation
        name, span_type = (None, None) if operation is None else (operation.name, operation.span_type)
        query = spans_query(self.filter.time_range, row.service.service_name, name, span_type, failed=failed)
        self.workbench.open(OpenTraces(text=query))

    @staticmethod
    def _spans_place(row: FigureRow) -> OpenSpans:
        operation = row.operation
        if operation is None:
            return OpenSpans(service=row.service.service_name)
        return OpenSpans(service=operation.service_name, name=operation.name, span_type=operation.span_type)

    def _extend_menu(self, menu: QMenu, row_id: str) -> None:
        row = self.table.model.known_row(row_id)
        if row is None:
            return
        if row.figures.errors:
            menu.addAction(icon("error"), "Show failed traces", self.open_failed)
        if self.workbench.can_open(self._spans_place(row)):
            menu.addAction(icon("spans"), "Show spans", self.open_spans)
        finds = menu.addMenu(icon("search"), "Find traces")
        add_find_actions(finds, _terms_of(row), self._find_traces)

    def _find_traces(self, term: str) -> None:
        self.workbench.open(AddToQuery(Subject.TRACES.value, term))

    # A closer look

    def _peek(self, row_id: str) -> None:
        self.peek.toggle(self.table.model.known_row(row_id))

    def _peek_on(self, row_id: str | None) -> None:
        self.peek.follow(None if row_id is None else self.table.model.known_row(row_id))


def _terms_of(row: FigureRow) -> tuple[str, ...]:
    """Return what finds traces with what a row tells of."""
    service = term_for("service", row.service.service_name)
    operation = row.operation
    if operation is None:
        return (service,)
    return term_for("name", operation.name), term_for("type", operation.span_type), service

"""The table of an agent's operations; the current row is the selected span."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.features.run.agent.operations import SORTS, OperationRow, OperationSource
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.cells import tag_cell
from junjo_desktop.widgets.figures import count_text, duration_text, offset_text
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_source import Column

_STATES: Mapping[str, Role] = {"completed": "ok", "failed": "error", "cancelled": "warning", "running": "info"}


def _count(count: int | None) -> str:
    return "" if count is None else count_text(count)


def _kind_tag(row: OperationRow) -> tuple[str, Role]:
    return row.kind, "llm" if row.kind == "model" else "tool"


def _state_tag(row: OperationRow) -> tuple[str, Role]:
    return row.state, _STATES.get(row.state, "node")


COLUMNS: tuple[Column[OperationRow], ...] = (
    Column("number", "Number", lambda row: str(row.number), 36, "right", "dim", heading="#"),
    Column("kind", "Kind", lambda row: row.kind, 60, paint=tag_cell(_kind_tag)),
    Column("name", "Name", lambda row: row.name, 140, look="strong"),
    Column("state", "State", lambda row: row.state, 86, paint=tag_cell(_state_tag)),
    Column(
        "started",
        "After",
        lambda row: "" if row.started_after_ns is None else offset_text(row.started_after_ns),
        70,
        "right",
        "dim",
        title_tooltip="Time since the run began",
    ),
    Column(
        "duration",
        "Duration",
        lambda row: "" if row.duration_ns is None else duration_text(row.duration_ns),
        74,
        "right",
        descending_first=True,
        tooltip=lambda row: "" if row.duration_ns is None else f"{row.duration_ns:,} ns",
    ),
    Column("input", "Tokens in", lambda row: _count(row.input_tokens), 74, "right", descending_first=True),
    Column("output", "Tokens out", lambda row: _count(row.output_tokens), 80, "right", descending_first=True),
    Column(
        "sequence",
        "Sequence",
        lambda row: _count(row.sequence),
        84,
        "right",
        "dim",
        title_tooltip="The agent's own number of the operation",
    ),
    Column("detail", "Answer or failure", lambda row: row.detail, 128, look="dim", tooltip=lambda row: row.detail),
)


class OperationsTable(QWidget):
    """`entered` comes on Enter: the user wants to look at what was chosen."""

    entered = Signal()

    def __init__(self, selection: RunSelection, reads: BackgroundReads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._rows: tuple[OperationRow, ...] = ()
        self._around: Mapping[str, str] = {}
        self._sort = ("number", False)
        self._is_following = False
        self.table: PagedTable[OperationRow] = PagedTable(reads, COLUMNS, name="Operations", parent=self)
        self.table.empty_state.set_content("No model request and no tool call has arrived.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.setFocusProxy(self.table)
        self.table.current_changed.connect(self._choose)
        self.table.row_activated.connect(self._enter)
        self.table.sort_requested.connect(self._sort_by)
        self.table.listed.connect(self._follow_listed)
        selection.changed.connect(self._follow_changed)

    def show_rows(self, rows: tuple[OperationRow, ...], around: Mapping[str, str]) -> None:
        """Show the operations of a run; `around` has the operation that each step is in."""
        self._rows, self._around = rows, around
        self._list()

    def save_state(self, state: QSettings) -> None:
        """Write the columns."""
        state.setValue("columns", self.table.columns.save())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.table.columns.restore(state.value("columns", ""))

    def _list(self) -> None:
        key, is_descending = self._sort
        self.table.set_source(OperationSource(self._rows, key, is_descending), sort_key=key, descending=is_descending)

    def _sort_by(self, key: str, is_descending: bool) -> None:
        if key in SORTS:
            self._sort = (key, is_descending)
            self._list()

    # The selection

    def _choose(self, span_id: object) -> None:
        if isinstance(span_id, str) and not self._is_following:
            self._selection.select_span(span_id)

    def _enter(self, span_id: object) -> None:
        self._choose(span_id)
        self.entered.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follow()

    def _follow_changed(self, _selection: RunSelection) -> None:
        if self.isVisible():
            self.follow()

    def _follow_listed(self, _listing: object) -> None:
        self.follow()

    def follow(self) -> None:
        """Show the operation that the selected span is or is in, without selecting anything else."""
        operation = self._around.get(self._selection.span_id or "")
        if operation == self.table.current_id:
            return
        self._is_following = True
        try:
            if operation is None:
                self.table.view.select_rows((), -1)
            else:
                self.table.select_id(operation)
        finally:
            self._is_following = False

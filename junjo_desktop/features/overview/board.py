"""What the Overview shows below its header: figures, charts over time, and tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from junjo_desktop.features.overview.charts import CHARTS
from junjo_desktop.features.overview.tables import (
    MadeRows,
    failing_columns,
    notable_columns,
    parameter_columns,
    ranking_columns,
)
from junjo_desktop.features.overview.tiles import Tiles, tiles_of
from junjo_desktop.store.overview import FailingWorkflow, NotableCall, Overview, ParameterRow, Ranked
from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.charts.time_chart import TimeChart
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_source import Column
from junjo_desktop.widgets.segmented import Segmented

GROUPS = (
    ("model", "Model"),
    ("provider", "Provider"),
    ("service", "Service"),
    ("workflow", "Workflow"),
    ("node", "Node"),
    ("parameter", "Parameter"),
)
_MARGIN_PX = 14
_GAP_PX = 12
_RANKING_PX = 300
_NOTABLE_PX = 250
_TWO_COLUMNS_PX = 900


class Board(QScrollArea):
    """`row_asked` carries the row of a table that was opened, `range_asked` a `TimeRange`."""

    row_asked = Signal(object)
    range_asked = Signal(object)

    def __init__(self, reads: BackgroundReads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview = Overview()
        self._columns = 0
        self.tiles = Tiles(self)
        self.charts = {kind.key: TimeChart(kind.name, kind.empty, self) for kind in CHARTS}
        self.group = Segmented(GROUPS, name="Calls by", parent=self)
        self.rankings: dict[str, PagedTable[Any]] = {
            key: self._table(reads, _columns(key, title), f"Calls by {title.lower()}") for key, title in GROUPS
        }
        self.slowest: PagedTable[NotableCall] = self._table(reads, notable_columns(), "Slowest calls")
        self.costliest: PagedTable[NotableCall] = self._table(reads, notable_columns(), "Costliest calls")
        self.failing: PagedTable[FailingWorkflow] = self._table(
            reads, failing_columns(), "Failing workflows and agents"
        )
        self._grid = QGridLayout()
        self._lay_out()
        self.group.chosen.connect(self.show_group)
        self.setFocusProxy(self.charts["calls"])
        for chart in self.charts.values():
            chart.range_chosen.connect(self.range_asked)
        self.show_group("model")

    def _table(self, reads: BackgroundReads, columns: Sequence[Column[Any]], name: str) -> PagedTable[Any]:
        table: PagedTable[Any] = PagedTable(reads, columns, name=name, parent=self)
        table.row_activated.connect(partial(self._ask, table))
        return table

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.setSpacing(_GAP_PX)
        column.addWidget(self.tiles)
        self._grid.setSpacing(_GAP_PX)
        column.addLayout(self._grid)
        head = QHBoxLayout()
        head.addWidget(_heading("Calls by", body))
        head.addWidget(self.group)
        head.addStretch(1)
        column.addLayout(head)
        for table in self.rankings.values():
            table.setFixedHeight(_RANKING_PX)
            column.addWidget(table)
        notable = QHBoxLayout()
        notable.setSpacing(_GAP_PX)
        for title, table, share in (
            ("Slowest calls", self.slowest, 3),
            ("Costliest calls", self.costliest, 3),
            ("Failing workflows and agents", self.failing, 2),
        ):
            table.setFixedHeight(_NOTABLE_PX)
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(_heading(title, body))
            part.addWidget(table)
            notable.addLayout(part, share)
        column.addLayout(notable)
        column.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._place_charts(2)

    @property
    def shown(self) -> Overview:
        """What is shown."""
        return self._overview

    def show_overview(self, overview: Overview) -> None:
        """Show other figures; where the board is scrolled to, and which rows are current, stays."""
        self._overview = overview
        self.tiles.show_tiles(tiles_of(overview))
        for kind in CHARTS:
            self.charts[kind.key].show_bars(kind.make(overview) if overview.over_time.parts else None)
        for key, table in self.rankings.items():
            rows: Mapping[str, Ranked | ParameterRow]
            if key == "parameter":
                rows = {f"{row.parameter} {row.value} {row.model}": row for row in overview.parameters}
                table.empty_state.set_content("No call of this time told such a parameter.")
            else:
                rows = {row.value: row for row in overview.rankings.get(key, ())}
                table.empty_state.set_content("No calls in this time.")
            table.set_source(MadeRows(rows), in_place=True)
        for notable, calls in ((self.slowest, overview.slowest), (self.costliest, overview.costliest)):
            notable.empty_state.set_content("No such call in this time.")
            notable.set_source(MadeRows({f"{call.trace_id}{call.span_id}": call for call in calls}), in_place=True)
        self.failing.empty_state.set_content("No workflow or agent failed in this time.")
        failing = {f"{row.type} {row.service_name} {row.name}": row for row in overview.failing}
        self.failing.set_source(MadeRows(failing), in_place=True)

    def show_group(self, key: str) -> None:
        """Show what calls add up to by another thing."""
        self.group.set_value(key)
        for other, table in self.rankings.items():
            table.setVisible(other == key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_charts(2 if self.viewport().width() >= _TWO_COLUMNS_PX else 1)

    def _place_charts(self, columns: int) -> None:
        if self._columns == columns:
            return
        self._columns = columns
        for place, chart in enumerate(self.charts.values()):
            self._grid.addWidget(chart, place // columns, place % columns)

    def _ask(self, table: PagedTable[Any], key: Hashable) -> None:
        row = table.model.known_row(key)
        if row is not None:
            self.row_asked.emit(row)


def _columns(key: str, title: str) -> Sequence[Column[Any]]:
    return parameter_columns() if key == "parameter" else ranking_columns(title)


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("look", "heading")
    return label

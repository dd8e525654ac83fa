"""What Space shows below the list of spans: everything that the current span holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from junjo_desktop.features.spans import queries
from junjo_desktop.features.spans.listings import SpanRow
from junjo_desktop.shell.destinations import AddToQuery, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.inspector.detail import SpanDetail, SpanLink
from junjo_desktop.widgets.inspector.panel import Inspector
from junjo_desktop.widgets.peek_pane import PeekPane


class SpanPeek(PeekPane):
    """The inspector of the trace page, for one span of a list."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(name="The current span", parent=parent)
        self._workbench = workbench
        self.inspector = Inspector(workbench, self)
        self.inspector.link_opened.connect(self._open_link)
        self.inspector.set_finds("spans")
        self.inspector.term_asked.connect(self._narrow_list)
        self.open = QPushButton("Open in trace", self)
        self.open.setIcon(icon("traces"))
        self.open.setToolTip("Open the span in its trace (Enter)")
        self.open.clicked.connect(self._open)
        self.inspector.ways.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.inspector)
        self._reader = workbench.reader(self, self._take)

    def show_row(self, row: SpanRow | None) -> None:
        """Read the span, or say that none is chosen."""
        if row is None:
            self._reader.cancel()
            self.inspector.show_nothing()
        else:
            self._reader.submit(partial(queries.span_detail, row=row))

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out."""
        self.inspector.mark(texts)

    def save_state(self, state: QSettings) -> None:
        """Write how wide keys are."""
        self.inspector.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.inspector.restore_state(state)

    def _take(self, found: tuple[SpanDetail, int] | None) -> None:
        if found is None:
            self.inspector.show_nothing("This span is no longer stored.")
        else:
            self.inspector.show_detail(*found)

    def _open(self) -> None:
        if isinstance(row := self.row, SpanRow):
            self._workbench.open(OpenTrace(row.trace_id, row.span_id))

    def _narrow_list(self, term: str) -> None:
        self._workbench.open(AddToQuery(Subject.SPANS.value, term))

    def _open_link(self, link: SpanLink) -> None:
        self._workbench.open(OpenTrace(link.trace_id, link.span_id))

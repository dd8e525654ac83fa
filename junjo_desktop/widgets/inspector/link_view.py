"""Links of a span: to what, and whether it is stored here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.inspector.attributes_view import AttributesView
from junjo_desktop.widgets.inspector.detail import SpanLink
from junjo_desktop.widgets.inspector.row_list import RowList


class LinkView(QWidget):
    """`opened` carries the `SpanLink` that was chosen to go to."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links: tuple[SpanLink, ...] = ()
        split = QSplitter(Qt.Orientation.Vertical, self)
        self.list = RowList("Links", ("Trace", "Span", "Stored"), (180, 150, 60), split)
        self.attributes = AttributesView("Link attributes", split)
        self.go = QPushButton("Open linked span", self)
        split.addWidget(self.list)
        split.addWidget(self.attributes)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        line = QHBoxLayout()
        line.setContentsMargins(8, 6, 8, 6)
        line.addWidget(self.go)
        line.addStretch(1)
        line.addWidget(CopyButton(self._copied, label="Copy trace id", name="Copy the linked trace's id", parent=self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(split, 1)
        self.list.row_chosen.connect(self._show_link)
        self.list.activated.connect(self._open)
        self.go.clicked.connect(self._open)

    def show_links(self, links: Sequence[SpanLink]) -> None:
        """Show other links, the first one current."""
        self._links = tuple(links)
        self.list.show_rows([(link.trace_id, link.span_id, "yes" if link.is_stored else "no") for link in links])

    def _current(self) -> SpanLink | None:
        row = self.list.currentIndex().row()
        return self._links[row] if 0 <= row < len(self._links) else None

    def _show_link(self, row: int) -> None:
        link = self._links[row]
        self.go.setEnabled(link.is_stored)
        self.go.setToolTip("Open the linked span (Enter)" if link.is_stored else "That trace is not stored here")
        facts = (Fact("Trace state", link.trace_state),) if link.trace_state else ()
        self.attributes.show_attributes(link.attributes, facts)

    def _open(self) -> None:
        link = self._current()
        if link is not None and link.is_stored:
            self.opened.emit(link)

    def _copied(self) -> str:
        link = self._current()
        return "" if link is None else link.trace_id

"""The facets of a list: read after the list itself, while they are shown, and no more often than the list rests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from junjo_desktop.store.facets import Facets
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.terms import parts_of, term_for, without_part
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.facet_panel import FacetPanel
from junjo_desktop.widgets.facet_rows import FacetRow
from junjo_desktop.widgets.list_bar import toggle
from junjo_desktop.widgets.saved_json import read_json, write_json

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.telemetry.query.subject import Subject
    from junjo_desktop.widgets.list_filter import ListFilter

_REST_SHARE = 20
"""Counting is followed by a pause of this many times its own time."""
_LEAST_REST_S = 1.0
_WIDTHS = (230, 1000)


class FacetedPage(Protocol):
    """What the facets ask of a list."""

    @property
    def shown_filter(self) -> Any: ...
    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        """Return the read that counts what is listed."""

    def show_filter(self, chosen: Any) -> None: ...
    def narrow(self, term: str, wanted: bool) -> None: ...


class ListFacets(QObject):
    """The panel, its button and its state. A facet whose field is a part of the list's filter narrows by that."""

    def __init__(self, page: QWidget, list_: FacetedPage, workbench: Any, noun: str, subject: Subject) -> None:
        super().__init__(page)
        self._list = list_
        self._subject = subject
        self._facets = Facets()
        self._rests_until_s = 0.0
        self._started_s = 0.0
        self.panel = FacetPanel(noun, page)
        self.panel.hide()
        self.split = QSplitter(Qt.Orientation.Horizontal, page)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.panel)
        self.button = toggle("Facets", "Values of the listed rows, with their counts (B)", page)
        self.button.setIcon(icon("histogram"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._reader = workbench.reader(self, self._counted)
        self._later.timeout.connect(self._read)
        self.button.toggled.connect(self._show)
        self.panel.closed.connect(self.button.click)
        self.panel.asked.connect(self._narrow)

    def put_beside(self, body: QWidget) -> None:
        """Stand at the left of the list."""
        self.split.addWidget(body)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes(list(_WIDTHS))

    @property
    def is_busy(self) -> bool:
        """Whether counts are on their way."""
        return self._reader.busy or self._later.isActive()

    def toggle(self) -> None:
        """Show the facets, with the focus in them, or hide them."""
        self.button.click()
        if self.button.isChecked():
            self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def filter_changed(self) -> None:
        """The list is another: count at once."""
        self._rests_until_s = 0.0
        self.list_read()

    def list_read(self) -> None:
        """The list was read again: count, too, once that has rested."""
        if self.button.isChecked():
            self._later.start(max(0, round((self._rests_until_s - time.monotonic()) * 1000)))

    def save_state(self, state: QSettings) -> None:
        """Keep whether they are shown, how wide, and what is folded."""
        write_json(state, "facets", {"shown": self.button.isChecked(), "folded": self.panel.folded})
        if not self.panel.isHidden():
            state.setValue("facets_split", self.split.saveState())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        kept = read_json(state, "facets")
        if not isinstance(kept, dict):
            return
        folded = kept.get("folded")
        if isinstance(folded, list):
            self.panel.fold(field for field in folded if isinstance(field, str))
        self.button.setChecked(kept.get("shown") is True)
        sizes = state.value("facets_split")
        if isinstance(sizes, QByteArray):
            self.split.restoreState(sizes)

    def _show(self, shown: bool) -> None:
        self.panel.setVisible(shown)
        if shown:
            self.filter_changed()
        else:
            self._later.stop()
            self._reader.cancel()

    def _read(self) -> None:
        self._started_s = time.monotonic()
        self._reader.submit(self._list.facet_read())

    def _counted(self, facets: Facets) -> None:
        ended_s = time.monotonic()
        self._rests_until_s = ended_s + max(_LEAST_REST_S, (ended_s - self._started_s) * _REST_SHARE)
        self._facets = facets
        self._show_counts()

    def _show_counts(self) -> None:
        self.panel.show_facets(self._facets, self._is_on)

    def _is_on(self, field: str, value: str) -> bool:
        shown = self._list.shown_filter
        if hasattr(shown, field):
            return bool(getattr(shown, field) == value)
        return self._place_of(term_for(field, value), shown) is not None

    def _place_of(self, term: str, shown: ListFilter) -> int | None:
        try:
            parts = parts_of(shown.text, self._subject)
        except QueryError:
            return None
        return parts.index(term) if term in parts else None

    def _narrow(self, asked: tuple[FacetRow, bool]) -> None:
        row, wanted = asked
        shown, term = self._list.shown_filter, term_for(row.field, row.value)
        place = self._place_of(term, shown)
        if wanted and hasattr(shown, row.field):
            chosen = None if getattr(shown, row.field) == row.value else row.value
            self._list.show_filter(replace(shown, **{row.field: chosen}))
        elif wanted and place is not None:
            self._list.show_filter(replace(shown, text=without_part(shown.text, place, self._subject)))
        else:
            self._list.narrow(term, wanted)

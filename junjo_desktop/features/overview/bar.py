"""The header line of the Overview: a service, the time, live or paused."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from junjo_desktop.features.overview.filters import OverviewFilter
from junjo_desktop.widgets.list_bar import ListBar


class OverviewBar(ListBar[OverviewFilter]):
    """`changed` carries a new `OverviewFilter`. There is nothing to search, and there are no columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(OverviewFilter(), QMenu(), noun="call", placeholder="", parent=parent)
        self.service.setToolTip("Only calls of this service")
        self.time.setToolTip("Of which time (T)")
        self.live.setToolTip("Figures follow what is stored (L)")
        self.lay_out("Overview", (), ())
        for unused in (self.search, self.columns):
            unused.hide()
        line = self.layout()
        if isinstance(line, QHBoxLayout):
            line.insertStretch(line.indexOf(self.search), 1)
        self.show_filter(self.shown)

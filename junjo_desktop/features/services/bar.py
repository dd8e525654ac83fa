"""The header line of the Services page: which of its three views, a text, a service, the time, live or paused."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.widgets.list_bar import ListBar
from junjo_desktop.widgets.segmented import Segmented

FIGURES, MAP, RESTARTS = "figures", "map", "restarts"
VIEWS = ((FIGURES, "Figures"), (MAP, "Map"), (RESTARTS, "Restarts"))


class ServicesBar(ListBar[ServicesFilter]):
    """`changed` carries a new `ServicesFilter`; `view.chosen` which view is wanted."""

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            ServicesFilter(), columns_menu, noun="service", placeholder="Filter by name or type", parent=parent
        )
        self.view = Segmented(VIEWS, name="Show", parent=self)
        self.service.setToolTip("Only this service")
        self.time.setToolTip("Of which time (T)")
        self.live.setToolTip("Figures follow what is stored (L)")
        self.lay_out("Services", (self.view,), ())
        self.show_filter(self.shown)

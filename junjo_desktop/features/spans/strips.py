"""What stands above the list of spans: durations over time, or how durations are distributed; and a switch between."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.widgets.histogram import HistogramStrip
from junjo_desktop.widgets.scatter import ScatterStrip
from junjo_desktop.widgets.segmented import Segmented

OVER_TIME, DISTRIBUTION = "time", "distribution"
_RIGHT_PX, _TOP_PX = 12, 3


class Strips(QWidget):
    """`switched` says that the other strip is shown now."""

    switched = Signal()

    def __init__(self, scatter: ScatterStrip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scatter = scatter
        self.histogram = HistogramStrip("span", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scatter)
        layout.addWidget(self.histogram)
        self.switch = Segmented(
            [(OVER_TIME, "Over time"), (DISTRIBUTION, "Distribution")], name="Durations", parent=self
        )
        self.switch.setToolTip("Durations over time, or how they are distributed (H)")
        self.switch.chosen.connect(self.show_mode)
        self.show_mode(OVER_TIME)
        self.hide()

    @property
    def mode(self) -> str:
        """Which strip is shown."""
        return self.switch.value

    def show_mode(self, mode: str) -> None:
        """Show one of the strips."""
        self.switch.set_value(mode)
        self.scatter.setVisible(mode == OVER_TIME)
        self.histogram.setVisible(mode == DISTRIBUTION)
        self.switched.emit()

    def toggle(self) -> None:
        """Show the other strip."""
        self.show_mode(OVER_TIME if self.mode == DISTRIBUTION else DISTRIBUTION)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.switch.sizeHint()
        self.switch.setGeometry(self.width() - size.width() - _RIGHT_PX, _TOP_PX, size.width(), size.height())
        self.histogram.keep_free(size.width() + _RIGHT_PX)
        self.switch.raise_()

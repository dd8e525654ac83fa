"""Which lens a trace is seen through, and whether the critical path is marked."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from junjo_desktop.widgets.segmented import Segmented


class Lens(StrEnum):
    """One way to see the spans of a trace."""

    WATERFALL = "waterfall"
    FLAME = "flame"
    STATISTICS = "statistics"


LENS_LABELS = {Lens.WATERFALL: "Waterfall", Lens.FLAME: "Flame", Lens.STATISTICS: "Statistics"}


class LensBar(QFrame):
    """`lens_chosen` carries the name of a lens, and only when the user chose."""

    lens_chosen = Signal(str)
    path_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.lenses = Segmented([(str(key), label) for key, label in LENS_LABELS.items()], name="Lens", parent=self)
        self.lenses.setToolTip("Ways to see the trace (1, 2, 3)")
        self.path = QPushButton("Critical path", self)
        self.path.setCheckable(True)
        self.path.setChecked(True)
        self.path.setToolTip("Mark the chain of spans that determined when the trace ended (Shift+P)")
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 5, 8, 5)
        line.addWidget(self.lenses)
        line.addStretch(1)
        line.addWidget(self.path)
        self.lenses.chosen.connect(self.lens_chosen)
        self.path.toggled.connect(self.path_toggled)

    @property
    def lens(self) -> Lens:
        """The lens that is on."""
        return Lens(self.lenses.value)

    def show_lens(self, lens: Lens) -> None:
        """Turn a lens on without `lens_chosen`."""
        self.lenses.set_value(str(lens))

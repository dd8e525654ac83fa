"""Which lens a trace is seen through, and whether the critical path is marked."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.segmented import Segmented


class Lens(StrEnum):
    """One way to see a trace."""

    WATERFALL = "waterfall"
    FLAME = "flame"
    STATISTICS = "statistics"
    GRAPH = "graph"
    CONVERSATION = "conversation"
    LOGS = "logs"


LENS_LABELS = {
    Lens.WATERFALL: "Waterfall",
    Lens.FLAME: "Flame",
    Lens.STATISTICS: "Statistics",
    Lens.GRAPH: "Graph",
    Lens.CONVERSATION: "Conversation",
    Lens.LOGS: "Logs",
}
LENS_ICONS = {
    Lens.WATERFALL: "traces",
    Lens.FLAME: "flame",
    Lens.STATISTICS: "overview",
    Lens.GRAPH: "workflows",
    Lens.CONVERSATION: "conversations",
    Lens.LOGS: "logs",
}


_PATH = "Critical path"


class LensBar(QFrame):
    """`lens_chosen` carries the name of a lens, and only when the user chose. Where there is little room, only the lens
    that is on has its name, and the others their icons.
    """

    lens_chosen = Signal(str)
    path_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self._labels = {str(lens): label for lens, label in LENS_LABELS.items()}
        self.lenses = Segmented(list(self._labels.items()), name="Lens", parent=self)
        self.path = QPushButton(_PATH, self)
        self.path.setAccessibleName(_PATH)
        self._named: dict[QAbstractButton, str] = {}
        self.path.setCheckable(True)
        self.path.setChecked(True)
        self.path.setToolTip("Mark the chain of spans that determined when the trace ended (Shift+P)")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(8, 5, 8, 5)
        self._line.addWidget(self.lenses)
        self._line.addStretch(1)
        self._line.addWidget(self.path)
        for number, (key, label) in enumerate(self._labels.items(), 1):
            self.lenses.button(key).setToolTip(f"{label} ({number})")
        self.lenses.chosen.connect(self._choose)
        self.path.toggled.connect(self.path_toggled)

    def add_button(self, button: QAbstractButton) -> None:
        """Place a button at the right end. Its name gives way before that of the lens does, where it has an icon."""
        if not button.icon().isNull():
            self._named[button] = button.text()
        self._line.addWidget(button)

    @property
    def lens(self) -> Lens:
        """The lens that is on."""
        return Lens(self.lenses.value)

    def show_lens(self, lens: Lens) -> None:
        """Turn a lens on without `lens_chosen`."""
        self.lenses.set_value(str(lens))
        self._fit()

    def show_count(self, lens: Lens, count: int) -> None:
        """Say how much there is to see in a lens; 0 says nothing."""
        self._labels[str(lens)] = f"{LENS_LABELS[lens]} {count_text(count)}" if count else LENS_LABELS[lens]
        self._fit()

    def show_path_switch(self, shown: bool) -> None:
        """Offer to mark the critical path, or not."""
        self.path.setVisible(shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _choose(self, key: str) -> None:
        self._fit()
        self.lens_chosen.emit(key)

    def _fit(self) -> None:
        """Write every name where there is room for all of them, else only the one of the lens that is on, and last of
        all only that.
        """
        for is_narrow, has_names in ((False, True), (True, True), (True, False)):
            self._write(is_narrow=is_narrow, has_names=has_names)
            if self._line.minimumSize().width() <= self.width():
                return

    def _write(self, *, is_narrow: bool, has_names: bool) -> None:
        self.path.setText(_PATH if has_names else "")
        self.path.setIcon(QIcon() if has_names else icon("live"))
        for named, text in self._named.items():
            named.setText(text if has_names else "")
        for lens in Lens:
            button, label = self.lenses.button(str(lens)), self._labels[str(lens)]
            is_named = not is_narrow or button.isChecked()
            button.setText(label if is_named else "")
            button.setIcon(QIcon() if is_named else icon(LENS_ICONS[lens]))
            button.setAccessibleName(f"Lens: {label}")
        # Or it would tell the size that it had before, until the next turn of the event loop.
        self.lenses.updateGeometry()
        self._line.invalidate()

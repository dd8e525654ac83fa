"""The line below the graph: which run of the selected node is looked at, and what can be done with the drawing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.icon_button import icon_button

_HEIGHT_PX = 34
_NOTHING = "Select a node to see its runs"


class GraphStrip(QFrame):
    """Buttons and words; what they do is the graph view's affair. `stepped` carries "previous" or "next"."""

    stepped = Signal(str)
    labels_switched = Signal(bool)
    fit_asked = Signal()
    zoom_in_asked = Signal()
    zoom_out_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "peek")
        self.setFixedHeight(_HEIGHT_PX)
        self.words = ElidedLabel(_NOTHING, self, look="dim")
        self.previous = self._button("chevron-left", "Previous run of this node", "[")
        self.next = self._button("chevron-right", "Next run of this node", "]")
        self.labels = QCheckBox("Edge labels", self)
        self.whole = self._button("zoom-fit", "Show the whole graph", "0")
        self.closer = self._button("zoom-in", "Zoom in", "+")
        self.farther = self._button("zoom-out", "Zoom out", "-")
        self.export = self._button("export", "Export the graph")
        self.svg = QAction("Save as SVG…", self)
        self.png = QAction("Save as PNG…", self)
        self.copy = QAction("Copy as image", self)
        self._lay_out()
        self._connect()
        self.show_runs(_NOTHING, 0, 0)

    def _button(self, icon_name: str, name: str, key: str = "") -> QToolButton:
        button = icon_button(icon_name, f"{name} ({key})" if key else name, self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 8, 0)
        line.setSpacing(4)
        self.words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for part in (self.words, self.previous, self.next):
            line.addWidget(part)
        line.addStretch(1)
        self.labels.setChecked(True)
        self.labels.setToolTip("Show conditions and counts beside edges")
        line.addWidget(self.labels)
        line.addSpacing(8)
        menu = QMenu(self)
        menu.addActions([self.svg, self.png, self.copy])
        self.export.setMenu(menu)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (self.farther, self.closer, self.whole, self.export):
            line.addWidget(button)

    def _connect(self) -> None:
        self.previous.clicked.connect(self._step_back)
        self.next.clicked.connect(self._step_on)
        self.labels.toggled.connect(self.labels_switched)
        self.whole.clicked.connect(self.fit_asked)
        self.closer.clicked.connect(self.zoom_in_asked)
        self.farther.clicked.connect(self.zoom_out_asked)

    def show_runs(self, words: str, chosen: int, count: int) -> None:
        """Say which run is looked at: number `chosen` (from 0) of `count`; empty words for no node."""
        self.words.setText(words or _NOTHING)
        for button in (self.previous, self.next):
            button.setVisible(count > 1)
        self.previous.setEnabled(chosen > 0)
        self.next.setEnabled(chosen < count - 1)

    def _step_back(self) -> None:
        self.stepped.emit("previous")

    def _step_on(self) -> None:
        self.stepped.emit("next")

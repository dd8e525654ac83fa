"""The line below the map: what is selected and where it leads, and what can be done with the drawing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.icon_button import icon_button

_HEIGHT_PX = 40
_NOTHING = "Beside lines: calls · failed · p95. A click shows the traces of a service or of a line."


class MapStrip(QFrame):
    """Buttons and words; what they do is the panel's affair."""

    outside_switched = Signal(bool)
    fit_asked = Signal()
    zoom_in_asked = Signal()
    zoom_out_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "peek")
        self.setFixedHeight(_HEIGHT_PX)
        self.words = ElidedLabel(_NOTHING, self, look="dim")
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.traces = self._word("Traces", "Traces of these calls (Enter)", "traces")
        self.failed = self._word("Failed", "Failed traces of these calls (E)", "error")
        self.only = self._word("Only this", "Only this service and its neighbours (O)", "filter")
        self.outside = QCheckBox("Outside", self)
        self.outside.setChecked(True)
        self.outside.setToolTip("Also what sends no telemetry: model providers, databases, queues, hosts (X)")
        self.whole = self._button("zoom-fit", "Show the whole map", "0")
        self.closer = self._button("zoom-in", "Zoom in", "+")
        self.farther = self._button("zoom-out", "Zoom out", "-")
        self.export = self._button("export", "Export the map")
        self.svg = QAction("Save as SVG…", self)
        self.png = QAction("Save as PNG…", self)
        self.copy = QAction("Copy as image", self)
        self._lay_out()
        self.outside.toggled.connect(self.outside_switched)
        self.whole.clicked.connect(self.fit_asked)
        self.closer.clicked.connect(self.zoom_in_asked)
        self.farther.clicked.connect(self.zoom_out_asked)
        self.show_selected("", has_failed=False, is_service=False)

    def show_selected(self, words: str, *, has_failed: bool, is_service: bool) -> None:
        """Say what is selected; empty for nothing."""
        self.words.setText(words or _NOTHING)
        self.traces.setVisible(bool(words))
        self.failed.setVisible(bool(words) and has_failed)
        self.only.setVisible(bool(words) and is_service)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 8, 0)
        line.setSpacing(6)
        line.addWidget(self.words, 1)
        menu = QMenu(self)
        menu.addActions([self.svg, self.png, self.copy])
        self.export.setMenu(menu)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for widget in (self.traces, self.failed, self.only):
            line.addWidget(widget)
        line.addSpacing(6)
        line.addWidget(self.outside)
        line.addSpacing(4)
        for button in (self.farther, self.closer, self.whole, self.export):
            line.addWidget(button)

    def _word(self, text: str, tooltip: str, icon_name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setIcon(icon(icon_name))
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip.partition(" (")[0])
        return button

    def _button(self, icon_name: str, name: str, key: str = "") -> QToolButton:
        button = icon_button(icon_name, f"{name} ({key})" if key else name, self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

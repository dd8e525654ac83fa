"""The line that says what of a run did not arrive, and why."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.features.run.missing import Missing
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import many_lines
from junjo_desktop.widgets.elided_label import ElidedLabel

_ICON_PX = 14
_MARGIN_PX = 14


class MissingLine(QFrame):
    """The gravest sentence, the others on demand. Hidden while nothing is missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self._picture = QLabel(self)
        self.first = ElidedLabel(parent=self, look="dim")
        self.more = QPushButton(self)
        self.more.setProperty("look", "quiet")
        self.more.setCheckable(True)
        self.others = QLabel(self)
        self.others.setTextFormat(Qt.TextFormat.PlainText)
        self.others.setWordWrap(True)
        self.others.setProperty("look", "dim")
        self.others.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.others.setContentsMargins(_ICON_PX + 8, 0, 0, 4)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._picture, self.first, self.more):
            line.addWidget(widget)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 2, _MARGIN_PX, 2)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.others)
        self.more.toggled.connect(self._show_others)
        self.setMinimumHeight(self.more.sizeHint().height() + 4)
        self.hide()

    def show_missing(self, missing: Missing) -> None:
        """Say this; without sentences the line is hidden."""
        first, *others = missing.sentences or ("",)
        picture = icon("warning", "warning") if missing.is_loss else icon("info", "info")
        self._picture.setPixmap(picture.pixmap(QSize(_ICON_PX, _ICON_PX), self.devicePixelRatioF()))
        self.first.setText(first)
        self.others.setText(many_lines("\n".join(others)))
        words = f"and {len(others)} more"
        self.more.setText(words)
        self.more.setAccessibleName(f"{words} that is missing")
        self.more.setToolTip("Show everything that is missing, or only the gravest")
        self.more.setVisible(bool(others))
        self._show_others(self.more.isChecked())
        self.setVisible(bool(missing.sentences))

    def _show_others(self, shown: bool) -> None:
        self.others.setVisible(shown and bool(self.others.text()))

"""A count beside the limit it is held against, with a small bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.tooltip import plain_tooltip

_BAR_PX, _THICK_PX = 56, 6


class Meter(QWidget):
    """Says `Tool calls ▬▬ 1 of 2  4 wanted`; without a limit there is no bar."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self.bar = _Bar(self)
        self.value = QLabel(self)
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.wanted = QLabel(self)
        self.wanted.setProperty("look", "error")
        dim = QLabel(label, self)
        dim.setProperty("look", "dim")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for part in (dim, self.bar, self.value, self.wanted):
            line.addWidget(part)

    def show_count(self, count: int, limit: int | None, *, wanted: str = "", tip: str = "") -> None:
        """Show a count; `wanted` says how many there would have been, where the limit ended the run."""
        told = count_text(count) if limit is None else f"{count_text(count)} of {count_text(limit)}"
        self.value.setText(told)
        self.bar.setVisible(limit is not None)
        if limit is not None:
            self.bar.show_share(count / limit if limit > 0 else float(count > 0), "error" if wanted else "info")
        self.setToolTip(plain_tooltip(tip))
        self.wanted.setText(wanted)
        self.wanted.setVisible(bool(wanted))
        self.setAccessibleName(", ".join(word for word in (f"{self._label} {told}", wanted) if word))
        self.updateGeometry()


class _Bar(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._share = 0.0
        self._role: Role = "info"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, role: Role) -> None:
        """Fill this share (0 to 1) of the bar."""
        self._share, self._role = min(max(share, 0.0), 1.0), role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_BAR_PX, _THICK_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, color in (
            (1.0, mix(tokens.dim, tokens.panel, 0.2)),
            (self._share, role_color(tokens, self._role)),
        ):
            if share > 0:
                painter.setBrush(QColor(color))
                box = QRectF(0, 0, max(_THICK_PX, self.width() * share), self.height())
                painter.drawRoundedRect(box, _THICK_PX / 2, _THICK_PX / 2)
        painter.end()

"""The navigation rail: pages above, connection and settings below; it folds to icons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from junjo_desktop.shell.feature import Feature
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import icon, paint_icon
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX, RAIL_PX

FOLDED_PX = 48
_ROW_PX = 30
_ICON_PX = 16
_MARGIN_PX = 8


class RailButton(QAbstractButton):
    """One page: icon, title, count; only the icon while the rail is folded."""

    def __init__(self, feature: Feature, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = feature.icon
        self._count = ""
        self.setText(feature.title)
        self.setCheckable(True)
        self.setFixedHeight(_ROW_PX)
        self.setAccessibleName(feature.title)
        self.setToolTip(f"{feature.title} ({shortcut})" if shortcut else feature.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._font = ui_font()
        self._chosen_font = ui_font(weight=QFont.Weight.DemiBold)
        self._small_font = ui_font(size_px=11)

    def show_count(self, count: str) -> None:
        """Show a number at the right end; empty for none."""
        self._count = count
        self.setAccessibleName(f"{self.text()} {count}".strip())
        self.update()

    def nextCheckState(self) -> None:
        """The mark follows the page, not the press: a page that cannot be shown does not take it."""

    def sizeHint(self) -> QSize:
        return QSize(FOLDED_PX - 2 * _MARGIN_PX, _ROW_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = tokens.accent_bg if self.isChecked() else mix(tokens.text, tokens.panel_2, 0.05)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS_PX, RADIUS_PX)
        color = tokens.accent if self.isChecked() else tokens.dim
        folded = self.width() < FOLDED_PX
        left = (self.width() - _ICON_PX) // 2 if folded else 9
        paint_icon(painter, QRect(left, (self.height() - _ICON_PX) // 2, _ICON_PX, _ICON_PX), self._icon_name, color)
        if not folded:
            self._paint_words(painter, color)
        painter.end()

    def _paint_words(self, painter: QPainter, color: str) -> None:
        room = self.rect().adjusted(34, 0, -9, 0)
        painter.setPen(QColor(color))
        painter.setFont(self._small_font)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._count)
        painter.setFont(self._chosen_font if self.isChecked() else self._font)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())


class Rail(QFrame):
    """`chosen` carries the name of the feature that was pressed."""

    chosen = Signal(str)

    def __init__(self, features: Sequence[Feature], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._buttons: dict[str, RailButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_MARGIN_PX, 10, _MARGIN_PX, 8)
        self._column.setSpacing(1)
        self._wordmark = _Wordmark(self)
        self._fold = QToolButton(self)
        self._fold.clicked.connect(self.toggle)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 6)
        top.addWidget(self._wordmark, 1)
        top.addWidget(self._fold)
        self._column.addLayout(top)
        for section in ("main", "foot"):
            if section == "foot":
                self._column.addStretch(1)
            for feature in features:
                if feature.section == section:
                    self._add(feature)
        self._is_folded = False
        self.set_folded(folded=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The features on the rail from top to bottom."""
        return tuple(self._buttons)

    @property
    def is_folded(self) -> bool:
        """Whether only icons are shown."""
        return self._is_folded

    @property
    def marked(self) -> str:
        """The page that is marked, "" for none."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def mark(self, name: str) -> None:
        """Mark the page that is in front; a page that is not on the rail leaves the mark where it is."""
        if name in self._buttons:
            for other, button in self._buttons.items():
                button.setChecked(other == name)

    def show_count(self, name: str, count: str) -> None:
        """Show a number beside a page's title."""
        if name in self._buttons:
            self._buttons[name].show_count(count)

    def set_folded(self, *, folded: bool) -> None:
        """Show icons only, or icons and words."""
        self._is_folded = folded
        self.setFixedWidth(FOLDED_PX if folded else RAIL_PX)
        self._wordmark.setVisible(not folded)
        words = "Unfold the rail (Ctrl+B)" if folded else "Fold the rail to icons (Ctrl+B)"
        self._fold.setIcon(icon("unfold" if folded else "fold"))
        self._fold.setToolTip(words)
        self._fold.setAccessibleName(words)

    def toggle(self) -> None:
        """Fold, or unfold."""
        self.set_folded(folded=not self._is_folded)

    def _add(self, feature: Feature) -> None:
        number = len(self._buttons) + 1
        button = RailButton(feature, f"Ctrl+{number}" if number <= 9 else "", self)
        button.clicked.connect(partial(self._choose, feature.name))
        self._buttons[feature.name] = button
        self._column.addWidget(button)

    def _choose(self, name: str) -> None:
        self.chosen.emit(name)


class _Wordmark(QWidget):
    """The name of the app, its first word heavier."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_ROW_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        x = 9
        for word, weight, color in (
            ("Junjo ", QFont.Weight.DemiBold, tokens.text),
            ("Desktop", QFont.Weight.Normal, tokens.dim),
        ):
            painter.setFont(ui_font(size_px=15, weight=weight))
            painter.setPen(QColor(color))
            painter.drawText(
                self.rect().adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word
            )
            x += painter.fontMetrics().horizontalAdvance(word)
        painter.end()

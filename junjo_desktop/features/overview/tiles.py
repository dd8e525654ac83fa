"""The figures at the top of the Overview: one card each, the figure large and what it is made of below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from junjo_desktop.store.overview import Overview
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.facet_rows import share_text
from junjo_desktop.widgets.figures import cost_text, count_text, counted, duration_text

_FIGURE_PX = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, and what it is made of."""

    title: str
    figure: str
    below: str = ""


def tiles_of(overview: Overview) -> tuple[Tile, ...]:
    """Return the figures; what is not known is said to be unknown, never 0."""
    sums = overview.sums
    repeated = f"{count_text(overview.repeated)} more told twice" if overview.repeated else ""
    unpriced = f"{counted(sums.unpriced, 'call')} unpriced" if sums.unpriced else "every call priced"
    return (
        Tile("Calls", count_text(sums.calls), repeated),
        Tile("Cost", cost_text(sums.cost) if sums.cost is not None else "unknown", unpriced if sums.calls else ""),
        Tile(
            "Tokens",
            "unknown" if sums.tokens is None else count_text(sums.tokens),
            f"{_count(sums.input_tokens)} in · {_count(sums.output_tokens)} out" if sums.tokens else "",
        ),
        Tile("Failed", share_text(sums.failed, sums.calls), counted(sums.failed, "call") if sums.failed else ""),
        Tile("Latency", _duration(sums.p50_ns), f"p95 {_duration(sums.p95_ns)}" if sums.calls else ""),
        Tile("First token", _duration(sums.first_token_ns), "p50" if sums.first_token_ns is not None else "not told"),
    )


class Tiles(QWidget):
    """All of them in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = [_Card(self) for _ in tiles_of(Overview())]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for card in self._cards:
            row.addWidget(card, 1)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show figures."""
        for card, tile in zip(self._cards, tiles, strict=True):
            card.show_tile(tile)


class _Card(QFrame):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._title, self._figure, self._below = QLabel(self), QLabel(self), ElidedLabel(parent=self)
        for label in (self._title, self._below):
            label.setProperty("look", "dim")
        self._figure.setFont(ui_font(size_px=_FIGURE_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(2)
        for label in (self._title, self._figure, self._below):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(1)
            column.addWidget(label)

    def show_tile(self, tile: Tile) -> None:
        self._title.setText(tile.title)
        self._figure.setText(tile.figure)
        self._below.setText(tile.below)
        self.setAccessibleName(f"{tile.title}: {tile.figure}. {tile.below}")


def _count(value: int | None) -> str:
    return "?" if value is None else count_text(value)


def _duration(value: int | None) -> str:
    return "unknown" if value is None else duration_text(value)

"""The answer above the operations of two runs: one sentence, both runs' figures, and how many differ in what way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.features.services.process_columns import short_name
from junjo_desktop.features.services.verdict_words import (
    HOW,
    change_words,
    count_or_none,
    duration_or_none,
    errors_text,
    headline,
    tokens_each_text,
)
from junjo_desktop.store.service_comparison import ProcessComparison
from junjo_desktop.store.service_verdicts import Side, Verdict
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.flow_layout import FlowLayout

_HEADS = ("", "Requests", "Failed", "p50", "p95", "Tokens each")
_NARROW_PX = 860


class ComparisonHead(QFrame):
    """`chosen` carries the `Verdict` whose operations alone are wanted, None for all."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.only: Verdict | None = None
        self.sentence = ElidedLabel("", self, "heading")
        self._cells = [[_cell(self, row, column) for column in range(len(_HEADS))] for row in range(4)]
        self._verdicts = QWidget(self)
        self._flow = FlowLayout(self._verdicts, 6, 6)
        self._flow.setContentsMargins(0, 4, 0, 0)
        self.buttons: dict[Verdict, QPushButton] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(22)
        grid.setVerticalSpacing(1)
        for row, cells in enumerate(self._cells):
            for column, cell in enumerate(cells):
                grid.addWidget(cell, row, column)
        for column, title in enumerate(_HEADS):
            self._cells[0][column].setText(title)
        for column in (3, 4):
            self._cells[0][column].setToolTip("Of requests that did not fail")
        self._cells[0][-1].setToolTip("All tokens that spans of the run told, shared among its requests")
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(28)
        self._line.addLayout(grid)
        self._line.addWidget(self._verdicts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 9)
        layout.setSpacing(5)
        layout.addWidget(self.sentence)
        layout.addLayout(self._line)
        self._show_buttons({})

    def show_comparison(self, comparison: ProcessComparison) -> None:
        """Show what two runs come to."""
        self.sentence.setText(headline(comparison))
        requests = comparison.requests
        for row, word, process, side in (
            (1, "Before", comparison.left, requests.left),
            (2, "Now", comparison.right, requests.right),
        ):
            self._show_side(row, f"{word} · {short_name(process)}", side, tokens_each_text(process))
        self._show_line(3, ("Change", "", "", change_words(requests), "", ""))
        self._show_buttons({verdict: comparison.counts.get(verdict, 0) for verdict in Verdict})

    def texts(self, row: int) -> list[str]:
        """Return what a line of the figures says: 0 the heads, 1 before, 2 now, 3 the change."""
        return [cell.text() for cell in self._cells[row]]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        is_narrow = self.width() < _NARROW_PX
        self._line.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        self._line.setSpacing(4 if is_narrow else 28)

    def _show_side(self, row: int, name: str, side: Side | None, tokens: str) -> None:
        took = ("–", "–") if side is None else (duration_or_none(side.p50_ns), duration_or_none(side.p95_ns))
        self._show_line(row, (name, count_or_none(side), errors_text(side), *took, tokens))

    def _show_line(self, row: int, texts: tuple[str, ...]) -> None:
        for cell, text in zip(self._cells[row], texts, strict=True):
            cell.setText(text)

    def _show_buttons(self, counts: dict[Verdict, int]) -> None:
        if self.only is not None and not counts.get(self.only):
            self.only = None
        for verdict in Verdict:
            count = counts.get(verdict, 0)
            button = self.buttons.get(verdict)
            if button is None and count:
                button = self.buttons[verdict] = self._button(verdict)
                # In the order of verdicts, whichever was met first.
                for known in Verdict:
                    if known in self.buttons:
                        self._flow.removeWidget(self.buttons[known])
                        self._flow.addWidget(self.buttons[known])
            if button is not None:
                button.setText(f"{count:,} {verdict}")
                button.setVisible(count > 0)
                button.setChecked(verdict is self.only)

    def _button(self, verdict: Verdict) -> QPushButton:
        button = QPushButton(self._verdicts)
        button.setCheckable(True)
        button.setToolTip(f"Only operations of which this is said. {HOW}")
        button.setAccessibleName(f"Only: {verdict}")
        button.clicked.connect(partial(self._choose, verdict))
        return button

    def _choose(self, verdict: Verdict) -> None:
        self.only = verdict if self.buttons[verdict].isChecked() else None
        for other, button in self.buttons.items():
            button.setChecked(other is self.only)
        self.chosen.emit(self.only)


def _cell(parent: QWidget, row: int, column: int) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", "" if row in (1, 2) and column else "dim")
    if column:
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label

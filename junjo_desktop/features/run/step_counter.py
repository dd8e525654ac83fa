"""Where the selected state update stands among all, and the ways to the ones beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from junjo_desktop.features.run.selection import RunSelection, Step
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import count_text


class StepCounter(QWidget):
    """`6 of 9` between two arrows. Goes through the updates of all stores in order of time, as a filter left them."""

    moved = Signal()

    def __init__(self, selection: RunSelection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._order: tuple[Step, ...] = ()
        self._moments: dict[Step, int] = {}
        self._spans: Mapping[str, int] = {}
        self.back = QToolButton(self)
        self.words = QLabel(self)
        self.forth = QToolButton(self)
        self.words.setProperty("look", "dim")
        for button, picture, name, tip in (
            (self.back, "chevron-left", "Previous state update", "Previous state update (←)"),
            (self.forth, "chevron-right", "Next state update", "Next state update (→)"),
        ):
            button.setIcon(icon(picture))
            button.setAccessibleName(name)
            button.setToolTip(tip)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        for widget in (self.back, self.words, self.forth):
            line.addWidget(widget)
        self.back.clicked.connect(self.previous)
        self.forth.clicked.connect(self.next)
        selection.changed.connect(self._show)

    def set_order(self, order: Sequence[Step], spans: Mapping[str, int], kept: Collection[Step] | None) -> None:
        """Go through `order`, of which a filter left `kept` (None: all).

        `spans` says, by span, how many updates of `order` come before what happens in it.
        """
        self._moments = {step: place for place, step in enumerate(order)}
        self._spans = spans
        self._order = tuple(step for step in order if kept is None or step in kept)
        self._show(self._selection)

    @property
    def text(self) -> str:
        """What is said: `6 of 9`, `9 updates`."""
        return self.words.text()

    def next(self) -> None:
        """Select the next update, seen from what is selected."""
        here = self._moment()
        step = next((one for one in self._order if self._moments[one] > here), None)
        self._go(step)

    def previous(self) -> None:
        """Select the previous update, seen from what is selected."""
        here = self._moment()
        self._go(next((one for one in reversed(self._order) if self._moments[one] < here), None))

    def _moment(self) -> float:
        """Where the selection stands among all updates; a span just before what happens in it."""
        step, span_id = self._selection.step, self._selection.span_id
        if step is not None and step in self._moments:
            return self._moments[step]
        return self._spans.get(span_id or "", 0) - 0.5

    def _go(self, step: Step | None) -> None:
        if step is not None:
            self._selection.select_step(*step)
            self.moved.emit()

    def _show(self, selection: RunSelection) -> None:
        count = len(self._order)
        place = self._order.index(selection.step) + 1 if selection.step in self._order else 0
        self.words.setText(f"{count_text(place)} of {count_text(count)}" if place else f"– of {count_text(count)}")
        here = self._moment()
        self.back.setEnabled(count > 0 and self._moments[self._order[0]] < here)
        self.forth.setEnabled(count > 0 and self._moments[self._order[-1]] > here)
        self.setVisible(count > 0)

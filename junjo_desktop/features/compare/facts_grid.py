"""Both sides as two lines under each other: outcome, times, counts; what differs stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from junjo_desktop.features.compare.rows_delegate import LEFT_ROLE, RIGHT_ROLE, paint_bar
from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

_WIDEST_PX = 190
_KEY_PX = QSize(22, 6)
_GAP_PX = 18
_MARGINS_PX = 26 + 3 * _GAP_PX
_WITH_WORDS_PX = 900
_LEAST_PX = 320


@dataclass(frozen=True, slots=True)
class FactTitle:
    """A column. Of those that find no room, the ones with the highest `spare` are left out first."""

    title: str
    spare: int
    only_if_differs: bool = False
    """Left out, too, where both say the same."""


@dataclass(frozen=True, slots=True)
class FactText:
    """What one side says in a column; nothing where `text` is empty."""

    text: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class SideFacts:
    """A line: how it ended, and a text for each column."""

    outcome: tuple[str, Role]
    outcome_tip: str
    texts: Sequence[FactText]


class _SideKey(QWidget):
    """The bar that stands for a side in the list."""

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedSize(_KEY_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bar(painter, QRectF(self.rect()), self._role)
        painter.end()


class FactsGrid(QFrame):
    """`open_asked` and `change_asked` carry whether it is the left side. `noun` is what both sides are."""

    open_asked = Signal(bool)
    change_asked = Signal(bool)

    def __init__(self, titles: Sequence[FactTitle], noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self._facts = tuple(titles)
        self._noun = noun
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 6, 12, 8)
        self._grid.setHorizontalSpacing(_GAP_PX)
        self._grid.setVerticalSpacing(3)
        self._titles: list[QLabel] = []
        self._values: tuple[list[ElidedLabel], list[ElidedLabel]] = ([], [])
        self._outcomes: list[Tag] = []
        self._names: list[QLabel] = []
        self.buttons: list[QPushButton] = []
        self._shown: list[int] = []
        for row, (name, role) in enumerate((("Left", LEFT_ROLE), ("Right", RIGHT_ROLE))):
            self._add_side(row, name, role)
        for place, fact in enumerate(self._facts):
            self._add_fact(place, fact.title)
        self._grid.setColumnStretch(len(self._facts) + 2, 1)

    @property
    def _buttons_column(self) -> int:
        return len(self._facts) + 3

    def _add_side(self, row: int, name: str, role: Role) -> None:
        head = QWidget(self)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(7)
        line.addWidget(_SideKey(role, head))
        label = QLabel(name, head)
        label.setProperty("look", "heading")
        self._names.append(label)
        line.addWidget(label)
        line.addStretch(1)
        outcome = Tag(parent=self)
        self._outcomes.append(outcome)
        self._grid.addWidget(head, row + 1, 0)
        self._grid.addWidget(outcome, row + 1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addStretch(1)
        is_left = row == 0
        for words, picture, tip, asked in (
            (f"Open {self._noun}", "external", f"Open the {name.lower()} {self._noun}", self.open_asked),
            ("Change…", "columns", f"Choose another {self._noun} for the {name.lower()} side", self.change_asked),
        ):
            button = QPushButton(icon(picture), words, self)
            button.setProperty("look", "quiet")
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _checked=False, asked=asked, is_left=is_left: asked.emit(is_left))
            button.setProperty("words", words)
            self.buttons.append(button)
            buttons.addWidget(button)
        self._grid.addLayout(buttons, row + 1, self._buttons_column)

    def _add_fact(self, place: int, title: str) -> None:
        label = QLabel(title, self)
        label.setProperty("look", "dim")
        self._titles.append(label)
        self._grid.addWidget(label, 0, place + 2)
        for row, values in enumerate(self._values):
            value = ElidedLabel(parent=self)
            value.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            values.append(value)
            self._grid.addWidget(value, row + 1, place + 2)

    def name_sides(self, left: str, right: str, *, opens_left: bool = True) -> None:
        """Name the lines; without `opens_left`, the left one is nothing that can be opened."""
        for label, name in zip(self._names, (left, right), strict=True):
            label.setText(name)
        self.buttons[0].setVisible(opens_left)

    def show_sides(self, left: SideFacts, right: SideFacts) -> None:
        """Show both sides, each with a text for every column."""
        for tag, side in zip(self._outcomes, (left, right), strict=True):
            tag.set_tag(*side.outcome)
            tag.setVisible(bool(side.outcome[0]))
            tag.setToolTip(plain_tooltip(side.outcome_tip))
        self._shown = []
        for place, fact in enumerate(self._facts):
            both = left.texts[place], right.texts[place]
            is_same = both[0].text == both[1].text
            if any(one.text for one in both) and not (fact.only_if_differs and is_same):
                self._shown.append(place)
            for one, values in zip(both, self._values, strict=True):
                _show_value(values[place], fact.title, one, is_same=is_same)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        # Whatever finds no room is left out: the page must not stay as wide as what is shown now.
        return QSize(_LEAST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out words of buttons, then facts, those that say least first, until everything has room."""
        has_words = self.width() >= _WITH_WORDS_PX
        for button in self.buttons:
            button.setText(str(button.property("words")) if has_words else "")
        widths = {place: self._fit_fact(place) for place in self._shown}
        room = self.width() - _MARGINS_PX - sum(map(self._column_px, (0, 1, self._buttons_column)))
        kept = sorted(self._shown, key=lambda place: self._facts[place].spare)
        while kept and sum(widths[place] for place in kept) > room:
            kept.pop()
        for place, title in enumerate(self._titles):
            for label in (title, *(values[place] for values in self._values)):
                label.setVisible(place in kept)

    def _column_px(self, column: int) -> int:
        cells = (self._grid.itemAtPosition(row, column) for row in (1, 2))
        return max(cell.sizeHint().width() for cell in cells if cell is not None)

    def _fit_fact(self, place: int) -> int:
        labels = [self._titles[place], *(values[place] for values in self._values)]
        width = min(max(label.sizeHint().width() for label in labels), _WIDEST_PX)
        for values in self._values:
            values[place].setFixedWidth(width)
        return width + _GAP_PX


def _show_value(label: ElidedLabel, title: str, fact: FactText, *, is_same: bool) -> None:
    text = fact.text or "–"
    label.setText(text)
    label.setToolTip(plain_tooltip("\n".join(filter(None, (f"{title}: {text}", fact.tip)))))
    label.setAccessibleName(f"{title} {text}")
    look = "dim" if is_same else ""
    if label.property("look") != look:
        label.setProperty("look", look)
        label.style().polish(label)

"""Both runs as two lines under each other: outcome, times, counts; what differs stands out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from junjo_desktop.features.compare.rows_delegate import LEFT_ROLE, RIGHT_ROLE, paint_bar
from junjo_desktop.telemetry.junjo.comparison_model import ComparisonFacts, RunFacts
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, moment_text
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

_STATES: dict[ExecutionState, tuple[str, Role]] = {
    ExecutionState.DONE: ("completed", "ok"),
    ExecutionState.RUNNING: ("running", "info"),
    ExecutionState.LOST: ("no end arrived", "warning"),
    ExecutionState.CANCELLED: ("cancelled", "warning"),
    ExecutionState.FAILED: ("failed", "error"),
    ExecutionState.NOT_RUN: ("not run", "node"),
}
_WIDEST_PX = 190
_KEY_PX = QSize(22, 6)
_GAP_PX = 18
_MARGINS_PX = 26 + 3 * _GAP_PX
_WITH_WORDS_PX = 900


@dataclass(frozen=True, slots=True)
class _Fact:
    """A column. It is left out where `text` is empty for both runs; `only_if_differs`, also where both say the same."""

    title: str
    text: Callable[[RunFacts], str]
    tip: Callable[[RunFacts], str] = lambda _run: ""
    only_if_differs: bool = False


def _started(run: RunFacts) -> str:
    return moment_text(run.start_ns) if run.start_ns else "no start time"


def _started_tip(run: RunFacts) -> str:
    return iso_text(run.start_ns) if run.start_ns else ""


def _lasted(run: RunFacts) -> str:
    return "unknown" if run.duration_ns is None else duration_text(run.duration_ns)


def _lasted_tip(run: RunFacts) -> str:
    return "It has not ended, or did not say when it began" if run.duration_ns is None else f"{run.duration_ns:,} ns"


def _tokens(run: RunFacts) -> str:
    told = [count for count in (run.input_tokens, run.output_tokens) if count is not None]
    return count_text(sum(told)) if told else ""


def _tokens_tip(run: RunFacts) -> str:
    return f"{count_text(run.input_tokens or 0)} in, {count_text(run.output_tokens or 0)} out" if _tokens(run) else ""


def _nonzero(count: Callable[[RunFacts], int]) -> Callable[[RunFacts], str]:
    return lambda run: count_text(count(run)) if count(run) else ""


_FACTS = (
    _Fact("Started", _started, _started_tip),
    _Fact("Duration", _lasted, _lasted_tip),
    _Fact("Steps", lambda run: count_text(run.step_count)),
    _Fact("Model calls", _nonzero(lambda run: run.model_calls)),
    _Fact("Tool calls", _nonzero(lambda run: run.tool_calls)),
    _Fact("Tokens", _tokens, _tokens_tip),
    _Fact("Failures", _nonzero(lambda run: run.failure_count)),
    _Fact("Hook errors", _nonzero(lambda run: run.hook_error_count)),
    _Fact("Version", lambda run: run.service_version or ""),
    _Fact("Correlation", lambda run: " ".join(filter(None, (run.correlation_type, run.correlation_id)))),
    _Fact("Service", lambda run: run.service_name, only_if_differs=True),
    _Fact("Name", lambda run: run.name, only_if_differs=True),
    _Fact("Telemetry", lambda run: run.generation, only_if_differs=True),
)
_BUTTONS = len(_FACTS) + 3
_IMPORTANCE = (1, 0, 2, 5, 11, 8, 3, 6, 9, 4, 10, 12, 7)
"""Places of the facts, those that are kept longest first."""


class _SideKey(QWidget):
    """The bar that stands for a run in the list of steps."""

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedSize(_KEY_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bar(painter, QRectF(self.rect()), self._role)
        painter.end()


class RunGrid(QFrame):
    """`open_asked` and `change_asked` carry whether it is the left run."""

    open_asked = Signal(bool)
    change_asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 6, 12, 8)
        self._grid.setHorizontalSpacing(_GAP_PX)
        self._grid.setVerticalSpacing(3)
        self._titles: list[QLabel] = []
        self._values: tuple[list[ElidedLabel], list[ElidedLabel]] = ([], [])
        self._outcomes: list[Tag] = []
        self.buttons: list[QPushButton] = []
        self._shown: list[int] = []
        for row, (name, role) in enumerate((("Left", LEFT_ROLE), ("Right", RIGHT_ROLE))):
            self._add_run(row, name, role)
        for place, fact in enumerate(_FACTS):
            self._add_fact(place, fact.title)
        self._grid.setColumnStretch(len(_FACTS) + 2, 1)

    def _add_run(self, row: int, name: str, role: Role) -> None:
        head = QWidget(self)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(7)
        line.addWidget(_SideKey(role, head))
        label = QLabel(name, head)
        label.setProperty("look", "heading")
        line.addWidget(label)
        outcome = Tag(parent=self)
        self._outcomes.append(outcome)
        self._grid.addWidget(head, row + 1, 0)
        self._grid.addWidget(outcome, row + 1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        is_left = row == 0
        for words, picture, tip, asked in (
            ("Open run", "external", f"Open the {name.lower()} run", self.open_asked),
            ("Change…", "columns", f"Choose another run for the {name.lower()} side", self.change_asked),
        ):
            button = QPushButton(icon(picture), words, self)
            button.setProperty("look", "quiet")
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _checked=False, asked=asked, is_left=is_left: asked.emit(is_left))
            button.setProperty("words", words)
            self.buttons.append(button)
            buttons.addWidget(button)
        self._grid.addLayout(buttons, row + 1, _BUTTONS)

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

    def show_facts(self, facts: ComparisonFacts) -> None:
        """Show both runs."""
        runs = facts.left, facts.right
        for tag, run in zip(self._outcomes, runs, strict=True):
            tag.set_tag(*_STATES[run.state])
            failure = run.failure
            told = "" if failure is None else f"{failure.step or run.name}\n{failure.type}: {failure.message}"
            tag.setToolTip(plain_tooltip(told.strip(": ")))
        self._shown = []
        for place, fact in enumerate(_FACTS):
            texts = [fact.text(run) for run in runs]
            is_same = texts[0] == texts[1]
            if any(texts) and not (fact.only_if_differs and is_same):
                self._shown.append(place)
            for run, text, values in zip(runs, texts, self._values, strict=True):
                _show_value(values[place], fact, run, text or "–", is_same=is_same)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out words of buttons, then facts, those that say least first, until everything has room."""
        has_words = self.width() >= _WITH_WORDS_PX
        for button in self.buttons:
            button.setText(str(button.property("words")) if has_words else "")
        widths = {place: self._fit_fact(place) for place in self._shown}
        ends = (self._grid.itemAtPosition(1, column) for column in (0, 1, _BUTTONS))
        room = self.width() - _MARGINS_PX - sum(end.sizeHint().width() for end in ends if end is not None)
        kept = sorted(self._shown, key=_IMPORTANCE.index)
        while kept and sum(widths[place] for place in kept) > room:
            kept.pop()
        for place, title in enumerate(self._titles):
            for label in (title, *(values[place] for values in self._values)):
                label.setVisible(place in kept)

    def _fit_fact(self, place: int) -> int:
        labels = [self._titles[place], *(values[place] for values in self._values)]
        width = min(max(label.sizeHint().width() for label in labels), _WIDEST_PX)
        for values in self._values:
            values[place].setFixedWidth(width)
        return width + _GAP_PX


def _show_value(label: ElidedLabel, fact: _Fact, run: RunFacts, text: str, *, is_same: bool) -> None:
    label.setText(text)
    label.setToolTip(plain_tooltip("\n".join(filter(None, (f"{fact.title}: {text}", fact.tip(run))))))
    label.setAccessibleName(f"{fact.title} {text}")
    look = "dim" if is_same else ""
    if label.property("look") != look:
        label.setProperty("look", look)
        label.style().polish(label)

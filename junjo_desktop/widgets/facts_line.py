"""A line of facts: dim label, value, dim label, value; it wraps onto more lines when there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.flow_layout import FlowLayout
from junjo_desktop.widgets.marked_line import marked_places
from junjo_desktop.widgets.term_menu import add_find_actions
from junjo_desktop.widgets.tooltip import plain_tooltip

_GAP_PX = 26
_LINE_GAP_PX = 6
_VALUE_CHARACTERS = 48


@dataclass(frozen=True, slots=True)
class Fact:
    """One pair. `tooltip` says more: the full time, the unit, how it was counted.

    `term` is the condition that this can be found by, in the language of queries; "" for none.
    """

    label: str
    value: str
    tooltip: str = ""
    term: str = ""


class FactsLine(QFrame):
    """Shows facts in order; values can be selected with the mouse."""

    term_asked = Signal(str)
    """Traces, or what else `finds` names, are to be found by this condition."""

    def __init__(self, facts: Sequence[Fact] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "facts")
        self._flow = FlowLayout(self, _GAP_PX, _LINE_GAP_PX)
        self._flow.setContentsMargins(14, 8, 14, 8)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._shown: tuple[Fact, ...] = ()
        self._marked: tuple[str, ...] = ()
        self.finds = "traces"
        self.set_facts(facts)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._shown

    def mark(self, texts: Sequence[str]) -> None:
        """Let facts with one of these texts in their value stand out."""
        if tuple(texts) != self._marked:
            self._marked = tuple(texts)
            facts, self._shown = self._shown, ()
            self.set_facts(facts)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts instead."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for fact in self._shown:
            pair = _pair(fact, self, is_marked=any(marked_places(fact.value, self._marked)))
            if fact.term:
                pair.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                pair.customContextMenuRequested.connect(partial(self._show_menu, pair, fact))
            self._flow.addWidget(pair)

    def build_menu(self, fact: Fact) -> QMenu:
        """Return what can be done with one fact."""
        menu = QMenu(self)
        add_find_actions(menu, (fact.term,), self.term_asked.emit, self.finds)
        menu.addSeparator()
        menu.addAction("Copy value").triggered.connect(partial(QGuiApplication.clipboard().setText, fact.value))
        return menu

    def _show_menu(self, pair: QWidget, fact: Fact, position: QPoint) -> None:
        menu = self.build_menu(fact)
        menu.exec(pair.mapToGlobal(position))
        menu.deleteLater()


def _pair(fact: Fact, parent: QWidget, *, is_marked: bool) -> QWidget:
    pair = QWidget(parent)
    pair.setAccessibleName(f"{fact.label} {one_line(fact.value, _VALUE_CHARACTERS)}".strip())
    pair.setToolTip(plain_tooltip(fact.tooltip or (fact.value if len(fact.value) > _VALUE_CHARACTERS else "")))
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    label = QLabel(fact.label, pair)
    label.setProperty("look", "dim")
    value = QLabel(one_line(fact.value, _VALUE_CHARACTERS), pair)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if is_marked:
        value.setProperty("look", "found")
    if fact.term:
        # Its own menu would hide that of the pair.
        value.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    for part in (label, value):
        part.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(part)
    return pair

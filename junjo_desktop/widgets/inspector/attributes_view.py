"""Attributes as a table with types, or as JSON; the current value is shown whole below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.telemetry.query.tree import Scope
from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.inspector.detail import type_text, unfolded_json
from junjo_desktop.widgets.inspector.terms import attribute_terms
from junjo_desktop.widgets.inspector.value_pane import ValuePane
from junjo_desktop.widgets.json_nodes import JsonNode
from junjo_desktop.widgets.json_tree import JsonTree
from junjo_desktop.widgets.segmented import Segmented
from junjo_desktop.widgets.term_menu import add_find_actions

_KEY_PX = 240
_JSON_CHARACTERS = 200_000


class AttributesView(QWidget):
    """Used for a span's attributes, its resource and its scope; `facts` stand above."""

    term_asked = Signal(str)
    """Traces, or what else `finds` names, are to be found by this condition."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, empty: str = "", scope: Scope | None = None
    ) -> None:
        """`empty` is said when there is nothing to show; by default "No" and the name.

        `scope` is where queries find these attributes; None: they do not.
        """
        super().__init__(parent)
        self.scope = scope
        self.finds = "traces"
        self._value: dict[str, Any] = {}
        self._json_of: dict[str, Any] | None = None
        self.facts = FactsLine(parent=self)
        self.facts.hide()
        self._tools = QWidget(self)
        # Each is made where it will stay: moving it later would have Qt style all of its parts again.
        self._stack = QStackedWidget(self)
        self._table = QSplitter(Qt.Orientation.Vertical, self._stack)
        self.tree = JsonTree(name, type_of=type_text, parent=self._table)
        self.tree.set_key_width(_KEY_PX)
        self.tree.extend_menu = self._add_terms
        self.pane = ValuePane(self._table)
        self.json = CodeView(f"{name} as JSON", limit=_JSON_CHARACTERS, parent=self._stack)
        self.form = Segmented((("table", "Table"), ("json", "JSON")), name=f"{name} as", parent=self._tools)
        self.empty = EmptyState(empty or f"No {name.lower()}.", parent=self._stack)
        self._lay_out()
        self.form.chosen.connect(self._choose_form)
        self.tree.current_changed.connect(self.pane.show_value)

    def _lay_out(self) -> None:
        table = self._table
        table.addWidget(self.tree)
        table.addWidget(self.pane)
        table.setStretchFactor(0, 3)
        table.setStretchFactor(1, 2)
        self._stack.addWidget(table)
        self._stack.addWidget(self.json)
        self._stack.addWidget(self.empty)
        line = QHBoxLayout(self._tools)
        line.setContentsMargins(8, 6, 8, 6)
        line.setSpacing(6)
        line.addWidget(self.tree.filter, 1)
        line.addWidget(self.form)
        line.addWidget(CopyButton(self._copied, name="Copy everything as JSON", parent=self._tools))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.facts)
        layout.addWidget(self._tools)
        layout.addWidget(self._stack, 1)

    @property
    def view_in_front(self) -> QWidget:
        """The table, or the JSON text."""
        return self.json.editor if self.form.value == "json" else self.tree.view

    @property
    def terms(self) -> tuple[str, ...]:
        """The conditions that the current row can be found by."""
        return () if self.scope is None else attribute_terms(self.scope, self.tree.current_node)

    def mark(self, texts: Sequence[str]) -> None:
        """Let these texts stand out."""
        self.tree.mark(texts)
        self.pane.text.mark(texts)
        self.json.mark(texts)

    def _add_terms(self, menu: QMenu, _node: JsonNode) -> None:
        add_find_actions(menu, self.terms, self.term_asked.emit, self.finds)

    def show_attributes(self, value: dict[str, Any], facts: Sequence[Fact] = ()) -> None:
        """Show other attributes; form and filter stay."""
        self._value = value
        self.facts.set_facts(facts)
        self.facts.setVisible(bool(facts))
        self.pane.hide()
        self.tree.set_value(value)
        self._tools.setVisible(bool(value))
        self._choose_form(self.form.value)

    def _choose_form(self, form: str) -> None:
        shown = self.json if form == "json" else self._table
        self._stack.setCurrentWidget(shown if self._value else self.empty)
        self.tree.filter.setEnabled(form == "table")
        self._show_json()

    def _show_json(self) -> None:
        if self._value and self.form.value == "json" and self._json_of is not self._value:
            self._json_of = self._value
            self.json.set_text(unfolded_json(self._value), "json")

    def _copied(self) -> str:
        return unfolded_json(self._value)

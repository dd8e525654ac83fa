"""What Space shows below a list: the current row, with everything its cells cut or round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from junjo_desktop.widgets.facts_line import Fact, FactsLine


class RowPeek(FactsLine):
    """Hidden until it is asked for; then it follows the current row until it is asked again."""

    def __init__(self, facts_of: Callable[[Any], Sequence[Fact]], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._facts_of = facts_of
        self.setProperty("look", "peek")
        self.setAccessibleName(name)
        self.hide()

    def toggle(self, row: object | None) -> None:
        """Show `row`, or hide."""
        if self.isHidden() and row is not None:
            self.set_facts(self._facts_of(row))
            self.show()
        else:
            self.hide()

    def follow(self, row: object | None) -> None:
        """Another row is current; None when there is none."""
        if row is None:
            self.hide()
        elif not self.isHidden():
            self.set_facts(self._facts_of(row))

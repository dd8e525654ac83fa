"""A bar of tabs that stands in a line with other controls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTabBar, QToolButton, QWidget


class TabBar(QTabBar):
    """No wider than its tabs; where there is too little room for all, arrows lead to the others."""

    def __init__(self, name: str, titles: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """`name` is what assistive technology says."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        for title in titles:
            self.addTab(title)
        for arrow in self.findChildren(QToolButton):
            arrow.setToolTip("More tabs")

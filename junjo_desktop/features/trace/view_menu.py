"""How rows are folded, by what bars are coloured, whether clocks are corrected: one menu, and the same as commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from junjo_desktop.features.trace.coloring import COLOR_LABELS, ColorBy
from junjo_desktop.features.trace.waterfall import Waterfall
from junjo_desktop.shell.commands import Command
from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.display_text import one_line

_DEPTHS = (1, 2, 3, 4, 5)
_GROUP = "Trace"
_LONGEST = 40
_SKEW_TIP = "Move spans of other hosts and services so that they fit their parents; what is stored stays as it was sent"


class ViewMenu(QObject):
    """Serves a button. `skew_toggled` tells whether clocks are to be corrected."""

    skew_toggled = Signal(bool)

    def __init__(self, waterfall: Waterfall, parent: QWidget) -> None:
        super().__init__(parent)
        self._waterfall = waterfall
        self.corrects_skew = False
        self.button = QToolButton(parent)
        self.button.setText("View")
        self.button.setIcon(icon("eye"))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setToolTip("Fold rows by depth or type, colour bars, correct clocks")
        self.button.setAccessibleName("View")
        self.button.setProperty("look", "button")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.skew = QPushButton("Correct clocks", parent)
        """Seen where it can change something."""
        self.skew.setCheckable(True)
        self.skew.setToolTip(f"{_SKEW_TIP} (K)")
        self.skew.clicked.connect(self.toggle_skew)
        self.skew.hide()
        self._menu = QMenu(self.button)
        self._menu.aboutToShow.connect(self.fill)
        self.button.setMenu(self._menu)

    def fill(self) -> QMenu:
        """Return the menu as it is now."""
        menu = self._menu
        menu.clear()
        for depth in _DEPTHS:
            words = f"Collapse to depth {depth}\tAlt+{depth}"
            menu.addAction(words).triggered.connect(partial(self._waterfall.fold_to_depth, depth))
        menu.addAction("Unfold all levels\tAlt+0").triggered.connect(self.unfold_levels)
        menu.addAction("Unfold siblings that repeat, too\tShift+U").triggered.connect(self._waterfall.unfold_all)
        menu.addSeparator()
        self._add_types(menu.addMenu("Folded types"))
        self._add_colors(menu.addMenu("Colour bars by"))
        menu.addSeparator()
        skew = menu.addAction("Correct clock skew\tK")
        skew.setCheckable(True)
        skew.setChecked(self.corrects_skew)
        skew.setToolTip(_SKEW_TIP)
        skew.triggered.connect(self.toggle_skew)
        return menu

    def _add_types(self, menu: QMenu) -> None:
        closed = self._waterfall.outline.closed_types()
        labels = self._waterfall.layout_shown.tree.columns.labels
        for span_type in sorted({label.span_type for label in labels}):
            action = menu.addAction(one_line(kind_word(span_type), _LONGEST).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(span_type in closed)
            action.triggered.connect(partial(self._fold_type, span_type))
        menu.setEnabled(bool(labels))

    def _add_colors(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for color_by, label in COLOR_LABELS.items():
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(color_by is self._waterfall.color_by)
            action.triggered.connect(partial(self._waterfall.set_color_by, color_by))
            group.addAction(action)

    def _fold_type(self, span_type: str, is_folded: bool) -> None:
        self._waterfall.set_type_open(span_type, not is_folded)

    def unfold_levels(self) -> None:
        """Unfold every span; siblings that repeat stay one row."""
        self._waterfall.fold_to_depth(None)

    def toggle_skew(self) -> None:
        """Correct clocks, or not."""
        self.corrects_skew = not self.corrects_skew
        self.skew.setChecked(self.corrects_skew)
        self.skew_toggled.emit(self.corrects_skew)

    def offer_skew(self, offered: bool) -> None:
        """Show the switch for clocks, or not; one that is on stays."""
        self.skew.setVisible(offered or self.corrects_skew)

    def next_color(self) -> None:
        """Colour bars by the next thing."""
        order = list(ColorBy)
        self._waterfall.set_color_by(order[(order.index(self._waterfall.color_by) + 1) % len(order)])

    def commands(self, shown: Callable[[], bool]) -> tuple[Command, ...]:
        """Return all of it as commands; `shown` says whether there is a trace."""
        depths = tuple(
            Command(
                f"trace.depth_{depth}",
                f"Collapse to depth {depth}",
                partial(self._waterfall.fold_to_depth, depth),
                f"Alt+{depth}",
                _GROUP,
                "fold",
                shown,
            )
            for depth in _DEPTHS
        )
        return (
            *depths,
            Command("trace.depth_all", "Unfold all levels", self.unfold_levels, "Alt+0", _GROUP, "unfold", shown),
            Command("trace.area", "Totals of this span's time", self._waterfall.choose_area, "T", _GROUP, "", shown),
            Command("trace.colors", "Colour bars by the next", self.next_color, "", _GROUP, "", shown),
            Command("trace.skew", "Correct clock skew, or not", self.toggle_skew, "K", _GROUP, "clock", shown),
        )

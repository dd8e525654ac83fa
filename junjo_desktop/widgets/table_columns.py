"""Which columns a table shows, how wide and in what order: the menu, and the state that is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from junjo_desktop.widgets.row_source import Column

_WIDEST_PX = 4000
_NARROWEST_PX = 16


class TableColumns:
    """Hides, shows, orders and remembers the sections of one header.

    `columns` are its sections, in logical order; `sort` is called with a section that the user wants to sort by.
    """

    def __init__(self, header: QHeaderView, columns: Sequence[Column[Any]], sort: Callable[[int], object]) -> None:
        self._header = header
        self._columns = tuple(columns)
        self._sort = sort
        self.reset()

    def reset(self) -> None:
        """Go back to the columns' own widths, order and visibility."""
        for section, column in enumerate(self._columns):
            self._header.moveSection(self._header.visualIndex(section), section)
            self._header.resizeSection(section, column.width_px)
            self._header.setSectionHidden(section, column.hidden)

    def visible(self) -> list[Column[Any]]:
        """Return the shown columns from left to right."""
        header = self._header
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [self._columns[section] for section in order if not header.isSectionHidden(section)]

    def menu(self, parent: QWidget) -> QMenu:
        """Return a menu with a tick for every column and a way to sort; it is filled each time it opens."""
        menu = QMenu("Columns", parent)
        menu.aboutToShow.connect(partial(self._fill, menu))
        return menu

    def save(self) -> str:
        """Return order, widths and visibility as JSON text."""
        header = self._header
        state = []
        for place in range(header.count()):
            section = header.logicalIndex(place)
            hidden = header.isSectionHidden(section)
            column = self._columns[section]
            width = column.width_px if hidden else header.sectionSize(section)
            state.append({"key": column.key, "width": width, "hidden": hidden})
        return json.dumps(state)

    def restore(self, text: object) -> None:
        """Read back what `save` returned. Columns it does not name, newer ones, stand after the one they follow."""
        try:
            entries = json.loads(str(text))
        except ValueError:
            return
        sections = {column.key: section for section, column in enumerate(self._columns)}
        place = 0
        for entry in entries if isinstance(entries, list) else []:
            section = sections.pop(str(entry.get("key")), None) if isinstance(entry, dict) else None
            if section is None:
                continue
            self._header.moveSection(self._header.visualIndex(section), place)
            place += 1
            width = entry.get("width")
            if isinstance(width, int) and _NARROWEST_PX <= width <= _WIDEST_PX:
                self._header.resizeSection(section, width)
            self._header.setSectionHidden(section, entry.get("hidden") is True)
        if place:
            self._place_unnamed(sorted(sections.values()))
        if not self.visible():
            self.reset()

    def _place_unnamed(self, sections: Sequence[int]) -> None:
        for section in sections:
            place = self._header.visualIndex(section - 1) + 1 if section else 0
            self._header.moveSection(self._header.visualIndex(section), place)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        shown = self.visible()
        for section, column in enumerate(self._columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(column in shown)
            # The last one stays: a table without columns cannot be brought back by its own header.
            action.setEnabled(shown != [column])
            action.toggled.connect(partial(self._show_section, section))
        menu.addSeparator()
        self._add_sorting(menu.addMenu("Sort by"))
        menu.addAction("Reset columns").triggered.connect(self.reset)

    def _add_sorting(self, menu: QMenu) -> None:
        header = self._header
        for section, column in enumerate(self._columns):
            if column.sortable:
                action = menu.addAction(column.title)
                action.setCheckable(True)
                action.setChecked(header.isSortIndicatorShown() and header.sortIndicatorSection() == section)
                action.triggered.connect(partial(self._sort_by, section))

    def _sort_by(self, section: int) -> None:
        self._sort(section)

    def _show_section(self, section: int, shown: bool) -> None:
        self._header.setSectionHidden(section, not shown)
        if shown and self._header.sectionSize(section) < _NARROWEST_PX:
            self._header.resizeSection(section, self._columns[section].width_px)

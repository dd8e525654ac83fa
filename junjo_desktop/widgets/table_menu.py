"""What can be done with rows of a paged table: open, copy as text or JSON, save to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu

from junjo_desktop.errors import UserError
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.row_source import Column, RowSource
from junjo_desktop.widgets.row_text import as_csv, as_json, as_tsv

if TYPE_CHECKING:
    from junjo_desktop.widgets.background_reads import BackgroundReads
    from junjo_desktop.widgets.paged_table import PagedTable

_ROWS_IN_A_READ = 2048
_LONGEST_TERM = 60


class TableMenu(QObject):
    """The context menu of rows and of the header, and Ctrl+C. Rows that are not at hand are read in the background."""

    def __init__(self, table: PagedTable[Any], reads: BackgroundReads) -> None:
        super().__init__(table)
        self._table = table
        self.extend: Callable[[QMenu, Any], None] | None = None
        """Adds a page's own entries; called with the menu and the id of the current row."""
        self.to_json: Callable[[Any], Any] | None = None
        """Makes a row plain for JSON; by default its dataclass fields."""
        self.id_text: Callable[[Any], str] = str
        self.id_of_row: Callable[[Any], str] | None = None
        """Returns what "Copy id" copies of a row, where the ids of the list mean nothing elsewhere."""
        self.narrow: Callable[[str, bool], None] | None = None
        """Narrows the list to rows that meet a column's `term`, or (False) that do not; None: it cannot be done."""
        self._to_clipboard = reads.reader(self, QGuiApplication.clipboard().setText)
        self._to_file = reads.reader(self, self._saved)
        view = table.view
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_at)
        view.horizontalHeader().customContextMenuRequested.connect(self._show_columns_at)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view, self.copy_rows)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def copy_rows(self) -> None:
        """Copy the selected rows as tab-separated text of the columns that are shown."""
        self._copy(partial(as_tsv, self._table.columns.visible()))

    def copy_json(self) -> None:
        """Copy the selected rows as a JSON array."""
        self._copy(partial(as_json, to_json=self.to_json))

    def copy_ids(self) -> None:
        """Copy the ids of the selected rows, one on a line."""
        if self.id_of_row is not None:
            self._copy(partial(_lines, self.id_of_row))
            return
        QGuiApplication.clipboard().setText("\n".join(map(self.id_text, self._table.selected_ids())))

    def export_rows(self) -> None:
        """Ask for a file and write the selected rows to it, or all rows when at most one is selected."""
        name, _ = QFileDialog.getSaveFileName(
            self._table, "Export rows", "rows.csv", "CSV (*.csv);;JSON (*.json);;Tab-separated text (*.tsv)"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write to `path`; its ending says how: `.json`, `.tsv`, anything else is CSV."""
        selected = self._table.selected_ids()
        ids = selected if len(selected) > 1 else self._table.model.listing.ids
        self._to_file.submit(_Export(self._gather(ids, self._format_for(path)), path))

    def _format_for(self, path: Path) -> Callable[[list[Any]], str]:
        columns = self._table.columns.visible()
        match path.suffix.lower():
            case ".json":
                return partial(as_json, to_json=self.to_json)
            case ".tsv":
                return partial(as_tsv, columns)
            case _:
                return partial(as_csv, columns)

    def _copy(self, write: Callable[[list[Any]], str]) -> None:
        ids = self._table.selected_ids()
        if not ids:
            return
        known = [self._table.model.known_row(row_id) for row_id in ids]
        if None not in known:
            QGuiApplication.clipboard().setText(write(known))
        else:
            self._to_clipboard.submit(self._gather(ids, write))

    def _gather(self, ids: Any, write: Callable[[list[Any]], str]) -> _Gather:
        source = self._table.model.source
        if source is None:
            raise RuntimeError("rows cannot be selected before a source is set")
        return _Gather(source, ids, write)

    def _saved(self, _path: Path) -> None:
        """The file is there; the dialog already named it."""

    def _show_at(self, position: QPoint) -> None:
        row_id = self._table.current_id
        if row_id is None:
            return
        menu = self.build(self._table.view.columnAt(position.x()))
        menu.exec(self._table.view.viewport().mapToGlobal(position))
        menu.deleteLater()

    def build(self, section: int = -1) -> QMenu:
        """Return the menu for the current row and a column (-1: none)."""
        menu = QMenu(self._table)
        menu.addAction("Open").triggered.connect(self._table.open_current)
        menu.addSeparator()
        if section >= 0:
            column = self._table.model.columns[section]
            menu.addAction(f"Copy {column.title.lower()}").triggered.connect(partial(self._copy_cell, column))
            self._add_terms(menu, column)
        menu.addAction("Copy id").triggered.connect(self.copy_ids)
        menu.addAction("Copy rows").triggered.connect(self.copy_rows)
        menu.addAction("Copy as JSON").triggered.connect(self.copy_json)
        menu.addAction("Export rows…").triggered.connect(self.export_rows)
        if self.extend is not None:
            menu.addSeparator()
            self.extend(menu, self._table.current_id)
        return menu

    def build_terms(self) -> QMenu:
        """Return a menu of what the list can be narrowed by: what the cells of the current row say."""
        menu = QMenu("Only rows like this", self._table)
        terms = dict.fromkeys(filter(None, map(self._term_of, self._table.columns.visible())))
        for wanted in (True, False):
            for term in terms:
                self._add_term(menu, term, wanted=wanted)
            menu.addSeparator()
        return menu

    def choose_term(self) -> None:
        """Ask, at the current row, by which of its cells the list is to be narrowed."""
        menu = self.build_terms()
        if not menu.isEmpty():
            view = self._table.view
            row = view.visualRect(view.currentIndex().siblingAtColumn(0))
            menu.exec(view.viewport().mapToGlobal(row.bottomLeft()))
        menu.deleteLater()

    def _add_terms(self, menu: QMenu, column: Column[Any]) -> None:
        if term := self._term_of(column):
            self._add_term(menu, term, wanted=True)
            self._add_term(menu, term, wanted=False)
            menu.addSeparator()

    def _add_term(self, menu: QMenu, term: str, *, wanted: bool) -> None:
        words = isolated(one_line(term, _LONGEST_TERM)).replace("&", "&&")
        action = menu.addAction(f"Only {words}" if wanted else f"Not {words}")
        action.setIcon(icon("filter" if wanted else "minus"))
        action.triggered.connect(partial(self._narrow, term, wanted))

    def _term_of(self, column: Column[Any]) -> str:
        row = self._table.model.known_row(self._table.current_id)
        return "" if row is None or column.term is None or self.narrow is None else column.term(row)

    def _narrow(self, term: str, wanted: bool) -> None:
        if self.narrow is not None:
            self.narrow(term, wanted)

    def _copy_cell(self, column: Column[Any]) -> None:
        row = self._table.model.known_row(self._table.current_id)
        if row is not None:
            QGuiApplication.clipboard().setText(column.copied(row))

    def _show_columns_at(self, position: QPoint) -> None:
        header = self._table.view.horizontalHeader()
        menu = self._table.columns.menu(header)
        menu.exec(header.mapToGlobal(position))
        menu.deleteLater()


def _lines(text: Callable[[Any], str], rows: list[Any]) -> str:
    return "\n".join(map(text, rows))


@dataclass(frozen=True, slots=True)
class _Gather:
    """Reads rows in pieces and writes them as text, on a reader thread."""

    source: RowSource[Any]
    ids: Any
    write: Callable[[list[Any]], str]

    def __call__(self, cursor: Any) -> str:
        rows: list[Any] = []
        for first in range(0, len(self.ids), _ROWS_IN_A_READ):
            piece = [self.ids[row] for row in range(first, min(first + _ROWS_IN_A_READ, len(self.ids)))]
            found = self.source.load_rows(cursor, piece)
            rows.extend(found[row_id] for row_id in piece if row_id in found)
        return self.write(rows)


@dataclass(frozen=True, slots=True)
class _Export:
    gather: _Gather
    path: Path

    def __call__(self, cursor: Any) -> Path:
        text = self.gather(cursor)
        try:
            self.path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise UserError(
                f"The rows cannot be written to {self.path} ({error.strerror}).", "Choose another folder."
            ) from error
        return self.path

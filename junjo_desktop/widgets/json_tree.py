"""Shows one JSON value as a tree, with a filter, and copies any part of it.

tree = JsonTree("Attributes")
tree.set_value({"gen_ai.request.model": "gpt-4o", "messages": '[{"role": "user"}]'})
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHeaderView, QLabel, QMenu, QTreeView, QVBoxLayout, QWidget

from junjo_desktop.widgets.json_delegate import JsonDelegate
from junjo_desktop.widgets.json_filter import JsonMatches, find_matches
from junjo_desktop.widgets.json_model import KEY, TYPE, VALUE, JsonModel
from junjo_desktop.widgets.json_nodes import JsonNode, json_text, path_text, plain_text
from junjo_desktop.widgets.search_field import SearchField

_OPENED_ROWS = 60
_KEY_PX = 220
_KEY_SHARE = 0.46
_TYPE_PX = 104
_NARROWEST_PX, _WIDEST_PX = 80, 1200
_CUT_SHORT = "Only the first 20,000 values were searched."


class JsonTree(QWidget):
    """`value_opened` carries the value of the row that was entered (Enter or double click): show it whole elsewhere."""

    value_opened = Signal(object)

    current_changed = Signal(object)
    """The value of the current row."""

    def __init__(
        self,
        name: str,
        *,
        headings: tuple[str, str] = ("Key", "Value"),
        type_of: Callable[[Any], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """With `type_of`, a third column names each value's type."""
        super().__init__(parent)
        self._value: Any = {}
        self.extend_menu: Callable[[QMenu, JsonNode], None] | None = None
        """Adds entries of whoever shows the tree, about the current row, above the others."""
        self._key_width = _KEY_PX
        self._is_fitting = False
        self.filter = SearchField("Filter keys and values", name=f"Filter {name.lower()}", parent=self)
        self._note = QLabel(self)
        self._note.setProperty("look", "dim")
        self._note.setContentsMargins(8, 2, 8, 2)
        self._note.hide()
        self.model = JsonModel(headings, self, type_of)
        self.view = QTreeView(self)
        self._prepare_view(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self._note)
        layout.addWidget(self.view, 1)
        self.filter.changed.connect(self._narrow)

    def _prepare_view(self, name: str) -> None:
        view = self.view
        view.setModel(self.model)
        self._cells = JsonDelegate(self.model, view)
        view.setItemDelegate(self._cells)
        view.setAccessibleName(name)
        view.setUniformRowHeights(True)
        view.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        view.setIndentation(14)
        view.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        view.header().resizeSection(KEY, _KEY_PX)
        view.header().sectionResized.connect(self._section_resized)
        view.header().setStretchLastSection(False)
        view.header().setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        if self.model.columnCount() > TYPE:
            view.header().resizeSection(TYPE, _TYPE_PX)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.activated.connect(self._open)
        view.selectionModel().currentChanged.connect(self._announce)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view, self.copy_value)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    @property
    def key_width(self) -> int:
        """How wide the column of keys is where there is room, in pixels."""
        return self._key_width

    def set_key_width(self, width_px: int) -> None:
        """Make the column of keys this wide; in a narrow view it leaves values their share."""
        self._key_width = max(_NARROWEST_PX, min(width_px, _WIDEST_PX))
        self._fit_keys()

    def _fit_keys(self) -> None:
        self._is_fitting = True
        room = round(self.width() * _KEY_SHARE)
        self.view.header().resizeSection(KEY, min(self._key_width, max(room, _NARROWEST_PX)))
        self._is_fitting = False

    def _section_resized(self, section: int, _before: int, width: int) -> None:
        if section == KEY and not self._is_fitting:
            self._key_width = width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_keys()

    @property
    def note(self) -> str:
        """What is said about the search; empty when there is nothing to say."""
        return self._note.text()

    @property
    def value(self) -> Any:
        """The whole value, filtered or not."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show another value; the filter stays and is applied to it."""
        self._value = value
        self._narrow(self.filter.text())

    def mark(self, texts: Sequence[str]) -> None:
        """Let these texts stand out, wherever they are."""
        self._cells.marked = tuple(texts)
        self.view.viewport().update()

    def reveal_marked(self) -> None:
        """Go to the first row with a marked text in it, should no row be current."""
        if not self._cells.marked or self.view.currentIndex().isValid():
            return
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            if self.model.node(index).holds(self._cells.marked):
                self.view.setCurrentIndex(index)
                return

    def copy_value(self) -> None:
        """Copy the current row's value: a string as it is, anything else as JSON."""
        self._copy(plain_text(self.current_node.value))

    def copy_key(self) -> None:
        """Copy the current row's key."""
        self._copy(str(self.current_node.key))

    def copy_path(self) -> None:
        """Copy where the current row is, as JSONPath."""
        self._copy(path_text(self.current_node.path))

    def copy_subtree(self) -> None:
        """Copy the current row as JSON, with a string that holds JSON unfolded."""
        node = self.current_node
        self._copy(json_text(node.value if node.unfolded is None else node.unfolded))

    def copy_all(self) -> None:
        """Copy the whole value as JSON, filtered or not."""
        self._copy(json_text(self._value))

    def build_menu(self) -> QMenu:
        """Return the context menu of the current row."""
        menu = QMenu(self)
        if self.extend_menu is not None:
            self.extend_menu(menu, self.current_node)
            menu.addSeparator()
        for label, run in (
            ("Copy value", self.copy_value),
            ("Copy key", self.copy_key),
            ("Copy path", self.copy_path),
            ("Copy as JSON", self.copy_subtree),
            ("Copy everything", self.copy_all),
        ):
            menu.addAction(label).triggered.connect(run)
        menu.addSeparator()
        menu.addAction("Unfold below").triggered.connect(self._unfold)
        menu.addAction("Fold all").triggered.connect(self.view.collapseAll)
        return menu

    def _narrow(self, text: str) -> None:
        matches = find_matches(self._value, text) if text else JsonMatches()
        self._note.setText(_note(matches) if text else "")
        self._note.setVisible(bool(self._note.text()))
        self.model.show(self._value, matches if text else None)
        if text:
            self._open_to(matches)
        elif self.model.rowCount() == 1:
            self.view.expand(self.model.index(0, 0))

    def _open_to(self, matches: JsonMatches) -> None:
        """Open what leads to matches, top down, as far as a screen or two."""
        pending = [self.model.index(row, 0) for row in range(self.model.rowCount())]
        opened = 0
        while pending and opened < _OPENED_ROWS:
            index = pending.pop(0)
            if self.model.node(index).path not in matches.above:
                continue
            if self.model.canFetchMore(index):
                self.model.fetchMore(index)
            self.view.expand(index)
            opened += 1
            pending.extend(self.model.index(row, 0, index) for row in range(self.model.rowCount(index)))

    def _unfold(self) -> None:
        self.view.expandRecursively(self.view.currentIndex().siblingAtColumn(0), 6)

    @property
    def current_node(self) -> JsonNode:
        """The current row; the root without one."""
        return self.model.node(self.view.currentIndex())

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def _open(self, index: QModelIndex) -> None:
        self.value_opened.emit(self.model.node(index).value)

    def _announce(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.current_changed.emit(self.model.node(index).value)

    def _show_menu(self, position: QPoint) -> None:
        if self.view.currentIndex().isValid():
            menu = self.build_menu()
            menu.exec(self.view.viewport().mapToGlobal(position))
            menu.deleteLater()


def _note(matches: JsonMatches) -> str:
    sentences = ("" if matches.matched else "Nothing matches.", _CUT_SHORT if matches.cut_short else "")
    return " ".join(sentence for sentence in sentences if sentence)

"""The page of conversations: a list, and one of them below it or in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSplitter, QWidget

from junjo_desktop.features.conversations.bar import ConversationsBar
from junjo_desktop.features.conversations.columns import conversation_columns
from junjo_desktop.features.conversations.filters import ConversationFilter, Sort, SortBy
from junjo_desktop.features.conversations.listings import ConversationRow, Totals, key_of
from junjo_desktop.features.conversations.page_state import read_filter, read_sort, write_filter, write_sort
from junjo_desktop.features.conversations.reader import ConversationReader
from junjo_desktop.features.conversations.source import ConversationSource
from junjo_desktop.features.conversations.words import totals_words
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenConversation
from junjo_desktop.shell.list_page import ListPage, ListWords
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.facets import Facets
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AGES_MS = 30_000
_SHARES = (400, 600)
_WORDS = ListWords(
    key="conversations",
    group="Conversations",
    noun="conversation",
    nothing_yet=(
        "No LLM calls yet. Their conversations appear here once the program is instrumented; calls that tell a "
        "conversation, session or thread stand together, others trace by trace."
    ),
    icon="conversations",
    subject=Subject.CALLS,
)


class ConversationsPage(ListPage[ConversationFilter, ConversationRow]):
    """One list and its filters. What is asked is asked of calls: one that fits brings its conversation."""

    bar: ConversationsBar
    peek: ConversationReader

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, _WORDS, ConversationFilter(), parent)
        self._sort = Sort()
        table: PagedTable[ConversationRow] = PagedTable(
            workbench,
            conversation_columns(),
            name="Conversations",
            noun=("new conversation", "new conversations"),
            parent=self,
        )
        bar = ConversationsBar(table.columns.menu(self), self)
        self.put_together(table, bar, ConversationReader(workbench, self), ages_ms=_AGES_MS)
        self.grouping = QLabel(self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._lay_out()
        self.peek.left.connect(self.take_focus_back)
        self.peek.closed.connect(self.close_conversation)

    def _lay_out(self) -> None:
        self.grouping.setTextFormat(Qt.TextFormat.PlainText)
        self.grouping.setProperty("look", "dim")
        self.grouping.setContentsMargins(14, 7, 14, 7)
        self.grouping.hide()
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.peek)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes(list(_SHARES))
        self.body.insertWidget(0, self.grouping)
        self.body.addWidget(self.splitter, 1)
        # They count calls: here they would seem to count conversations.
        self.facets.button.hide()

    @property
    def is_open(self) -> bool:
        """Whether one conversation stands in the place of the list."""
        return not self.peek.back.isHidden()

    # One conversation

    def open_row(self, row_id: str) -> None:
        self.open_conversation(row_id)

    def open_conversation(self, key: str) -> None:
        """Show a conversation in the place of the list."""
        self._show_list(False)
        self.peek.show()
        self.peek.show_key(key)
        self.peek.pane.controls.form.setFocus()

    def close_conversation(self) -> None:
        """Show the list again, with the conversation as the current one."""
        key = self.peek.key
        self._show_list(True)
        self.peek.hide()
        self.table.select_id(key)
        self.table.setFocus()
        self.live.shown()

    def take_focus_back(self) -> None:
        """Leave what was in the conversation, towards the list when that is shown."""
        if self.is_open:
            self.peek.pane.take_focus()
        else:
            self.table.setFocus()

    def _show_list(self, shown: bool) -> None:
        self.table.setVisible(shown)
        self.bar.setVisible(shown)
        self.chips.setVisible(shown and not self.shown_filter.is_open)
        self.grouping.setVisible(shown and bool(self.grouping.text()))
        self.peek.back.setVisible(not shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self.close_conversation()
        else:
            super().keyPressEvent(event)

    # What the shell asks

    def activated(self) -> None:
        super().activated()
        if self.is_open:
            self.peek.pane.controls.form.setFocus()

    def show_destination(self, destination: object) -> None:
        if not isinstance(destination, OpenConversation):
            return
        if destination.conversation_id is None and destination.trace_id is None:
            if self.is_open:
                self.close_conversation()
        else:
            self.open_conversation(key_of(destination.conversation_id, destination.trace_id))

    def commands(self) -> tuple[Command, ...]:
        key, group = self.words.key, self.words.group
        of_list = tuple(command for command in self.list_commands() if command.id != f"{key}.facets")
        return (
            *of_list,
            Command(f"{key}.failed", "Only with failed calls", self.bar.failed.click, "E", group, "error"),
            Command(f"{key}.named", "Leave out calls of no conversation", self.bar.named.click, "I", group, "filter"),
            Command(f"{key}.calls", "Its calls", self.peek.open_calls, "W", group, "llm", self._is_one_shown),
        )

    def _is_one_shown(self) -> bool:
        return self.peek.isVisible() and self.peek.shown is not None

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        write_filter(state, self.shown_filter)
        write_sort(state, self._sort)
        state.setValue("split", self.splitter.saveState())
        self.peek.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self._sort = read_sort(state)
        if isinstance(split := state.value("split"), QByteArray):
            self.splitter.restoreState(split)
        self.peek.restore_state(state)
        self.show_filter(read_filter(state))

    # What the list asks

    def make_source(self, *, top_first: bool) -> ConversationSource:
        return ConversationSource(self.shown_filter, self._sort, top_first=top_first)

    def facet_read(self) -> Callable[[DuckDBPyConnection], Facets]:
        return lambda _cursor: Facets()

    def sort_shown(self) -> tuple[str, bool]:
        return self._sort.by, self._sort.descending

    def sort_by(self, key: str, descending: bool) -> None:
        self._sort = Sort(SortBy(key), descending)
        self.list_rows()

    def show_totals(self, totals: Totals) -> None:
        self.bar.show_totals(totals)
        self.grouping.setText(totals_words(totals))
        self.grouping.setVisible(bool(self.grouping.text()) and not self.is_open)

    def show_strip(self, visible: bool) -> None:  # noqa: ARG002 - conversations have no scatter
        self.scatter.hide()

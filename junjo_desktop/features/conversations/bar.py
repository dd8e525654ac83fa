"""The header line of the page of conversations: what every list has, failures, and calls of no conversation."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.features.conversations.filters import ConversationFilter
from junjo_desktop.features.conversations.listings import Totals
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.list_bar import ListBar, toggle


class ConversationsBar(ListBar[ConversationFilter]):
    """`changed` carries a new `ConversationFilter`."""

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            ConversationFilter(),
            columns_menu,
            noun="conversation",
            placeholder="Search in calls, or ask: model:gpt user:ada",
            parent=parent,
        )
        self.failed = toggle("Failed", "Only conversations with failed calls (E)", self)
        self.failed.setIcon(icon("error"))
        self.failed.clicked.connect(self._failed_clicked)
        self.named = toggle("With an id", "Leave out calls that tell no conversation (I)", self)
        self.named.setIcon(icon("conversations"))
        self.named.clicked.connect(self._named_clicked)
        more = (self.failed, self.named)
        self.lay_out("Conversations", (), more, compact=more)
        self.service.setToolTip("Only conversations with calls of this service")
        self.show_filter(self.shown)

    def show_filter(self, shown: ConversationFilter) -> None:
        """Show what is in force, without `changed`."""
        super().show_filter(shown)
        self.failed.setChecked(shown.failed is True)
        self.named.setChecked(shown.only_named)

    def show_totals(self, totals: Totals) -> None:
        """Offer what conversations can be narrowed by."""
        self.show_services(totals.services)

    def _failed_clicked(self, only: bool) -> None:
        self.changed.emit(replace(self.shown, failed=True if only else None))

    def _named_clicked(self, only: bool) -> None:
        self.changed.emit(replace(self.shown, only_named=only))

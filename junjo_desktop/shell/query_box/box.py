"""A search field that takes queries: it says what makes no sense, and offers what may be written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

from junjo_desktop.shell.query_box.mistakes import MistakeLine
from junjo_desktop.shell.query_box.offers import QueryOffers
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import added
from junjo_desktop.widgets.offer_list import OfferList
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.search_field import SearchField


class QueryBox(QObject):
    """Belongs to a page. `mistakes` is to be laid out right below the field's bar; it is hidden while all is well."""

    def __init__(self, workbench: Workbench, field: SearchField, subject: Subject, page: QWidget) -> None:
        super().__init__(page)
        self.field = field
        self.subject = subject
        self.mistakes = MistakeLine(field, subject, page)
        self.offers = QueryOffers(workbench, subject, self)
        self.offer_list = OfferList(field, self.offers, page)
        self.offers.changed.connect(self.offer_list.refresh)

    def accepts(self, text: str) -> bool:
        """Whether `text` is a query; if not, it is shown, and what is wrong with it."""
        return self.mistakes.accepts(text)

    def remember(self, text: str) -> None:
        """Offer a query that was asked among the recent ones."""
        self.offers.remember(text)

    def with_term(self, query: str, term: str) -> str:
        """Return `query` and `term` as one query. Raises `QueryError` where `term` cannot be asked of this subject."""
        return added(query, term, self.subject)

    def can_ask(self, term: str) -> bool:
        """Whether a condition can be asked of this subject."""
        try:
            added("", term, self.subject)
        except QueryError:
            return False
        return True

    def save_state(self, state: QSettings) -> None:
        """Keep the recent queries."""
        write_json(state, "queries", list(self.offers.recent))

    def restore_state(self, state: QSettings) -> None:
        """Read them back; anything odd is left out."""
        kept = read_json(state, "queries")
        found: Sequence[object] = kept if isinstance(kept, list) else ()
        self.offers.restore([query for query in found if isinstance(query, str)])

"""The line below the search box that says what is wrong with a query, and where."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.search_field import SearchField


class MistakeLine(NoticeBar):
    """Hidden while the query makes sense. What is only not finished is no mistake before Enter is pressed."""

    def __init__(self, field: SearchField, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self._field = field
        self._error: QueryError | None = None
        field.textChanged.connect(self._typed)
        field.submitted.connect(self._submitted)

    def accepts(self, text: str) -> bool:
        """Whether `text` is a query; if not, it is shown, and what is wrong with it."""
        if self._field.text() != text:
            self._field.show_text(text)
        try:
            parse(text, self._subject)
        except QueryError as error:
            self._tell(error, is_typing=self._field.hasFocus() and error.end >= len(text.rstrip()))
            return False
        self._forget()
        return True

    def _tell(self, error: QueryError, *, is_typing: bool) -> None:
        self._error = error
        if is_typing:
            self._field.show_problem(error.hint, 0, 0, is_mistake=False)
            self.show_notice(f"{error.hint} The list stays until then.", "info")
        else:
            self._field.show_problem(str(error), error.start, error.end)
            self.show_notice(f"{error} The list stays as it was.", "error")

    def _submitted(self, _text: str) -> None:
        if self._error is not None:
            self._tell(self._error, is_typing=False)

    def _typed(self, _text: str) -> None:
        self._error = None

    def _forget(self) -> None:
        self._error = None
        self._field.clear_problem()
        self.hide()

"""What is said about a query that makes no sense."""

from __future__ import annotations

from junjo_desktop.errors import UsageError


class QueryError(UsageError):
    """A query was written wrongly. `start` and `end` are the place, in characters; they are equal at its end."""

    def __init__(self, message: str, hint: str, start: int, end: int) -> None:
        super().__init__(message, hint)
        self.start = start
        self.end = end

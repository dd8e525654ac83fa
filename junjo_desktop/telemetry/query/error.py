"""What is said about a query that makes no sense."""

from __future__ import annotations

from junjo_desktop.errors import UsageError


class QueryError(UsageError):
    """A query was written wrongly. `start` and `end` are the place, in characters; they are equal at its end.

    From another process it comes without its place.
    """

    def __init__(self, message: str, hint: str, start: int = 0, end: int = 0) -> None:
        super().__init__(message, hint)
        self.start = start
        self.end = end

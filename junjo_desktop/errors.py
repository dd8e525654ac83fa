"""Errors, drawn as a tree. A `UserError` is the environment's doing; anything else that escapes is a bug of ours.

JunjoDesktopError
├── QueryCancelledError        a query was interrupted because nobody waits for its answer any more
└── UserError                  says what happened, to what, and what to do next
    ├── UsageError             the command line or a query was written wrongly (exit status 2)
    ├── NotFoundError          what was asked for by id is not stored
    ├── DataFolderError        the data folder cannot be created, read or written; or its disk is full
    ├── DatabaseError          a database file cannot be used
    │   ├── NewerDatabaseError     it was written by a newer version of the app
    │   └── DamagedDatabaseError   it is not readable as a database
    ├── PortUnavailableError   a port cannot be bound
    ├── AlreadyRunningError    another process holds the data folder
    └── DisplayUnavailableError    there is no screen to open a window on

Parts add their own leaves, each where it is raised: `JournalError` and `JournalFullError`, `KeyStoreError` (receiver),
`NobodyThereError` (link), `OlderDatabaseError` and `MemoryLimitError` (store).
"""

from __future__ import annotations


class JunjoDesktopError(Exception):
    """Root of every error this application raises on purpose."""


class QueryCancelledError(JunjoDesktopError):
    """A query was interrupted because nobody waits for its answer any more."""


class UserError(JunjoDesktopError):
    """Something in the user's environment went wrong, and the user can do something about it.

    `message` is one sentence (what happened, to what); `hint` is one sentence (what to do next).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(UserError):
    """The command line or a query was written wrongly."""


class NotFoundError(UserError):
    """An entity asked for by its id is not stored."""


class DataFolderError(UserError):
    """The data folder cannot be created, read or written."""


class DatabaseError(UserError):
    """A database file cannot be used."""


class NewerDatabaseError(DatabaseError):
    """The file was written by a newer version of the app; it is left untouched."""


class DamagedDatabaseError(DatabaseError):
    """The file is not readable as a database; it is left untouched."""


class PortUnavailableError(UserError):
    """A port cannot be bound."""


class AlreadyRunningError(UserError):
    """Another process holds the data folder."""


class DisplayUnavailableError(UserError):
    """There is no screen to open a window on."""

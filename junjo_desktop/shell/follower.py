"""Keeps what a page shows up to date: reads it, waits for it while it is not there, and reads it again as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from junjo_desktop.errors import NotFoundError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.workbench import Workbench

_LOST_AFTER_MS = 61_000
"""A little over the silence after which something that runs counts as lost."""


class Followed(Protocol):
    """What a read gives: ready to be shown."""

    @property
    def rests_until_s(self) -> float:
        """Monotonic time before which it is not read again, however fast it grows."""

    @property
    def may_change_by_itself(self) -> bool:
        """Whether time alone can make it another: something in it counts as running."""


F = TypeVar("F", bound=Followed)
Load = Callable[["DuckDBPyConnection"], F]
Growth = Callable[["DuckDBPyConnection"], F | None]


class Answers(Protocol[F]):
    """What a page does with the answers. All are called on the GUI thread."""

    def opened(self, found: F, /) -> None:
        """The first answer, or the first after it was not found."""

    def grown(self, found: F, before: F, /) -> None:
        """The same thing, which is not what it was `before`."""

    def not_found(self, error: NotFoundError, /, *, was_shown: bool) -> None:
        """Nothing of it is stored: not yet, or (`was_shown`) no more. It is looked for again with whatever arrives."""

    def growth_of(self, shown: F, /, *, is_forced: bool) -> Growth[F]:
        """Return the read that finds it again, or None when nothing changed; forced, it finds it in any case."""


class Follower(QObject, Generic[F]):
    """Follows one thing for a page. Nothing is read while the page is hidden; nothing that came meanwhile is missed.

    The page calls `catch_up` when it is shown. The newest `open` wins; an answer for anything else is dropped.
    """

    def __init__(self, page: QWidget, workbench: Workbench, answers: Answers[F]) -> None:
        super().__init__(page)
        self._page = page
        self._workbench = workbench
        self._answers = answers
        self._load: Load[F] | None = None
        self._shown: F | None = None
        self._is_stale = False
        self._soon = self._timer(self._read_growth)
        self._ages = self._timer(self._read_anyway)
        self._loader = workbench.reader(page, self._loaded, self._failed)
        self._grower = workbench.reader(page, self._grown, self._failed)
        workbench.batch_stored.connect(self._stored)

    def _timer(self, reached: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(reached)
        return timer

    @property
    def shown(self) -> F | None:
        """What was read last; None before that, and while it is absent."""
        return self._shown

    @property
    def is_reading(self) -> bool:
        """Whether an answer is on its way, or a read about to begin."""
        return self._loader.busy or self._grower.busy or self._soon.isActive()

    def open(self, load: Load[F]) -> None:
        """Follow what `load` reads. It raises `NotFoundError` while nothing of it is stored."""
        self.forget()
        self._load = load
        self._loader.submit(load)

    def forget(self) -> None:
        """Follow nothing."""
        self._load = None
        self._is_stale = False
        self._loader.cancel()
        self._drop()

    def _drop(self) -> None:
        self._shown = None
        self._grower.cancel()
        self._soon.stop()
        self._ages.stop()

    def catch_up(self) -> None:
        """Read what was stored while the page was hidden, or something was being read."""
        if self._is_stale:
            self._stored()

    def _stored(self) -> None:
        if not self._page.isVisible() or self._loader.busy or self._grower.busy:
            self._is_stale = True
            return
        self._is_stale = False
        if self._shown is not None:
            if not self._soon.isActive():
                self._soon.start(max(0, round((self._shown.rests_until_s - time.monotonic()) * 1000)))
        elif self._load is not None:
            # Not there a moment ago: it may be what just came.
            self._loader.submit(self._load)

    def _read_growth(self) -> None:
        self._read(is_forced=False)

    def _read_anyway(self) -> None:
        self._read(is_forced=True)

    def _read(self, *, is_forced: bool) -> None:
        if self._shown is not None and not self._grower.busy:
            self._grower.submit(self._answers.growth_of(self._shown, is_forced=is_forced))

    def _loaded(self, found: F) -> None:
        self._keep(found)
        self._answers.opened(found)
        self.catch_up()

    def _grown(self, found: F | None) -> None:
        before = self._shown
        if found is not None and before is not None:
            self._keep(found)
            self._answers.grown(found, before)
        self.catch_up()

    def _keep(self, found: F) -> None:
        self._shown = found
        if found.may_change_by_itself:
            self._ages.start(_LOST_AFTER_MS)
        else:
            self._ages.stop()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotFoundError):
            was_shown = self._shown is not None
            self._drop()
            self._answers.not_found(error, was_shown=was_shown)
        else:
            self._workbench.report_error(error)
        self.catch_up()

"""Long changes of what is stored, asked for in the window: one at a time, in the background, to be stopped any time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from junjo_desktop.background import Latest, from_any_thread
from junjo_desktop.errors import QueryCancelledError
from junjo_desktop.shell import deletion_words
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import bytes_text

if TYPE_CHECKING:
    from junjo_desktop.shell.workbench import Backend
    from junjo_desktop.store.selection import Selection, Toll


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: a sentence, and a share from 0 to 1 (None: nobody knows)."""

    sentence: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    sentence: str
    role: Role


class Housekeeping(QObject):
    """`progressed` carries a `Progress`, `ended` an `Outcome`; `deleted` comes when something is gone."""

    began = Signal()
    progressed = Signal(object)
    ended = Signal(object)
    deleted = Signal()

    def __init__(
        self, backend: Backend, workers: Executor, report_error: Callable[[Exception], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._report_error = report_error
        self._deleting: Latest[Toll] = Latest(workers, self._take_deleted, self._fail, self)
        self._giving_back: Latest[int] = Latest(workers, self._take_given_back, self._fail, self)
        self._token = CancelToken()
        self._whole: Toll | None = None
        self._heard = _Heard(from_any_thread(self, self._tell))

    @property
    def busy(self) -> bool:
        """Whether something is under way: nothing else begins before it has ended."""
        return self._deleting.busy or self._giving_back.busy

    def delete(self, selection: Selection, whole: Toll) -> None:
        """Delete `selection`; `whole` is what that takes, for the progress."""
        if self.busy:
            return
        self._whole = whole
        hear = self._prepare(partial(_deletion_progress, whole))
        self._deleting.submit(partial(self._backend.delete, selection, hear, self._token))
        self._announce("Deleting …")

    def give_back_space(self) -> None:
        """Give what deletions have freed back to the disk."""
        if self.busy:
            return
        hear = self._prepare(_space_progress)
        self._giving_back.submit(partial(self._backend.give_back_space, hear, self._token))
        self._announce("Giving space back to the disk …")

    def stop(self) -> None:
        """Stop what is under way; what is done stays done."""
        if self.busy:
            self._token.cancel()
            self.progressed.emit(Progress("Stopping …"))

    def _prepare(self, words: Callable[[Any], Progress]) -> Callable[[Any], None]:
        """Return what the work is to call with its progress."""
        self._token = CancelToken()
        self._heard.take()
        return partial(self._heard.hear, words)

    def _announce(self, sentence: str) -> None:
        self.began.emit()
        self.progressed.emit(Progress(sentence))

    def _tell(self) -> None:
        progress = self._heard.take()
        if progress is not None and self.busy and not self._token.cancelled:
            self.progressed.emit(progress)

    def _take_deleted(self, toll: Toll) -> None:
        # The stop may have come too late.
        items, whole = deletion_words.item_count(toll), self._whole
        is_partial = self._token.cancelled and (whole is None or items < deletion_words.item_count(whole))
        words = deletion_words.result_words(toll, was_cancelled=is_partial)
        self.ended.emit(Outcome(words, "warning" if is_partial else "ok"))
        self.deleted.emit()

    def _take_given_back(self, size_bytes: int) -> None:
        given = (
            f"{bytes_text(size_bytes)} given back to the disk." if size_bytes > 0 else "Nothing could be given back."
        )
        self.ended.emit(Outcome(f"Stopped. {given}" if self._token.cancelled else given, "ok"))
        self.deleted.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, QueryCancelledError):
            self.ended.emit(Outcome("Stopped. What was deleted before stays deleted.", "warning"))
        else:
            self.ended.emit(Outcome("", "error"))
            self._report_error(error)
        self.deleted.emit()


class _Heard:
    """Takes progress from the thread that works, as often as it likes; the window is told once for what came since."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._lock = threading.Lock()
        self._newest: Progress | None = None

    def hear(self, words: Callable[[Any], Progress], done: Any) -> None:
        progress = words(done)
        with self._lock:
            is_first, self._newest = self._newest is None, progress
        if is_first:
            self._announce()

    def take(self) -> Progress | None:
        with self._lock:
            newest, self._newest = self._newest, None
        return newest


def _deletion_progress(whole: Toll, done: Toll) -> Progress:
    items = deletion_words.item_count(whole)
    share = deletion_words.item_count(done) / items if items else None
    return Progress(deletion_words.progress_words(done, whole), share)


def _space_progress(share: float) -> Progress:
    return Progress(f"Giving space back to the disk: {share:.0%}", share)

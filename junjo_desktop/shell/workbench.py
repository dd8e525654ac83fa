"""What a page may use: reads in the background, destinations, news of the store. Pages get one `Workbench`, no more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from junjo_desktop.background import Latest
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell.housekeeping import Housekeeping
from junjo_desktop.shell.notes import Notes
from junjo_desktop.shell.query_box.views import Views
from junjo_desktop.shell.stars import Stars
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.telemetry.intake import IntakeReport

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.errors import UserError
    from junjo_desktop.receiver.api_keys import ApiKeys
    from junjo_desktop.state.notes import Notes as StoredNotes
    from junjo_desktop.state.saved_views import SavedViews
    from junjo_desktop.store.price_keeping import PriceKeeper
    from junjo_desktop.store.selection import Selection, Toll
    from junjo_desktop.store.statistics import RetentionForecast, StorageReport

T = TypeVar("T")


class Backend(Protocol):
    """The Qt-free engine behind the window, as far as pages may know it."""

    @property
    def data_dir(self) -> DataDir: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    def read(self, query: Callable[[DuckDBPyConnection], T], token: CancelToken | None = None) -> T:
        """Run `query` on a read cursor of the store, on the calling thread.

        Raises `UserError`, and `QueryCancelledError` when `token` is cancelled.
        """

    def report(self) -> IntakeReport: ...
    def apply_settings(self, settings: Settings) -> tuple[UserError, ...]:
        """Save and apply; return what could not be applied (a taken port, say). Blocks: call it in the background."""

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change` (on any thread; it must not wait) after every stored batch; return how to unsubscribe.

        Once that has returned, nobody calls it any more.
        """

    def toll_of(self, selection: Selection) -> Toll:
        """Return what deleting `selection` would take. Reads; call it in the background. Raises `UserError`."""

    def delete(
        self,
        selection: Selection,
        on_progress: Callable[[Toll], None] | None = None,
        token: CancelToken | None = None,
    ) -> Toll:
        """Delete in small transactions; return what was deleted, also when `token` was cancelled. Blocks.

        `on_progress` is called with what is deleted so far, on the calling thread. Raises `UserError`.
        """

    def starred(self) -> frozenset[str]:
        """Return the ids of the starred traces; cheap."""

    def set_starred(self, trace_id: str, is_starred: bool) -> None:
        """Star a trace, or not; retention never removes a starred one. Raises `UserError`."""

    @property
    def notes(self) -> StoredNotes:
        """The tags and comments on traces and spans; may be asked and changed on any thread."""

    @property
    def saved_views(self) -> SavedViews:
        """The saved views of lists; may be asked on any thread."""

    @property
    def prices(self) -> PriceKeeper:
        """The own prices of models; may be changed on any thread, best in the background."""

    def storage(self) -> StorageReport:
        """Return what is stored and what it takes; some 100 ms in a large store. Raises `UserError`."""

    def retention_forecast(self, settings: Settings) -> RetentionForecast | None:
        """Return what retention would remove next if these were the settings; None: nothing. Raises `UserError`."""

    def give_back_space(
        self, on_progress: Callable[[float], None] | None = None, token: CancelToken | None = None
    ) -> int:
        """Give what deletions freed back to the disk; return how many bytes. Blocks; progress from 0 to 1."""


class Reader(Generic[T]):
    """Submits queries (functions of a read cursor) to the background; only the newest answer is delivered.

    A query that is no longer wanted is ended, so that it does not hold a thread others wait for.
    """

    def __init__(self, backend: Backend, latest: Latest[T]) -> None:
        self._backend = backend
        self._latest = latest
        self._token = CancelToken()

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._latest.busy

    def submit(self, query: Callable[[DuckDBPyConnection], T]) -> None:
        """Run `query` on a reader thread; forget and end any earlier one."""
        self._token.cancel()
        self._token = CancelToken()
        self._latest.submit(partial(self._backend.read, query, self._token))

    def cancel(self) -> None:
        """Forget and end the newest query."""
        self._token.cancel()
        self._latest.cancel()


class Workbench(QObject):
    """Handed to every page. Signals arrive on the GUI thread."""

    batch_stored = Signal()
    """New rows are stored (at once for the first, then at most every 80 ms)."""
    intake_changed = Signal(object)
    """A fresh `IntakeReport`, about once a second while something changes."""
    settings_changed = Signal()
    closing = Signal()
    """The window is closing: a worker that waits for something gives up now, or it would hold the end up."""
    theme_changed = Signal()
    """Tokens, palettes and icons are others now; custom painters repaint."""

    def __init__(self, backend: Backend, readers: Executor, workers: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.backend = backend
        self._readers = readers
        self._workers = workers
        self._given: WeakSet[Reader[Any]] = WeakSet()
        self._intake: IntakeReport | None = None
        self._navigate: Callable[[object], bool] = lambda _destination: False
        self._can_open: Callable[[object], bool] = lambda _destination: False
        self._notify: Callable[[Exception], None] = lambda _error: None
        self.stars = Stars(backend, workers, self.report_error, self)
        self.notes = Notes(backend, workers, self.report_error, self)
        self.views = Views(backend, workers, self.report_error, self)
        self.housekeeping = Housekeeping(backend, workers, self.report_error, self)
        self.closing.connect(self.housekeeping.stop)
        # Notes go with the traces that were deleted.
        self.housekeeping.ended.connect(self.notes.reload)

    @property
    def intake(self) -> IntakeReport | None:
        """The newest report, None before the first: for pages that are built later."""
        return self._intake

    @property
    def is_reading(self) -> bool:
        """Whether an answer of the store is on its way to some page."""
        return any(reader.busy for reader in self._given)

    def reader(
        self,
        owner: QObject,
        on_result: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> Reader[T]:
        """Return a newest-wins reader of the store that lives as long as `owner`; errors go to notices by default."""
        reader = Reader(self.backend, Latest(self._readers, on_result, on_error or self.report_error, owner))
        self._given.add(reader)
        return reader

    def worker(
        self,
        owner: QObject,
        on_result: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> Latest[T]:
        """Return a newest-wins runner for slow work that is not a read (key store, settings, files)."""
        return Latest(self._workers, on_result, on_error or self.report_error, owner)

    def open(self, destination: object) -> bool:
        """Go to a destination of `shell.destinations`; False when no feature shows it."""
        return self._navigate(destination)

    def cancel_reads(self) -> None:
        """End every query that runs or waits, and have workers give up: the window is closing."""
        self.closing.emit()
        for reader in list(self._given):
            reader.cancel()

    def can_open(self, destination: object) -> bool:
        """Whether some feature shows this destination; offer only what leads somewhere."""
        return self._can_open(destination)

    def report_error(self, error: Exception) -> None:
        """Show an error as a notice on the page in front; a `UserError` as its sentence, anything else as a bug."""
        self._notify(error)

    def take_intake(self, report: IntakeReport) -> None:
        """Keep and pass on a fresh report; called by the feed."""
        self._intake = report
        self.intake_changed.emit(report)

    def connect_shell(
        self,
        navigate: Callable[[object], bool],
        notify: Callable[[Exception], None],
        can_open: Callable[[object], bool] = lambda _destination: False,
    ) -> None:
        """Called once by the main window."""
        self._navigate = navigate
        self._notify = notify
        self._can_open = can_open

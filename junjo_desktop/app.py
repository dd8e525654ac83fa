"""The headless engine: the only file that knows every part, and the order in which they start and stop."""

from __future__ import annotations

import gc
import logging
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from logging.handlers import RotatingFileHandler
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from junjo_desktop.credentials import DeferredSecretStore, SecretStore, open_secret_store
from junjo_desktop.errors import UserError
from junjo_desktop.link.claim import claim
from junjo_desktop.link.server import LinkServer, OnHangUp
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.api_keys import ApiKeys
from junjo_desktop.receiver.journal import Journal
from junjo_desktop.receiver.open_files import allow_more_files
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.server import Receiver
from junjo_desktop.settings import Settings, save_settings
from junjo_desktop.state.notes import Notes
from junjo_desktop.state.saved_views import SavedViews
from junjo_desktop.state.stars import Stars
from junjo_desktop.store.answers import ASKS_CALLS, answer
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion_run import Deletion
from junjo_desktop.store.derivation import Position, Rebuilt
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.marks import MarkKeeper
from junjo_desktop.store.news import News
from junjo_desktop.store.price_keeping import PriceKeeper
from junjo_desktop.store.rebuild import rebuild
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.store.setting_aside import open_or_begin_anew
from junjo_desktop.store.statistics import RetentionForecast, StorageReport, report_json
from junjo_desktop.store.stored_count import StoredCount
from junjo_desktop.store.upkeep import Upkeep
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.intake import IntakeReport, Listener

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

CLAIM_WAIT_S = 5.0
RECEIVER_GRACE_S = 2.0
DRAIN_TIMEOUT_S = 30.0
_CALLS_PATIENCE_S = 5.0
"""How long a question for calls waits until they are read; the answer says what is left."""
_LINK_GRACE_S = 2.0
_GARBAGE_THRESHOLD = 10_000
_SWITCH_INTERVAL_S = 0.0005
_LOG_BYTES = 2_000_000
_LOG_FILES = 3
_log = logging.getLogger(__name__)


class Engine:
    """Receives, stores and answers, from `start` to `stop`. Knows no window: the shell gets it as its `Backend`.

    The keyword arguments of the command line win over the settings, until the user changes that very setting.
    `secrets` replaces the system keyring.
    """

    store: Store
    journal: Journal
    indexer: Indexer
    api_keys: ApiKeys
    receiver: Receiver
    reception: Reception
    saved_views: SavedViews

    def __init__(
        self,
        data_dir: DataDir,
        settings: Settings,
        *,
        otlp_ports: tuple[int, ...] | None = None,
        validator_port: int | None = None,
        keys_required: bool | None = None,
        secrets: SecretStore | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._settings = settings
        self._otlp_ports = settings.otlp_ports if otlp_ports is None else otlp_ports
        self._validator_port = settings.validator_port if validator_port is None else validator_port
        self._keys_required = not settings.accept_without_key if keys_required is None else keys_required
        self._secrets = secrets
        self._applying = Lock()
        self._rebuilding = Lock()
        self._undo = ExitStack()
        self._stored = StoredCount()
        self._news = News()
        self.listeners: tuple[Listener, ...] = ()
        self.left_in_journal = 0
        """Items that `stop` could not index in time; they are indexed at the next start."""
        self.on_raise: Callable[[], None] | None = None
        """Called, on any thread, when another process asks for the window; None: there is none."""
        self.on_link: Callable[[str], None] | None = None
        """Called, on any thread, with the link to which another process wants the window to go; None as above."""

    def start(self) -> None:
        """Open everything; `listeners` then says which ports are bound. Raises `UserError`, and nothing stays open."""
        self._data_dir.prepare()
        with ExitStack() as undo:
            self._start(undo)
            self._undo = undo.pop_all()

    def _start(self, undo: ExitStack) -> None:
        # The stop order is this one backwards: receiver, drain, indexer, socket, journal, store, keys, claim, log.
        undo.callback(_LogFile(self._data_dir).close)
        undo.callback(sys.setswitchinterval, sys.getswitchinterval())
        # An acknowledgement needs the GIL a few times, and the indexer holds it while it decodes: with the default
        # of 5 ms each hand-over waits that long. Measured: acknowledgements 8 times quicker under load.
        sys.setswitchinterval(_SWITCH_INTERVAL_S)
        # Decoding makes many tuples and no cycles; to look for these among them costs up to a tenth of its time.
        undo.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(_GARBAGE_THRESHOLD)
        undo.callback(allow_more_files())
        undo.callback(claim(self._data_dir, CLAIM_WAIT_S).release)
        self.api_keys = ApiKeys(self._data_dir.state, self._secrets or DeferredSecretStore(open_secret_store))
        undo.callback(self.api_keys.close)
        self.api_keys.ensure_default()
        self._stars = Stars(self._data_dir.state)
        undo.callback(self._stars.close)
        self.saved_views, self._notes = SavedViews(self._data_dir.state), Notes(self._data_dir.state)
        undo.callback(self.saved_views.close)
        undo.callback(self._notes.close)
        opened = open_or_begin_anew(self._data_dir.telemetry)
        self.store, self._store_notice = opened.store, opened.notice
        undo.callback(self.store.close)
        self._marks = MarkKeeper(self.store, self._notes, self.starred)
        self.journal = Journal(self._data_dir.journal)
        undo.callback(self.journal.close)
        self.journal.continue_after(BatchWriter(self.store, self.journal.journal_id).position().seq)
        link = LinkServer(self._data_dir, self)
        undo.callback(link.stop, _LINK_GRACE_S)
        self.indexer = Indexer(self.store, self.journal, self._batch_stored)
        undo.callback(self._stop_indexer)
        self.indexer.start()
        self._deletion = Deletion(self.store, self.indexer, self.starred, self._notes, self._marks)
        policy = RetentionPolicy.of(self._settings)
        self._upkeep = Upkeep(self.store, self._data_dir, policy, self.starred, self._batch_stored)
        undo.callback(self._upkeep.stop)
        self._upkeep.start()
        self.prices = PriceKeeper(self.store, self._data_dir.state)
        self._calls = CallIndexing(self.store, self._batch_stored, self.prices.in_force)
        undo.callback(self._calls.stop)
        self.prices.begin(self._calls.look_at_all)
        self._calls.start()
        self.reception = Reception()
        self.receiver = Receiver(self.journal, self.api_keys, self.reception, keys_required=self._keys_required)
        undo.callback(self.receiver.stop, RECEIVER_GRACE_S)
        self.listeners = self.receiver.start(self._otlp_ports, self._validator_port)
        link.start()
        for listener in self.listeners:
            _log.info("%s on port %s: %s", listener.purpose, listener.port, listener.error or "listening")

    def stop(self) -> None:
        """Stop receiving, index what was acknowledged (what is too much stays in the journal), close everything."""
        self._undo.close()

    def _stop_indexer(self) -> None:
        give_up = time.monotonic() + DRAIN_TIMEOUT_S
        # Where the disk is full, say, waiting longer helps nobody.
        while not self.indexer.drain(0.5) and not self.indexer.last_error and time.monotonic() < give_up:
            pass
        self.left_in_journal = self.indexer.waiting
        self.indexer.stop()
        if self.left_in_journal:
            _log.warning("%s received items are not indexed yet and stay in the journal", self.left_in_journal)

    @property
    def data_dir(self) -> DataDir:
        """The folder everything is in."""
        return self._data_dir

    @property
    def settings(self) -> Settings:
        """The settings as last saved; the command line may overrule them."""
        return self._settings

    def read(self, query: Callable[[DuckDBPyConnection], T], token: CancelToken | None = None) -> T:
        """Run `query` on a read cursor of the store, on the calling thread.

        Raises `UserError`, and `QueryCancelledError` when `token` is cancelled.
        """
        self._marks.refresh()
        return self.store.read(query, token)

    def answer(self, name: str, params: Mapping[str, Any], on_hang_up: OnHangUp) -> bytes:
        """Return the JSON document that answers a query of the command line. Raises `UserError`."""
        if name == "storage":
            return report_json(self.storage())
        token = CancelToken()
        on_hang_up(token.cancel)
        self._marks.refresh()
        if name in ASKS_CALLS:
            self.prices.take()
            self._calls.catch_up(_CALLS_PATIENCE_S)
        return self.store.read(lambda cursor: answer(cursor, name, params), token)

    def report(self) -> IntakeReport:
        """Return the state of the intake now; cheap enough for every second."""
        seen = self.reception.snapshot()
        stored_spans, trouble = self._stored.count(self.store)
        return IntakeReport(
            listeners=self.listeners,
            keys_required=self._keys_required,
            requests=seen.requests,
            spans=seen.spans,
            log_records=seen.log_records,
            metrics=seen.metrics,
            waiting=self.indexer.waiting,
            stored_spans=stored_spans,
            store_bytes=self.store.size_bytes(),
            services=seen.services,
            refusals=seen.refusals,
            quarantined=self.indexer.quarantined,
            last_error=self.journal.last_error or self.indexer.last_error or trouble or self._upkeep.last_error,
            secret_store_problem=self.api_keys.secret_store_problem,
            started_ns=seen.started_ns,
            notices=self._notices(),
        )

    def _notices(self) -> tuple[str, ...]:
        """What was found damaged and set aside since the start, and what is damaged and still in use."""
        found = (self._store_notice, self.journal.notice, self.store.damage)
        return tuple(str(notice) for notice in found if notice is not None)

    def apply_settings(self, settings: Settings) -> tuple[UserError, ...]:
        """Save and apply; return what could not be applied (a taken port, say). Blocks. Raises `UserError`.

        Applying the same settings again tries ports again that could not be opened.
        """
        with self._applying:
            save_settings(self._data_dir.settings, settings)
            before, self._settings = self._settings, settings
            self._upkeep.apply(RetentionPolicy.of(settings))
            if settings.accept_without_key != before.accept_without_key:
                self._keys_required = not settings.accept_without_key
                self.receiver.keys_required = self._keys_required
            same_ports = settings.otlp_ports == before.otlp_ports and settings.validator_port == before.validator_port
            if same_ports and (settings != before or all(listener.error is None for listener in self.listeners)):
                return ()
            if settings.otlp_ports != before.otlp_ports:
                self._otlp_ports = settings.otlp_ports
            if settings.validator_port != before.validator_port:
                self._validator_port = settings.validator_port
            self.listeners = self.receiver.rebind(self._otlp_ports, self._validator_port)
            return tuple(listener.error for listener in self.listeners if listener.error is not None)

    def toll_of(self, selection: Selection) -> Toll:
        """Return what deleting `selection` would take, of all that was acknowledged by now. Raises `UserError`."""
        return self._deletion.toll_of(selection)

    def delete(
        self,
        selection: Selection,
        on_progress: Callable[[Toll], None] | None = None,
        token: CancelToken | None = None,
    ) -> Toll:
        """Delete in small transactions; return what was deleted, also when `token` was cancelled. Blocks.

        `on_progress` is called with what is deleted so far, on the calling thread. Raises `UserError`.
        """
        try:
            return self._deletion.delete(selection, on_progress, token)
        finally:
            self._batch_stored()
            self._upkeep.wake()

    def rebuild(
        self,
        on_progress: Callable[[Position], None] | None = None,
        token: CancelToken | None = None,
        *,
        restart: bool = False,
    ) -> Rebuilt:
        """Make all derived data again, or go on where that was stopped. Blocks; others read and write meanwhile.

        `on_progress` is called on the calling thread. Raises `UserError`.
        """
        with self._rebuilding:
            try:
                return rebuild(self.store, on_progress, token, restart=restart)
            finally:
                self._calls.look_at_all()
                self._batch_stored()

    @property
    def notes(self) -> Notes:
        """The tags and comments on traces and spans; may be asked and changed on any thread."""
        return self._notes

    def starred(self) -> frozenset[str]:
        """Return the ids of the starred traces. Raises `UserError`."""
        return self._stars.starred()

    def set_starred(self, trace_id: str, is_starred: bool) -> None:
        """Star a trace, or not; retention never removes a starred one. Raises `UserError`."""
        if is_starred:
            self._stars.star(trace_id)
        else:
            self._stars.unstar(trace_id)

    def storage(self) -> StorageReport:
        """Return what is stored and what it takes; some 100 ms in a large store. Raises `UserError`."""
        return self._upkeep.report(self.journal.quarantined)

    def retention_forecast(self, settings: Settings) -> RetentionForecast | None:
        """Return what retention would remove next if these were the settings; None: nothing. Raises `UserError`."""
        return self._upkeep.forecast(RetentionPolicy.of(settings))

    def give_back_space(
        self, on_progress: Callable[[float], None] | None = None, token: CancelToken | None = None
    ) -> int:
        """Give what deletions freed back to the disk; return how many bytes. Blocks; progress from 0 to 1."""
        return self._upkeep.give_back_space(on_progress, token)

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change` (on any thread; it must not wait) after every stored batch; return how to unsubscribe."""
        return self._news.subscribe(on_change)

    def _batch_stored(self) -> None:
        self._stored.outdate()
        self._news.tell()

    @property
    def has_window(self) -> bool:
        """Whether a window shows this engine."""
        return self.on_raise is not None

    def raise_window(self) -> bool:
        """Bring the window to the front; False when there is none."""
        on_raise = self.on_raise
        if on_raise is None:
            return False
        on_raise()
        return True

    def open_link(self, link: str) -> bool:
        """Bring the window to the front and have it go where `link` leads; False when there is none."""
        on_link = self.on_link
        if on_link is None:
            return False
        on_link(link)
        return True


class _LogFile:
    """Everything from `INFO` on, in a file that is rotated; nothing secret is ever logged."""

    def __init__(self, data_dir: DataDir) -> None:
        self._handler = RotatingFileHandler(
            data_dir.log_file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self._handler)
        root.setLevel(logging.INFO)

    def close(self) -> None:
        root = logging.getLogger()
        root.removeHandler(self._handler)
        root.setLevel(self._level)
        self._handler.close()

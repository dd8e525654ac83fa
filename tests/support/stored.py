"""A real store with telemetry in it, and a workbench over it, for tests of queries and pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import shiboken6
from duckdb import DuckDBPyConnection
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from PySide6.QtWidgets import QWidget

from junjo_desktop.errors import UserError
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.api_keys import ApiKeys
from junjo_desktop.settings import Settings
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import Notes
from junjo_desktop.state.saved_views import SavedViews
from junjo_desktop.state.stars import Stars
from junjo_desktop.store.batch import Batch
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import Selection, Toll, delete, toll_of
from junjo_desktop.store.marks import MarkKeeper
from junjo_desktop.store.price_keeping import PriceKeeper
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, IntakeReport, Signal

if TYPE_CHECKING:
    from junjo_desktop.store.statistics import RetentionForecast, StorageReport

T = TypeVar("T")


class StoredTelemetry:
    """A store that tests write to as the indexer does, and the part of the engine that pages may know."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = DataDir(folder)
        self.data_dir.prepare()
        self.settings = Settings()
        self.store = Store.open(self.data_dir.telemetry)
        self._stars = Stars(self.data_dir.state)
        self.saved_views = SavedViews(self.data_dir.state)
        self.notes = Notes(self.data_dir.state)
        self.prices = PriceKeeper(self.store, self.data_dir.state)
        self._marks = MarkKeeper(self.store, self.notes, self.starred)
        self._writer = BatchWriter(self.store, "tests")
        self._seq = 0
        self._listeners: list[Callable[[], None]] = []

    def add(
        self, *requests: ExportTraceServiceRequest | ExportLogsServiceRequest, received_ns: int | None = None
    ) -> None:
        """Store requests as one batch and tell it, as the indexer does."""
        batch = Batch()
        for request in requests:
            self._seq += 1
            received = time.time_ns() if received_ns is None else received_ns
            signal = Signal.LOGS if isinstance(request, ExportLogsServiceRequest) else Signal.TRACES
            entry = IntakeEntry(self._seq, signal, received, request.SerializeToString())
            batch.add(self._seq, decode(entry))
        self._writer.write(batch)
        for listener in tuple(self._listeners):
            listener()

    def read(self, query: Callable[[DuckDBPyConnection], T], token: CancelToken | None = None) -> T:
        """Run `query` on a read cursor."""
        self._marks.refresh()
        return self.store.read(query, token)

    @property
    def api_keys(self) -> ApiKeys:
        """Not there: pages of telemetry have no use for keys."""
        raise NotImplementedError

    def report(self) -> IntakeReport:
        """Not there: nothing is received in these tests."""
        raise NotImplementedError

    def apply_settings(self, settings: Settings) -> tuple[UserError, ...]:
        """Keep the settings."""
        self.settings = settings
        return ()

    def toll_of(self, selection: Selection) -> Toll:
        """Count, as the engine does."""
        self._marks.refresh()
        return self.store.read(partial(toll_of, selection=selection, kept=self._kept(selection)))

    def delete(
        self,
        selection: Selection,
        on_progress: Callable[[Toll], None] | None = None,
        token: CancelToken | None = None,
    ) -> Toll:
        """Delete and tell it, as the engine does."""
        deleted = delete(self.store, selection, on_progress, token, self._kept(selection))
        stored = self.store.read(lambda cursor: cursor.execute("SELECT trace_id FROM traces").fetchall())
        self.notes.forget(self.notes.traces() - {trace_id for (trace_id,) in stored})
        for listener in tuple(self._listeners):
            listener()
        return deleted

    def _kept(self, selection: Selection) -> frozenset[str]:
        return frozenset() if selection.starred_too else self.starred()

    def starred(self) -> frozenset[str]:
        """Return the starred traces."""
        return self._stars.starred()

    def set_starred(self, trace_id: str, is_starred: bool) -> None:
        """Star a trace, or not."""
        (self._stars.star if is_starred else self._stars.unstar)(trace_id)

    def storage(self) -> StorageReport:
        """Not there: these tests look at traces."""
        raise NotImplementedError

    def retention_forecast(self, settings: Settings) -> RetentionForecast | None:
        """Not there: nothing is removed by itself in these tests."""
        raise NotImplementedError

    def give_back_space(
        self, on_progress: Callable[[float], None] | None = None, token: CancelToken | None = None
    ) -> int:
        """Not there: these tests look at traces."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        self._stars.close()
        self.saved_views.close()
        self.notes.close()

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change` after every stored batch."""
        self._listeners.append(on_change)
        return lambda: self._listeners.remove(on_change)


@contextmanager
def workbench_over(telemetry: StoredTelemetry, pages: list[QWidget]) -> Iterator[Workbench]:
    """Yield a workbench without a window. At the end its reads are waited for, then `pages` are deleted."""
    readers = ThreadPoolExecutor(2, "reader")
    workbench = Workbench(telemetry, readers, readers)
    unsubscribe = telemetry.subscribe(workbench.batch_stored.emit)
    yield workbench
    unsubscribe()
    readers.shutdown(wait=True, cancel_futures=True)
    for page in pages:
        page.close()
        shiboken6.delete(page)
    telemetry.close()

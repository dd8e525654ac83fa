"""Reads what Storage and Retention show while they are on screen, and does what their buttons ask for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from junjo_desktop.errors import QueryCancelledError, UserError
from junjo_desktop.features.preferences.queries import service_sizes
from junjo_desktop.features.preferences.retention_input import RetentionInput
from junjo_desktop.features.preferences.retention_section import RetentionSection
from junjo_desktop.features.preferences.storage_section import StorageSection
from junjo_desktop.features.preferences.storage_words import forecast_words, is_due, preview_words
from junjo_desktop.settings import Settings
from junjo_desktop.shell.deletion_words import everything, whole_service
from junjo_desktop.shell.workbench import Backend, Workbench

if TYPE_CHECKING:
    from junjo_desktop.store.statistics import RetentionForecast, StorageReport

_AGAIN_MS = 3_000
_SELDOM_MS = 60_000


class StoragePanel(QObject):
    """`page` is the widget whose visibility counts: nothing is read while nobody looks."""

    def __init__(
        self, workbench: Workbench, storage: StorageSection, retention: RetentionSection, page: QWidget
    ) -> None:
        super().__init__(page)
        self._workbench = workbench
        self._page = page
        self.storage = storage
        self.retention = retention
        self._is_stale = True
        self._reading = workbench.worker(self, self._take_report, self._refuse_report)
        self._services = workbench.reader(self, storage.show_services)
        self._previewing = workbench.worker(self, self._take_preview, self._refuse_preview)
        self._previewed: RetentionInput | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._read_if_stale)
        # Ages and the time until the next removal go on by the clock alone.
        self._seldom = QTimer(self)
        self._seldom.setInterval(_SELDOM_MS)
        self._seldom.timeout.connect(self._outdate)
        self._connect()

    def _connect(self) -> None:
        house = self._workbench.housekeeping
        self.storage.deletion_wanted.connect(self._ask_deletion)
        self.storage.old_deletion_wanted.connect(self._ask_old_deletion)
        self.storage.give_back_wanted.connect(house.give_back_space)
        self.storage.retry_wanted.connect(self.read)
        self.retention.preview_wanted.connect(self._preview)
        self._workbench.batch_stored.connect(self._outdate)
        self._workbench.stars.changed.connect(self._outdate)
        house.deleted.connect(self.read)
        house.began.connect(self._show_busy)
        house.ended.connect(self._show_busy)
        self._show_busy()

    def begin(self) -> None:
        """The page came on screen."""
        self._seldom.start()
        self.read()

    def end(self) -> None:
        """The page left the screen."""
        self._seldom.stop()
        self._again.stop()

    def read(self) -> None:
        """Read now."""
        self._is_stale = False
        if self._reading.busy:
            self._is_stale = True
            return
        self._reading.submit(partial(_read, self._workbench.backend))
        self._services.submit(service_sizes)

    def _outdate(self) -> None:
        self._is_stale = True
        if self._page.isVisible() and not self._again.isActive():
            self._again.start()

    def _read_if_stale(self) -> None:
        if self._is_stale and self._page.isVisible():
            self.read()

    def _take_report(self, found: tuple[StorageReport, Settings]) -> None:
        report, settings = found
        self.storage.show_report(report)
        is_off = not settings.retention_days and not settings.retention_gb
        off = "Nothing: there is no limit."
        self.retention.show_next(off if is_off else forecast_words(report.next_removal))
        self.retention.ask_preview()
        self._again.start()

    def _refuse_report(self, error: Exception) -> None:
        if isinstance(error, QueryCancelledError):
            return  # the store closes
        self.storage.show_error(str(error) if isinstance(error, UserError) else "")
        if not isinstance(error, UserError):
            self._workbench.report_error(error)

    def _preview(self, read: RetentionInput) -> None:
        self._previewed = read
        settings = replace(self._workbench.backend.settings, retention_days=read.days, retention_gb=read.gb)
        self._previewing.submit(partial(self._workbench.backend.retention_forecast, settings))

    def _take_preview(self, forecast: RetentionForecast | None) -> None:
        if self._previewed is not None:
            self.retention.show_preview(self._previewed, preview_words(forecast), removes=is_due(forecast))

    def _refuse_preview(self, error: Exception) -> None:
        if self._previewed is not None:
            why = str(error) if isinstance(error, UserError) else ""
            words = f"What these limits remove cannot be counted. {why}".strip()
            self.retention.show_preview(self._previewed, words, removes=False)
        if not isinstance(error, UserError):
            self._workbench.report_error(error)

    def _show_busy(self) -> None:
        self.storage.set_busy(busy=self._workbench.housekeeping.busy)

    def _ask_deletion(self, service: str | None) -> None:
        # Loaded only now: nothing of it is needed to show preferences.
        from junjo_desktop.shell.deletion_dialog import ask_deletion

        ask_deletion(self._workbench, everything() if service is None else whole_service(service), self._page)

    def _ask_old_deletion(self) -> None:
        from junjo_desktop.shell.deletion_dialog import ask_old_deletion

        ask_old_deletion(self._workbench, self._page)


def _read(backend: Backend) -> tuple[StorageReport, Settings]:
    return backend.storage(), backend.settings

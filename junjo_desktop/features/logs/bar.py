"""The header line of the Logs page: what every list has, and how severe records are at least."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from junjo_desktop.features.logs.filters import LogFilter
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.list_bar import ListBar

_WIDTH_PX = 150
_CHOICES = (
    (Severity.UNKNOWN, "All severities"),
    (Severity.DEBUG, "Debug and above"),
    (Severity.INFO, "Info and above"),
    (Severity.WARN, "Warn and above"),
    (Severity.ERROR, "Error and above"),
    (Severity.FATAL, "Fatal"),
)


class LogsBar(ListBar[LogFilter]):
    """`changed` carries a new `LogFilter`."""

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            LogFilter(), columns_menu, noun="record", placeholder="Search, or ask: scope:billing", parent=parent
        )
        self.service.setToolTip("Only records of this service")
        self.time.setToolTip("When records were written")
        self.least = QComboBox(self)
        self.least.setAccessibleName("Least severity")
        self.least.setToolTip("Only records that are at least as severe (E: errors)")
        self.least.setFixedWidth(_WIDTH_PX)
        for severity, words in _CHOICES:
            self.least.addItem(words, severity)
        self.least.activated.connect(self._least_chosen)
        self.lay_out("Logs", (), (self.least,))
        self.show_filter(self.shown)

    def show_filter(self, shown: LogFilter) -> None:
        """Show what is in force, without `changed`."""
        super().show_filter(shown)
        known = [severity for severity, _ in _CHOICES]
        self.least.setCurrentIndex(known.index(shown.least) if shown.least in known else 0)

    def toggle_errors(self) -> None:
        """Narrow the list to errors, or not."""
        is_on = self.shown.least is Severity.ERROR
        self.changed.emit(replace(self.shown, least=Severity.UNKNOWN if is_on else Severity.ERROR))

    def _least_chosen(self, place: int) -> None:
        self.changed.emit(replace(self.shown, least=_CHOICES[place][0]))

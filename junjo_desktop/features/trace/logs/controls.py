"""What chooses among the log records of a trace: how severe, of which span, with which text."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from junjo_desktop.store.trace_logs import LogFilter
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.search_field import SearchField

_FILTER_PX = 150
_LEAST = (
    (Severity.UNKNOWN, "All severities"),
    (Severity.DEBUG, "Debug and above"),
    (Severity.INFO, "Info and above"),
    (Severity.WARN, "Warnings and errors"),
    (Severity.ERROR, "Errors"),
)


class LogControls(QFrame):
    """`changed` comes with every other choice."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.least = QComboBox(self)
        self.of_selected = QPushButton("Selected span", self)
        self.text = SearchField("Filter records", parent=self)
        self.found = QLabel(self)
        self._lay_out()
        self.least.currentIndexChanged.connect(self._change)
        self.of_selected.toggled.connect(self._change)
        self.text.changed.connect(self._change)

    def _lay_out(self) -> None:
        self.setProperty("look", "bar")
        self.least.setAccessibleName("Least severity")
        self.least.setToolTip("Show records that are this severe or more")
        for severity, label in _LEAST:
            self.least.addItem(label, int(severity))
        self.found.setProperty("look", "dim")
        self.found.setToolTip("Records with what is looked for in the trace")
        self.of_selected.setCheckable(True)
        self.of_selected.setAccessibleName("Only records of the selected span")
        self.of_selected.setToolTip("Show only records of the selected span (Shift+L)")
        self.text.setToolTip("Text in bodies, events, severities and attributes")
        self.text.setMaximumWidth(_FILTER_PX * 2)
        self.text.setMinimumWidth(_FILTER_PX // 2)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 5, 8, 5)
        line.setSpacing(8)
        line.addWidget(self.least)
        line.addWidget(self.of_selected)
        line.addStretch(1)
        line.addWidget(self.found)
        line.addWidget(self.text, 2)

    def show_found(self, count: int | None) -> None:
        """Say how many records have what is looked for in the trace; None: nothing is."""
        self.found.setText("" if count is None else f"{count_text(count)} found" if count else "none")
        self.found.setVisible(count is not None)

    @property
    def is_filtering(self) -> bool:
        """Whether anything is left out."""
        return bool(self.least.currentIndex() or self.of_selected.isChecked() or self.text.text())

    def filter_for(self, selected_span: str) -> LogFilter:
        """Return what is chosen; without a selected span, of all."""
        of_span = selected_span if self.of_selected.isChecked() and selected_span else None
        return LogFilter(Severity(self.least.currentData()), self.text.text().strip(), of_span)

    def clear(self) -> None:
        """Leave nothing out."""
        self.blockSignals(True)
        self.least.setCurrentIndex(0)
        self.of_selected.setChecked(False)
        self.text.show_text("")
        self.blockSignals(False)
        self.changed.emit()

    def _change(self, _value: object = None) -> None:
        self.changed.emit()

    def save_state(self, state: QSettings) -> None:
        """Write how severe; text and span are of a trace and not kept."""
        state.setValue("logs_least", self.least.currentIndex())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        index = str(state.value("logs_least", ""))
        if index.isdecimal() and int(index[:3]) < self.least.count():
            self.least.setCurrentIndex(int(index[:3]))

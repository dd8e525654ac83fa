"""Asks for the exact limits of start and duration."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QWidget,
)

from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.time_range import TimeRange

_MS, _S = 10**6, 10**9
_LONGEST_S = 10_000_000.0


class WindowDialog(QDialog):
    """Four limits, each of them optional. `accepted_filter` carries the filter with the chosen ones."""

    accepted_filter = Signal(object)

    def __init__(self, shown: ListFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.setWindowTitle("Time and duration" if shown.HAS_DURATION else "Time")
        now_ns = time.time_ns()
        since_ns, until_ns = shown.time_range.bounds(now_ns)
        layout = QGridLayout(self)
        layout.setHorizontalSpacing(12)
        since_title, until_title = ("Started from", "Started until") if shown.HAS_DURATION else ("From", "Until")
        self.since_on, self.since = _moment_line(layout, 0, since_title, since_ns, now_ns - 3600 * _S)
        self.until_on, self.until = _moment_line(layout, 1, until_title, until_ns, now_ns)
        self.least_on, self.least = _duration_line(layout, 2, "Took at least", shown.min_duration_ns)
        self.most_on, self.most = _duration_line(layout, 3, "Took at most", shown.max_duration_ns)
        for widget in (self.least_on, self.least, self.most_on, self.most):
            widget.setVisible(shown.HAS_DURATION)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Apply")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons, 4, 0, 1, 2)

    def accept(self) -> None:
        self.accepted_filter.emit(self.chosen())
        super().accept()

    def chosen(self) -> ListFilter:
        """Return the filter with these limits."""
        since = self.since.dateTime().toMSecsSinceEpoch() * _MS if self.since_on.isChecked() else None
        # Through the last millisecond that is shown.
        until = self.until.dateTime().toMSecsSinceEpoch() * _MS + _MS - 1 if self.until_on.isChecked() else None
        return replace(
            self._shown,
            time_range=TimeRange(since_ns=since, until_ns=until),
            min_duration_ns=round(self.least.value() * _S) if self.least_on.isChecked() else None,
            max_duration_ns=round(self.most.value() * _S) if self.most_on.isChecked() else None,
        )


def _moment_line(
    layout: QGridLayout, row: int, title: str, value_ns: int | None, default_ns: int
) -> tuple[QCheckBox, QDateTimeEdit]:
    box = QCheckBox(title)
    edit = QDateTimeEdit(QDateTime.fromMSecsSinceEpoch((default_ns if value_ns is None else value_ns) // _MS))
    edit.setDisplayFormat("yyyy-MM-dd HH:mm:ss.zzz")
    edit.setCalendarPopup(True)
    edit.setAccessibleName(title)
    _pair(layout, row, box, edit, on=value_ns is not None)
    return box, edit


def _duration_line(layout: QGridLayout, row: int, title: str, value_ns: int | None) -> tuple[QCheckBox, QDoubleSpinBox]:
    box = QCheckBox(title)
    edit = QDoubleSpinBox()
    edit.setDecimals(3)
    edit.setRange(0, _LONGEST_S)
    edit.setSuffix(" s")
    edit.setValue((value_ns or _S) / _S)
    edit.setAccessibleName(title)
    _pair(layout, row, box, edit, on=value_ns is not None)
    return box, edit


def _pair(layout: QGridLayout, row: int, box: QCheckBox, edit: QWidget, *, on: bool) -> None:
    box.setChecked(on)
    edit.setEnabled(on)
    box.toggled.connect(edit.setEnabled)
    layout.addWidget(box, row, 0)
    layout.addWidget(edit, row, 1)

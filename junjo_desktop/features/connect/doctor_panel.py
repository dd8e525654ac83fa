"""The connection doctor on screen: totals, then findings by topic, kept up to date while they are looked at."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.features.connect.findings_view import FindingsSection
from junjo_desktop.receiver.diagnosis import Topic, diagnose_by_topic
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.figures import bytes_text, count_text, counted

_AGE_MS = 1000
_QUIET: dict[Topic, str] = {
    "Listening": "Nothing listens.",
    "Received": "Nothing yet.",
    "Refused": "Nothing was refused.",
    "Indexing": "Everything received is stored.",
}


class DoctorPanel(QWidget):
    """Shows the newest report; "12 s ago" grows older by itself. `facts` has the totals, to be placed by the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: IntakeReport | None = None
        self.facts = FactsLine()
        self._sections: dict[Topic, FindingsSection] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        for topic, quiet in _QUIET.items():
            self._sections[topic] = FindingsSection(topic, quiet, self)
            layout.addWidget(self._sections[topic])
        self._ageing = QTimer(self)
        self._ageing.setInterval(_AGE_MS)
        self._ageing.timeout.connect(self._refresh)

    def show_report(self, report: IntakeReport) -> None:
        """Show what this report says."""
        self._report = report
        self.facts.set_facts(_facts(report))
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        self._ageing.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ageing.stop()

    def _refresh(self) -> None:
        if self._report is not None:
            for topic, findings in diagnose_by_topic(self._report):
                self._sections[topic].show_findings(findings)


def _facts(report: IntakeReport) -> tuple[Fact, ...]:
    return (
        Fact("Requests", count_text(report.requests), "Accepted since the app started"),
        Fact("Spans", count_text(report.spans), "Received since the app started"),
        Fact("Log records", count_text(report.log_records), "Received since the app started"),
        Fact("Metrics", count_text(report.metrics), "Received since the app started"),
        Fact("Waiting", count_text(report.waiting), "Safely received and not yet indexed"),
        Fact("Stored", f"{counted(report.stored_spans, 'span')} · {bytes_text(report.store_bytes)}"),
    )

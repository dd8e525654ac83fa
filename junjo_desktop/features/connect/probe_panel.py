"""Sends a test span and shows how far it came, step by step, without ever blocking the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from junjo_desktop.errors import UserError
from junjo_desktop.features.connect.findings_view import FindingsSection
from junjo_desktop.features.connect.probe import Outcome, Probe
from junjo_desktop.receiver.diagnosis import Finding, Severity
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.workbench import Workbench


class ProbePanel(QWidget):
    """Hidden until a probe runs. `finished` comes when it has passed every step or failed one."""

    finished = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = workbench.worker(self, self._take, self._fail)
        self._waiting: list[tuple[str, Callable[[], Outcome]]] = []
        self._running = ""
        self._probe: Probe | None = None
        self._trace_id = ""
        self._findings: list[Finding] = []
        self._section = FindingsSection("Test span", parent=self)
        self._open = QPushButton("Open the trace", self)
        self._open.clicked.connect(self._open_trace)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._section)
        row = QVBoxLayout()
        row.setContentsMargins(23, 0, 0, 0)
        row.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(row)
        self.hide()
        workbench.closing.connect(self.give_up)

    @property
    def busy(self) -> bool:
        """Whether a probe is on its way."""
        return bool(self._running)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known of the newest probe, for a report."""
        return tuple(self._findings)

    def run(self, probe: Probe) -> None:
        """Send this span now; a probe that is still on its way is forgotten."""
        self._probe = probe
        self._waiting = list(probe.steps)
        self._trace_id = probe.trace_id
        self._findings.clear()
        self._open.hide()
        self.show()
        self._next()

    def give_up(self) -> None:
        """End a probe that is on its way, and say nothing of it any more."""
        self._worker.cancel()
        if self._probe is not None:
            self._probe.cancel()

    def refuse(self, title: str, next_step: str) -> None:
        """Say why no span can be sent."""
        self._worker.cancel()
        self._open.hide()
        self.show()
        self._findings = [Finding("error", title, next_step=next_step)]
        self._finish()

    def _next(self) -> None:
        self._running, step = self._waiting.pop(0)
        self._section.show_findings([*self._findings, Finding("info", f"{self._running} …")])
        self._worker.submit(step)

    def _take(self, outcome: Outcome) -> None:
        severity: Severity = "ok" if outcome.passed else "error"
        title = self._running if outcome.passed else f"Not {self._running.lower()}"
        self._findings.append(Finding(severity, f"{title}. {outcome.detail}", next_step=outcome.next_step))
        if outcome.passed and self._waiting:
            self._next()
            return
        self._open.setVisible(outcome.passed)
        self._finish()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._findings.append(Finding("error", error.message, next_step=error.hint))
        else:
            self._findings.append(Finding("error", f"{self._running}: the test itself failed.", type(error).__name__))
            self._workbench.report_error(error)
        self._finish()

    def _finish(self) -> None:
        self._running = ""
        self._waiting.clear()
        self._section.show_findings(self._findings)
        self.finished.emit()

    def _open_trace(self) -> None:
        self._workbench.open(OpenTrace(self._trace_id))

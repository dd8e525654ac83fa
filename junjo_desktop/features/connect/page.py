"""The Connect page: at the left what to put into a program, at the right how receiving goes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from junjo_desktop.features.connect.doctor_panel import DoctorPanel
from junjo_desktop.features.connect.known_keys import KnownKeys, create_known_key, load_known_keys
from junjo_desktop.features.connect.probe import Probe
from junjo_desktop.features.connect.probe_panel import ProbePanel
from junjo_desktop.features.connect.snippet_panel import SnippetPanel
from junjo_desktop.receiver.diagnosis import diagnose, findings_text
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.page_header import PageHeader
from junjo_desktop.widgets.scroll_column import ScrollColumn

_SIDE_BY_SIDE_PX = 860
_DOCTOR_PX = 300
_OTLP = "OTLP/gRPC"


class ConnectPage(Page):
    """Snippets, listening ports, connection doctor, test span."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._keys = workbench.worker(self, self._take_keys)
        self._reports = workbench.worker(self, self._take_report)
        self._known = KnownKeys()
        self._report: IntakeReport | None = None
        self.snippets = SnippetPanel(self)
        self.doctor = DoctorPanel(self)
        self.probe = ProbePanel(workbench, self)
        self._build()
        self._connect()
        if workbench.intake is not None:
            self._take_report(workbench.intake)
        self.activated()

    def activated(self) -> None:
        self._load_keys()
        self._load_report()

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("connect.copy_snippet", "Copy the snippet", self._copy_snippet, group="Connect", icon="copy"),
            Command("connect.test_span", "Send a test span", self.send_test_span, group="Connect", icon="connect"),
            Command("connect.copy_report", "Copy the doctor's report", self._copy.copy, group="Connect", icon="copy"),
        )

    def save_state(self, state: QSettings) -> None:
        state.setValue("splitter", self._splitter.saveState())
        self.snippets.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        saved = state.value("splitter")
        if isinstance(saved, QByteArray):
            self._splitter.restoreState(saved)
        self.snippets.restore_state(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _SIDE_BY_SIDE_PX
        self._splitter.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def send_test_span(self) -> None:
        """Send one real span through our own port and show how far it comes."""
        report = self._report
        port = _first_port(report)
        if report is None or port is None:
            self.probe.refuse("No port for OTLP/gRPC is open.", "See below which ports could not be opened, and why.")
        elif report.keys_required and self._known.secret is None:
            self.probe.refuse("The test span would need a key whose secret is known.", "Create a new key at the left.")
        else:
            key = self._known.secret if report.keys_required else None
            self.probe.run(Probe(self._workbench.backend, port, key))
            self._test.setEnabled(False)

    def report_text(self) -> str:
        """The doctor's findings as text; it holds no secret."""
        findings = () if self._report is None else diagnose(self._report)
        return findings_text((*self.probe.findings, *findings))

    def _build(self) -> None:
        self._header = PageHeader("Connect", self)
        self._copy = CopyButton(self.report_text, label="Copy report", name="Copy the doctor's report", parent=self)
        self._test = QPushButton("Send a test span", self)
        for button in (self._copy, self._test):
            self._header.add_action(button)
        column = ScrollColumn("Connection doctor", parent=self)
        column.setMinimumWidth(_DOCTOR_PX)
        column.add(self.probe)
        column.add(self.doctor)
        right = QWidget(self)
        stack = QVBoxLayout(right)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.doctor.facts)
        stack.addWidget(column, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.snippets)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes([720, 480])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self._splitter, 1)

    def _connect(self) -> None:
        self._test.clicked.connect(self.send_test_span)
        self.probe.finished.connect(self._enable_test)
        self.snippets.traces_wanted.connect(self._open_traces)
        self.snippets.key_choice.key_chosen.connect(self._load_keys)
        self.snippets.key_choice.new_key_wanted.connect(self._create_key)
        self._workbench.intake_changed.connect(self._take_report)
        self._workbench.settings_changed.connect(self.activated)

    def _load_keys(self, wanted: str = "") -> None:
        self._keys.submit(partial(load_known_keys, self._workbench.backend.api_keys, wanted or self._known.chosen))

    def _create_key(self) -> None:
        self._keys.submit(partial(create_known_key, self._workbench.backend.api_keys))

    def _take_keys(self, known: KnownKeys) -> None:
        self._known = known
        self._show_keys()

    def _load_report(self) -> None:
        self._reports.submit(self._workbench.backend.report)

    def _take_report(self, report: IntakeReport) -> None:
        self._report = report
        self.doctor.show_report(report)
        self._header.show_tags(_tags(report))
        self.snippets.show_port(_first_port(report) or self._workbench.backend.settings.otlp_ports[0])
        self._show_keys()

    def _show_keys(self) -> None:
        required = self._report is None or self._report.keys_required
        self.snippets.show_keys(self._known, required=required)

    def _enable_test(self) -> None:
        self._test.setEnabled(True)

    def _copy_snippet(self) -> None:
        self.snippets.copy()

    def _open_traces(self) -> None:
        self._workbench.open(OpenTraces())


def _first_port(report: IntakeReport | None) -> int | None:
    listeners = () if report is None else report.listeners
    return next((one.port for one in listeners if one.purpose == _OTLP and one.error is None), None)


def _tags(report: IntakeReport) -> list[tuple[str, Role]]:
    tags: list[tuple[str, Role]] = []
    if _first_port(report) is None:
        tags.append(("not listening", "error"))
    closed = sum(1 for listener in report.listeners if listener.error is not None)
    if closed:
        tags.append((f"{counted(closed, 'port')} not open", "warning"))
    refused = sum(refusal.count for refusal in report.refusals)
    if refused:
        tags.append((f"{refused:,} refused", "error"))
    return tags or [("listening", "ok")]

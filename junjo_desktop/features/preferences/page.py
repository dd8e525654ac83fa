"""The Preferences page. The theme applies at once; ports and limits apply by a button, and say what came of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from junjo_desktop.background import Latest
from junjo_desktop.errors import UserError
from junjo_desktop.features.preferences.about import about
from junjo_desktop.features.preferences.path_row import PathRow
from junjo_desktop.features.preferences.ports import PortsInput
from junjo_desktop.features.preferences.ports_section import PortsSection
from junjo_desktop.features.preferences.prices_panel import PricesPanel
from junjo_desktop.features.preferences.prices_section import PricesSection
from junjo_desktop.features.preferences.retention_input import RetentionInput
from junjo_desktop.features.preferences.retention_section import RetentionSection
from junjo_desktop.features.preferences.section import Section, wrapped_label
from junjo_desktop.features.preferences.storage_panel import StoragePanel
from junjo_desktop.features.preferences.storage_section import StorageSection
from junjo_desktop.settings import Settings
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.page_header import PageHeader
from junjo_desktop.widgets.scroll_column import ScrollColumn
from junjo_desktop.widgets.segmented import Segmented

_WIDTH_PX = 820
_THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


class PreferencesPage(Page):
    """Ports, theme, storage, retention, files, versions."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._applying = workbench.worker(self, self._take_ports, self._refuse)
        self._theming = workbench.worker(self, self._take_theme, self._refuse)
        self._reporting = workbench.worker(self, self._take_report)
        self._limiting = workbench.worker(self, self._take_limits, self._refuse)
        self.ports = PortsSection(self)
        self.storage = StorageSection(self)
        self.retention = RetentionSection(self)
        self._panel = StoragePanel(workbench, self.storage, self.retention, self)
        self.prices = PricesSection(self)
        self._prices_panel = PricesPanel(workbench, self.prices, self)
        self.theme = Segmented(_THEMES, name="Theme", parent=self)
        self._build()
        self._connect()
        self._show_settings()
        self.activated()

    def activated(self) -> None:
        self._reporting.submit(self._workbench.backend.report)

    def commands(self) -> tuple[Command, ...]:
        choices = [(key, label, partial(self.choose_theme, key)) for key, label in _THEMES]
        return tuple(
            Command(f"preferences.theme.{key}", f"Theme: {label.lower()}", choose, group="Theme")
            for key, label, choose in choices
        )

    def choose_theme(self, theme: str) -> None:
        """Save a theme and have the window show it."""
        self.theme.set_value(theme)
        self._apply(self._theming, replace(self._workbench.backend.settings, theme=theme))

    def about_text(self) -> str:
        """The versions, as a bug report wants them."""
        return "\n".join(f"{name} {version}" for name, version in about())

    def _build(self) -> None:
        self._header = PageHeader("Preferences", self)
        self.notice = NoticeBar(self)
        column = ScrollColumn("Preferences", width_px=_WIDTH_PX, parent=self)
        appearance = Section("Appearance", self)
        appearance.add_row("Theme", self.theme)
        appearance.add_remark("Kept in settings.toml as theme.")
        for section in (
            self.ports,
            self.storage,
            self.retention,
            self.prices,
            appearance,
            self._files(),
            self._about(),
        ):
            column.add(section)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self.notice)
        layout.addWidget(column, 1)

    def _files(self) -> Section:
        folder = self._workbench.backend.data_dir
        section = Section("Files", self)
        self.paths = {
            "Data folder": PathRow(folder.root, "the data folder", folder=True, parent=section),
            "Settings": PathRow(folder.settings, "the settings file", folder=False, parent=section),
            "Log": PathRow(folder.log_file, "the log file", folder=False, parent=section),
        }
        for caption, row in self.paths.items():
            section.add_row(caption, row)
            row.failed.connect(self._say_failed)
        section.add_remark(
            "Telemetry is in telemetry.duckdb, hashes of API keys in state.sqlite3; secrets of keys are in the system "
            "keyring, or in memory when there is none. Another folder is chosen with --data-dir or "
            "JUNJO_DESKTOP_DATA_DIR."
        )
        return section

    def _about(self) -> Section:
        section = Section("About", self)
        versions = wrapped_label(section, "mono")
        versions.setContentsMargins(0, 5, 0, 0)
        versions.setText(" · ".join(f"{name} {version}" for name, version in about()))
        section.add_row("Versions", versions)
        copy = CopyButton(self.about_text, label="Copy versions", name="Copy the versions", parent=section)
        copy.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        section.add_row("", copy)
        return section

    def _connect(self) -> None:
        self.ports.apply_wanted.connect(self._apply_ports)
        self.ports.retry_wanted.connect(self._retry_ports)
        self.ports.changed.connect(self._show_tags)
        self.retention.apply_wanted.connect(self._apply_limits)
        self.retention.changed.connect(self._show_tags)
        self.theme.chosen.connect(self.choose_theme)
        self._workbench.intake_changed.connect(self._take_report)
        self._workbench.settings_changed.connect(self._show_settings)

    def _apply_ports(self, read: PortsInput) -> None:
        settings = replace(
            self._workbench.backend.settings, otlp_ports=read.otlp_ports, validator_port=read.validator_port
        )
        self._apply(self._applying, settings)

    def _apply_limits(self, read: RetentionInput) -> None:
        settings = replace(self._workbench.backend.settings, retention_days=read.days, retention_gb=read.gb)
        self._apply(self._limiting, settings)

    def _retry_ports(self) -> None:
        self._apply(self._applying, self._workbench.backend.settings)

    def _apply(self, worker: Latest[tuple[UserError, ...]], settings: Settings) -> None:
        # One change at a time: each is made from the settings as they are when it is asked for.
        self._set_busy(busy=True)
        worker.submit(partial(self._workbench.backend.apply_settings, settings))

    def _set_busy(self, *, busy: bool) -> None:
        self.ports.set_busy(busy=busy)
        self.retention.set_busy(busy=busy)
        self.theme.setEnabled(not busy)

    def _take_ports(self, problems: tuple[UserError, ...]) -> None:
        self._set_busy(busy=False)
        self.ports.accept(self._workbench.backend.settings)
        if problems:
            sentence = f"{counted(len(problems), 'port')} could not be opened; the others are open."
            self.notice.show_notice(sentence, "warning")
        else:
            self.notice.show_notice("The ports are open.", "ok")
        self._workbench.settings_changed.emit()
        self.activated()

    def _take_limits(self, _problems: tuple[UserError, ...]) -> None:
        self._set_busy(busy=False)
        self.retention.accept(self._workbench.backend.settings)
        self.notice.show_notice("The new limits hold. What they remove goes in the background.", "ok")
        self._workbench.settings_changed.emit()
        self._panel.read()

    def _take_theme(self, _problems: tuple[UserError, ...]) -> None:
        self._set_busy(busy=False)
        self._workbench.settings_changed.emit()

    def _refuse(self, error: Exception) -> None:
        self._set_busy(busy=False)
        self._show_settings()
        if isinstance(error, UserError):
            self.notice.show_notice(str(error), "error")
        else:
            self._workbench.report_error(error)

    def _say_failed(self, sentence: str) -> None:
        self.notice.show_notice(sentence, "warning")

    def _show_settings(self) -> None:
        settings = self._workbench.backend.settings
        self.ports.show_settings(settings)
        self.retention.show_settings(settings)
        self.theme.set_value(settings.theme)

    def _take_report(self, report: IntakeReport) -> None:
        self.ports.show_listeners(report.listeners)

    def _show_tags(self) -> None:
        edited = (("ports", self.ports.is_edited), ("limits", self.retention.is_edited))
        self._header.show_tags([(f"{what} not applied", "warning") for what, is_edited in edited if is_edited])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._panel.begin()
        self._prices_panel.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._panel.end()
        self._prices_panel.end()

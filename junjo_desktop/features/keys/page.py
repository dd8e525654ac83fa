"""The Keys page: the keys that programs send with, and whether one is needed at all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.errors import UserError
from junjo_desktop.features.keys.columns import COLUMNS
from junjo_desktop.features.keys.listing import KeyRow, KeyRows, KeySource, list_key_rows, load_key_rows
from junjo_desktop.features.keys.new_key_panel import NewKeyPanel
from junjo_desktop.features.keys.open_door import OpenDoor
from junjo_desktop.receiver.api_keys import ApiKeys, NewKey
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.widgets.display_text import isolated
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.page_header import PageHeader
from junjo_desktop.widgets.paged_table import PagedTable

_NO_KEYS = "No keys yet. Programs need one to send telemetry here."
_NONE_NEEDED = "No keys. None is needed while telemetry is accepted without one."


class KeysPage(Page):
    """Table of keys; create, copy, revoke; the setting that opens the door to all."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._listing = workbench.worker(self, self._take_listed, self._refuse_rows)
        self._placing = workbench.worker(self, self._take_rows)
        self._creating = workbench.worker(self, self._take_new, self._refuse_new)
        self._revoking = workbench.worker(self, self._take_revoked)
        self._copying = workbench.worker(self, self._take_secret)
        self._settling = workbench.worker(self, self._take_applied, self._refuse_applied)
        self._reporting = workbench.worker(self, self._take_report)
        self._rows = KeyRows()
        self._nothing = _NO_KEYS
        self._asks_again = False
        self._source: KeySource | None = None
        self._overridden = False
        self._sort = ("created", True)
        self._doomed: KeyRow | None = None
        self._build()
        self._connect()
        self.activated()

    def activated(self) -> None:
        self._asks_again = True
        self.table.setFocus()
        self._reload()
        self._reporting.submit(self._workbench.backend.report)

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("keys.new", "New key", self.new_key.ask, shortcut="N", group="Keys", icon="plus"),
            Command("keys.copy", "Copy secret", self.copy_secret, group="Keys", icon="copy", enabled=self._has_secret),
            Command("keys.revoke", "Revoke key", self.ask_revoke, "Del", "Keys", "trash", self._has_key),
        )

    def save_state(self, state: QSettings) -> None:
        self.table.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        self.table.restore_state(state)

    @property
    def current(self) -> KeyRow | None:
        """The key of the current row."""
        return self._rows.row(self.table.current_id)

    def copy_secret(self) -> None:
        """Copy the secret of the current key, read from where it is kept."""
        if (row := self.current) is not None:
            self._copying.submit(partial(_secret_of, self._workbench.backend.api_keys, row))

    def ask_revoke(self) -> None:
        """Say what revoking the current key means, and ask."""
        if (row := self.current) is None:
            return
        self._doomed = row
        self.notice.show_notice(
            f"Revoke “{isolated(row.name)}” ({row.prefix}…)? Programs that send with it are refused from their next "
            "request on. What they have sent stays. A revoked key cannot be made valid again.",
            "warning",
            (("Revoke", self._revoke), ("Keep", self.notice.dismiss)),
        )

    def _build(self) -> None:
        self._header = PageHeader("Keys", self)
        self._copy = QPushButton("Copy secret", self)
        self._revoke_button = QPushButton("Revoke…", self)
        self._new = QPushButton("New key", self)
        self._new.setProperty("look", "primary")
        for button in (self._copy, self._revoke_button, self._new):
            self._header.add_action(button)
        self.problem = NoticeBar(self)
        self.notice = NoticeBar(self)
        self.new_key = NewKeyPanel(self)
        self.table: PagedTable[KeyRow] = PagedTable(self._workbench, COLUMNS, name="Keys", noun=("new key", "new keys"))
        self.table.empty_state.set_content("Reading the keys …")
        self.table.empty_state.show()
        self.open_door = OpenDoor(self)
        line = QFrame(self)
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._header, self.problem, self.notice, self.new_key):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(line)
        layout.addWidget(self.open_door)

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy_secret)
        self._revoke_button.clicked.connect(self.ask_revoke)
        self._new.clicked.connect(self.new_key.ask)
        self.new_key.name_given.connect(self._create)
        self.new_key.closed.connect(self.table.setFocus)
        self.table.sort_requested.connect(self._sort_by)
        self.table.current_changed.connect(self._show_actions)
        self.table.menu.extend = self._extend_menu
        self.open_door.wanted.connect(self._apply)
        self._workbench.intake_changed.connect(self._take_report)
        self._workbench.settings_changed.connect(self._show_setting)
        self._show_actions()

    def _create(self, name: str) -> None:
        self._creating.submit(partial(self._workbench.backend.api_keys.create, name))

    def _take_new(self, new: NewKey) -> None:
        self.new_key.show_key(new)
        self._reload()

    def _refuse_new(self, error: Exception) -> None:
        self.new_key.refuse(str(error) if isinstance(error, UserError) else "The key could not be made.")
        if not isinstance(error, UserError):
            self._workbench.report_error(error)

    def _revoke(self) -> None:
        if self._doomed is not None:
            self._revoking.submit(partial(self._workbench.backend.api_keys.revoke, self._doomed.id))

    def _take_revoked(self, revoked: object) -> None:
        name = f"“{isolated(self._doomed.name)}”" if self._doomed is not None else "The key"
        self._doomed = None
        self.notice.show_notice(f"{name} is revoked." if revoked else f"{name} had been revoked already.", "ok")
        self._reload()

    def _take_secret(self, found: tuple[str, str | None]) -> None:
        name, secret = found
        if secret is None:
            sentence = f"The secret of “{isolated(name)}” is not kept anywhere. Create a new key and revoke this one."
            self.notice.show_notice(sentence, "warning", (("New key", self.new_key.ask),))
        else:
            QGuiApplication.clipboard().setText(secret)
            self.notice.show_notice(f"The secret of “{isolated(name)}” is on the clipboard.", "ok")

    def _reload(self) -> None:
        # Two steps: the keys are known at once, and where their secrets are when the keyring has answered.
        self._placing.cancel()
        self._listing.submit(partial(list_key_rows, self._workbench.backend.api_keys, self._rows.places))

    def _take_listed(self, rows: KeyRows) -> None:
        self._take_rows(rows)
        if self._asks_again or not rows.is_complete:
            # A keyring may have been unlocked since the page was last looked at.
            known = {} if self._asks_again else rows.places
            self._asks_again = False
            self._placing.submit(partial(load_key_rows, self._workbench.backend.api_keys, known))

    def _take_rows(self, rows: KeyRows) -> None:
        same_keys = {row.id for row in rows.rows} == {row.id for row in self._rows.rows}
        self._rows = rows
        self._say_nothing()
        if self._source is None or not same_keys:
            self._show_rows()
        else:
            self._source.update(rows.rows)
            self.table.refresh()
        if rows.problem is None:
            self.problem.hide()
        elif rows.problem != self.problem.text:
            self.problem.show_notice(rows.problem, "warning")
        self._show_actions()

    def _refuse_rows(self, error: Exception) -> None:
        if self._source is None:
            self.table.empty_state.set_content("The keys could not be read.", "Try again", self.activated)
        self._workbench.report_error(error)

    def _say_nothing(self) -> None:
        if self._nothing != self.table.empty_state.sentence:
            self.table.empty_state.set_content(self._nothing, "New key", self.new_key.ask, "keys")

    def _show_rows(self) -> None:
        key, descending = self._sort
        self._source = KeySource(self._rows.rows, key, descending=descending)
        self.table.set_source(self._source, sort_key=key, descending=descending)

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        self._show_rows()

    def _has_key(self) -> bool:
        return self.current is not None

    def _has_secret(self) -> bool:
        return self.current is not None and self.current.kept not in ("not kept", "looking …")

    def _show_actions(self) -> None:
        self._copy.setEnabled(self._has_secret())
        self._revoke_button.setEnabled(self._has_key())

    def _extend_menu(self, menu: QMenu, _key_id: object) -> None:
        copy = menu.addAction("Copy secret", self.copy_secret)
        copy.setEnabled(self._has_secret())
        menu.addAction("Revoke…", self.ask_revoke)

    def _take_report(self, report: IntakeReport) -> None:
        self._nothing = _NO_KEYS if report.keys_required else _NONE_NEEDED
        if self._source is not None:
            self._say_nothing()
        self._header.show_tags([] if report.keys_required else [("open without a key", "warning")])
        self._overridden = not report.keys_required and not self._workbench.backend.settings.accept_without_key
        self._show_setting()
        if self.isVisible():
            self._reload()

    def _show_setting(self) -> None:
        accepts = self._workbench.backend.settings.accept_without_key
        self.open_door.show_setting(accepts=accepts, overridden=self._overridden)

    def _apply(self, accepts: bool) -> None:
        settings = replace(self._workbench.backend.settings, accept_without_key=accepts)
        self._settling.submit(partial(self._workbench.backend.apply_settings, settings))

    def _take_applied(self, problems: tuple[UserError, ...]) -> None:
        self._workbench.settings_changed.emit()
        self._reporting.submit(self._workbench.backend.report)
        for problem in problems:
            self.notice.show_notice(str(problem), "warning")

    def _refuse_applied(self, error: Exception) -> None:
        self._show_setting()
        self._workbench.report_error(error)


def _secret_of(api_keys: ApiKeys, row: KeyRow) -> tuple[str, str | None]:
    return row.name, api_keys.secret_of(row.id)

"""Retention: how old and how large telemetry may become. What new limits would remove is said before they apply."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from junjo_desktop.features.preferences.limit_field import LimitField
from junjo_desktop.features.preferences.retention_input import RetentionInput, gb_text, read_retention
from junjo_desktop.features.preferences.section import Section, wrapped_label
from junjo_desktop.settings import Settings
from junjo_desktop.shell.stars import KEPT_WORDS

_REMARK = (
    f"Oldest traces go first, whole ones only, in the background; 0 is no limit. {KEPT_WORDS}. "
    "Kept in settings.toml as retention_days and retention_gb."
)
_TYPING_MS = 250


class RetentionSection(Section):
    """`preview_wanted` and `apply_wanted` carry a `RetentionInput` that can be used."""

    preview_wanted = Signal(object)
    apply_wanted = Signal(object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Retention", parent)
        self._settings = Settings()
        self._is_busy = False
        self._previewed: RetentionInput | None = None
        self.days = LimitField("Keep telemetry for this many days", "days", self)
        self.gb = LimitField("Keep at most this many gigabytes", "GB", self)
        self.next = wrapped_label(self, "")
        self.preview = wrapped_label(self, "")
        self.apply = QPushButton("Apply", self)
        self.revert = QPushButton("Revert", self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TYPING_MS)
        self._build()
        self._connect()
        self._fill()
        self._check()

    @property
    def is_edited(self) -> bool:
        """Whether limits stand here that are not in force."""
        return self._read() != RetentionInput(self._settings.retention_days, self._settings.retention_gb, "", "")

    def show_settings(self, settings: Settings) -> None:
        """Show these limits; what was typed and not applied is kept."""
        edited = self.is_edited
        self._settings = settings
        if not edited:
            self._fill()
        self._check()

    def accept(self, settings: Settings) -> None:
        """Show these limits, which were just applied."""
        self._settings = settings
        self.put_back()

    def put_back(self) -> None:
        """Put the limits in force back into the fields."""
        self._fill()
        self._check()

    def show_next(self, sentence: str) -> None:
        """Say what retention removes next by the limits in force."""
        self.next.setText(sentence)

    def show_preview(self, read: RetentionInput, sentence: str, *, removes: bool) -> None:
        """Say what these limits would remove; they can be applied now. Other limits than those typed are ignored.

        `removes`: something goes as soon as they hold.
        """
        if read == self._read():
            self._previewed = read
            self._say_preview(sentence, "warning" if removes else "")
            self._show_buttons(read)

    def ask_preview(self) -> None:
        """Ask what the typed limits would remove."""
        read = self._read()
        if read.usable and self.is_edited:
            self.preview_wanted.emit(read)

    def set_busy(self, *, busy: bool) -> None:
        """Nothing can be applied while settings are saved."""
        self._is_busy = busy
        self._show_buttons(self._read())

    def _build(self) -> None:
        self.add_row("Remove after", self.days)
        self.add_row("Keep at most", self.gb)
        self.add_row("Next", self.next)
        self.next.setContentsMargins(0, 5, 0, 0)
        self.next.setText("…")
        self.add_remark(_REMARK)
        self.preview.hide()
        self._buttons = QWidget(self)
        line = QHBoxLayout(self._buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.apply.setProperty("look", "primary")
        for button in (self.apply, self.revert):
            line.addWidget(button)
        line.addStretch(1)
        self.add_row("", self.preview)
        self.add_row("", self._buttons)

    def _connect(self) -> None:
        for field in (self.days, self.gb):
            field.edited.connect(self._check)
            field.submitted.connect(self._apply)
        self.apply.clicked.connect(self._apply)
        self.revert.clicked.connect(self.put_back)
        self._soon.timeout.connect(self.ask_preview)

    def _fill(self) -> None:
        self.days.field.setText(str(self._settings.retention_days))
        self.gb.field.setText(gb_text(self._settings.retention_gb))

    def _read(self) -> RetentionInput:
        return read_retention(self.days.text, self.gb.text)

    def _check(self) -> None:
        read = self._read()
        self.days.show_state(read.days_problem, is_off=read.days == 0)
        self.gb.show_state(read.gb_problem, is_off=read.gb == 0)
        if read != self._previewed:
            self._previewed = None
            self._say_preview("Counting what these limits remove …", "dim")
            self._soon.start()
        self._show_buttons(read)
        self.changed.emit()

    def _say_preview(self, sentence: str, look: str) -> None:
        self.preview.setText(sentence)
        if self.preview.property("look") != look:
            self.preview.setProperty("look", look)
            self.preview.style().polish(self.preview)

    def _show_buttons(self, read: RetentionInput) -> None:
        edited = self.is_edited
        self.preview.setVisible(edited and read.usable)
        self._buttons.setVisible(edited)
        # What goes is said before it goes.
        self.apply.setEnabled(edited and read == self._previewed and not self._is_busy)
        self.apply.setText("Applying…" if self._is_busy else "Apply")
        self.revert.setEnabled(not self._is_busy)

    def _apply(self) -> None:
        if self.apply.isEnabled():
            self.apply_wanted.emit(self._read())

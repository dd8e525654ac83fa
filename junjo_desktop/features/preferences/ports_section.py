"""The ports: a list for OTLP, one for the key validator, checked while typing, applied together."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.features.preferences.port_field import PortField
from junjo_desktop.features.preferences.ports import PortsInput, read_ports
from junjo_desktop.features.preferences.section import Section
from junjo_desktop.settings import Settings
from junjo_desktop.telemetry.intake import Listener
from junjo_desktop.theme.icons import icon

_OTLP = "OTLP/gRPC"
_REMARK = (
    "Open on 127.0.0.1 only; 0 takes any free port. Kept in settings.toml as otlp_ports and validator_port. "
    "SDKs look for 26155 (Junjo), 50051 (older Junjo) and 4317 (OpenTelemetry)."
)


class PortsSection(Section):
    """`apply_wanted` carries a `PortsInput` that can be applied; `retry_wanted` asks to open the same ports again."""

    apply_wanted = Signal(object)
    retry_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Receiving", parent)
        self._settings = Settings()
        self._listeners: tuple[Listener, ...] = ()
        self.fields: list[PortField] = []
        self.validator = PortField("Port of the key validator", removable=False, parent=self)
        self._build()
        self._fill()

    @property
    def is_edited(self) -> bool:
        """Whether something stands here that is not applied."""
        typed = [field.text.strip() for field in self.fields]
        saved = [str(port) for port in self._settings.otlp_ports]
        return typed != saved or self.validator.text.strip() != str(self._settings.validator_port)

    def show_settings(self, settings: Settings) -> None:
        """Show these ports; what was typed and not applied is kept."""
        edited = self.is_edited
        self._settings = settings
        if not edited:
            self._fill()
        self._check()

    def show_listeners(self, listeners: tuple[Listener, ...]) -> None:
        """Show which ports are open."""
        self._listeners = listeners
        self._check()

    def revert(self) -> None:
        """Put the ports in force back into the fields."""
        self._fill()
        self._check()

    def accept(self, settings: Settings) -> None:
        """Show these ports, which were just applied."""
        self._settings = settings
        self.revert()

    def set_busy(self, *, busy: bool) -> None:
        """Nothing can be applied while the ports are being opened."""
        self._apply.setText("Applying…" if busy else "Apply")
        self._apply.setEnabled(not busy)
        self._retry.setEnabled(not busy)

    def add_port(self) -> PortField:
        """Add an empty field for one more OTLP port, and put the cursor there."""
        field = self._add_field("")
        self._check()
        field.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return field

    def apply(self) -> None:
        """Apply what stands here, if it can be."""
        read = self._check()
        if read.usable and self.is_edited:
            self.apply_wanted.emit(read)

    def _build(self) -> None:
        otlp = QWidget(self)
        self._places = QVBoxLayout(otlp)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(6)
        self._add = QPushButton("Add port", otlp)
        self._add.setIcon(icon("plus"))
        self._places.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_row("OTLP over gRPC", otlp)
        self.add_row("Key validator", self.validator)
        self.overruled = self.add_remark("")
        self.overruled.hide()
        self.add_remark(_REMARK)
        self._buttons = buttons = QWidget(self)
        line = QHBoxLayout(buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._apply = QPushButton("Apply", buttons)
        self._apply.setProperty("look", "primary")
        self._revert = QPushButton("Revert", buttons)
        self._retry = QPushButton("Try again", buttons)
        self._retry.setToolTip("Try to open the ports that are not open")
        for button in (self._apply, self._revert, self._retry):
            line.addWidget(button)
        line.addStretch(1)
        self.add_row("", buttons)
        self._add.clicked.connect(self.add_port)
        self._apply.clicked.connect(self.apply)
        self._revert.clicked.connect(self.revert)
        self._retry.clicked.connect(self.retry_wanted)
        self.validator.edited.connect(self._check)
        self.validator.submitted.connect(self.apply)

    def _fill(self) -> None:
        for field in self.fields[len(self._settings.otlp_ports) :]:
            self._drop(field)
        for place, port in enumerate(self._settings.otlp_ports):
            field = self.fields[place] if place < len(self.fields) else self._add_field("")
            field.field.setText(str(port))
        self.validator.field.setText(str(self._settings.validator_port))

    def _add_field(self, text: str) -> PortField:
        field = PortField("", removable=True, parent=self)
        field.field.setText(text)
        field.edited.connect(self._check)
        field.submitted.connect(self.apply)
        field.removed.connect(self._remove)
        self.fields.append(field)
        self._places.insertWidget(len(self.fields) - 1, field)
        field.show()
        return field

    def _order_tabs(self) -> None:
        # A field that was added later would be reached last.
        stops = [stop for field in self.fields for stop in field.tab_stops]
        stops += [self._add, *self.validator.tab_stops, self._apply, self._revert, self._retry]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _remove(self, field: PortField) -> None:
        self._drop(field)
        self._check()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, field: PortField) -> None:
        self.fields.remove(field)
        self._places.removeWidget(field)
        field.hide()
        field.deleteLater()

    def _check(self) -> PortsInput:
        read = read_ports([field.text for field in self.fields], self.validator.text)
        self._order_tabs()
        for place, (field, problem) in enumerate(zip(self.fields, read.otlp_problems, strict=True)):
            field.rename(f"OTLP port {place + 1}")
            field.set_removable(len(self.fields) > 1)
            field.show_problem(problem)
        self.validator.show_problem(read.validator_problem)
        self._show_states()
        edited = self.is_edited
        self._apply.setVisible(edited)
        self._apply.setEnabled(read.usable)
        self._revert.setVisible(edited)
        self._retry.setVisible(not edited and any(listener.error for listener in self._listeners))
        self._buttons.setHidden(all(button.isHidden() for button in (self._apply, self._revert, self._retry)))
        self.changed.emit()
        return read

    def _show_states(self) -> None:
        otlp = [listener for listener in self._listeners if listener.purpose == _OTLP]
        others = [listener for listener in self._listeners if listener.purpose != _OTLP]
        matches = len(otlp) == len(self._settings.otlp_ports) and all(
            wanted in (0, listener.port) for wanted, listener in zip(self._settings.otlp_ports, otlp, strict=True)
        )
        for place, field in enumerate(self.fields):
            saved = self._settings.otlp_ports[place] if place < len(self._settings.otlp_ports) else None
            known = matches and field.text.strip() == str(saved)
            field.show_listener(otlp[place] if known else None)
        validator = others[0] if others and self._settings.validator_port in (0, others[0].port) else None
        same = self.validator.text.strip() == str(self._settings.validator_port)
        self.validator.show_listener(validator if same else None)
        self._show_overruled(matches or not otlp, otlp)

    def _show_overruled(self, agrees: bool, otlp: list[Listener]) -> None:
        ports = ", ".join(str(listener.port) for listener in otlp)
        self.overruled.setText(f"This run was started with other OTLP ports on the command line: {ports}.")
        self.overruled.setHidden(agrees)

"""Storage: what is stored, what it takes on disk, and how to make it less."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from junjo_desktop.features.preferences.file_parts import parts_of
from junjo_desktop.features.preferences.file_table import FileTable
from junjo_desktop.features.preferences.queries import ServiceSizes
from junjo_desktop.features.preferences.section import Section, wrapped_label
from junjo_desktop.features.preferences.storage_words import facts
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import bytes_text, counted

if TYPE_CHECKING:
    from junjo_desktop.store.statistics import StorageReport

_FACT_COLUMNS = 2
_GAP_PX = 20
_LONGEST = 48
_WORTH_GIVING_BYTES = 1_000_000


class StorageSection(Section):
    """`deletion_wanted` carries a service's name, or None for everything; the others say what their buttons say."""

    deletion_wanted = Signal(object)
    old_deletion_wanted = Signal()
    give_back_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Storage", parent)
        self._is_busy = False
        self._reclaimable_bytes = 0
        self._is_anything_stored = False
        self.state = wrapped_label(self, "dim")
        self.state.setText("Reading what is stored …")
        self.retry = QPushButton("Try again", self)
        self.files = FileTable(self)
        self.room = wrapped_label(self, "")
        self.give_back = QPushButton("Give space back now", self)
        self.delete_old = QPushButton("Delete older than…", self)
        self.delete_service = QPushButton("Delete a service…", self)
        self.delete_all = QPushButton("Delete everything…", self)
        self._services = QMenu(self.delete_service)
        self._facts: dict[str, QLabel] = {}
        self._build()
        self._connect()
        self._show_loaded(loaded=False)

    @property
    def facts(self) -> dict[str, str]:
        """What is counted, by caption."""
        return {caption: value.text() for caption, value in self._facts.items()}

    @property
    def service_entries(self) -> list[str]:
        """What the menu of services offers."""
        return [action.text() for action in self._services.actions()]

    def show_report(self, report: StorageReport) -> None:
        """Show what is stored."""
        self.files.show_parts(parts_of(report))
        self._show_facts(facts(report))
        self._reclaimable_bytes = report.reclaimable_bytes
        self._is_anything_stored = bool(report.spans or report.logs or report.metrics)
        self.room.setText(f"{bytes_text(report.reclaimable_bytes)} within telemetry.duckdb, used again for what comes.")
        for widget in (self.state, self.retry, self._state_caption):
            widget.hide()
        self._show_loaded(loaded=True)
        self._show_buttons()

    def show_error(self, sentence: str) -> None:
        """Say why nothing can be shown; what was shown before stays."""
        self.state.setText(f"What is stored could not be read. {sentence}")
        for widget in (self.state, self.retry, self._state_caption):
            widget.show()

    def show_services(self, services: ServiceSizes) -> None:
        """Offer these services for deletion."""
        self._services.clear()
        for service in services.shown:
            name = isolated(one_line(service.service_name, _LONGEST)).replace("&", "&&")
            size = counted(service.spans, "span") if service.spans else counted(service.logs + service.metrics, "item")
            action = self._services.addAction(f"{name} · {size}")
            action.triggered.connect(partial(self.deletion_wanted.emit, service.service_name))
        others = services.total - len(services.shown)
        if others > 0:
            self._services.addAction(f"{others:,} more: choose one in Traces").setEnabled(False)
        self._show_buttons()

    def set_busy(self, *, busy: bool) -> None:
        """Nothing else can be begun while something is deleted."""
        self._is_busy = busy
        self._show_buttons()

    def _build(self) -> None:
        state = QWidget(self)
        line = QHBoxLayout(state)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.state, 1)
        line.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        self.retry.hide()
        self._state_caption = self.add_row("State", state)
        captions = [self.add_row("Files", self.files)]
        self._grid_box = QWidget(self)
        self._grid = QGridLayout(self._grid_box)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(2, _GAP_PX)
        self._grid.setColumnStretch(3 * _FACT_COLUMNS - 2, 1)
        captions.append(self.add_row("Stored", self._grid_box))
        self._room_row = _line(self, self.room, self.give_back)
        self._room_caption = self.add_row("Free room", self._room_row)
        self.delete_service.setMenu(self._services)
        self._delete_row = _line(self, self.delete_old, self.delete_service, self.delete_all)
        captions.append(self.add_row("Delete", self._delete_row))
        self._loaded = (*captions, self.files, self._grid_box, self._delete_row)

    def _connect(self) -> None:
        self.give_back.setToolTip("Give what deletions have freed back to the disk; it can be stopped any time")
        self.give_back.clicked.connect(self.give_back_wanted)
        self.delete_old.clicked.connect(self.old_deletion_wanted)
        self.delete_all.clicked.connect(self._want_all)
        self.retry.clicked.connect(self.retry_wanted)

    def _want_all(self) -> None:
        self.deletion_wanted.emit(None)

    def _show_loaded(self, *, loaded: bool) -> None:
        for widget in self._loaded:
            widget.setVisible(loaded)
        has_room = loaded and self._reclaimable_bytes >= _WORTH_GIVING_BYTES
        self._room_row.setVisible(has_room)
        self._room_caption.setVisible(has_room)

    def _show_buttons(self) -> None:
        free = not self._is_busy
        self.give_back.setEnabled(free)
        for button in (self.delete_old, self.delete_all):
            button.setEnabled(free and self._is_anything_stored)
        self.delete_service.setEnabled(free and not self._services.isEmpty())

    def _show_facts(self, shown: tuple[tuple[str, str], ...]) -> None:
        if tuple(self._facts) != tuple(caption for caption, _ in shown):
            self._build_facts([caption for caption, _ in shown])
        for caption, value in shown:
            self._facts[caption].setText(value)

    def _build_facts(self, captions: list[str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._facts = {}
        rows = -(-len(captions) // _FACT_COLUMNS)
        for place, caption in enumerate(captions):
            column, row = divmod(place, rows)
            label, value = QLabel(caption, self._grid_box), QLabel(self._grid_box)
            label.setProperty("look", "dim")
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, row, 3 * column)
            self._grid.addWidget(value, row, 3 * column + 1)
            self._facts[caption] = value


def _line(parent: QWidget, *widgets: QWidget) -> QWidget:
    row = QWidget(parent)
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    for widget in widgets:
        line.addWidget(widget, 1 if isinstance(widget, QLabel) else 0)
    if not any(isinstance(widget, QLabel) for widget in widgets):
        line.addStretch(1)
    return row

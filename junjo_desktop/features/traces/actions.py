"""What can be done with the selected traces and with the chosen service: star, compare, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QComboBox, QMenu

from junjo_desktop.errors import UserError
from junjo_desktop.features.traces.comparing import TraceComparing
from junjo_desktop.features.traces.listings import TraceRow
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.deletion_words import DeletionRequest, many_traces, one_trace, whole_service
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import NotedPlace
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.paged_table import PagedTable

_GROUP = "Traces"
_MOST_STARRED = 1_000
_LONGEST = 40


class TraceActions(QObject):
    """Serves the context menus and the commands of the page. `service` returns the service the list is narrowed to."""

    def __init__(
        self, workbench: Workbench, table: PagedTable[TraceRow], service: Callable[[], str | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._table = table
        self._service = service
        self._comparing = TraceComparing(workbench, table, self)
        table.menu.extend = self._extend_menu

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the traces that are selected and the service that is chosen."""
        chosen = self._is_any_chosen
        return (
            Command("traces.star", "Star, or remove the star", self.toggle_star, "S", _GROUP, "star", chosen),
            Command("traces.note", "Tags and note…", self.edit_note, "J", _GROUP, "note", chosen),
            Command("traces.delete", "Delete selected traces…", self.delete_selected, "Del", _GROUP, "trash", chosen),
            Command(
                "traces.delete_service",
                "Delete telemetry of the chosen service…",
                self.delete_chosen_service,
                "",
                _GROUP,
                "trash",
                self._is_service_chosen,
            ),
            *self._comparing.commands(),
        )

    def serve(self, services: QComboBox) -> None:
        """Give the box of services a context menu."""
        services.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        services.customContextMenuRequested.connect(partial(self._show_service_menu, services))

    def toggle_star(self) -> None:
        """Star the selected traces, or take the star from all of them when each has one."""
        selected = self._table.selected()
        if len(selected) > _MOST_STARRED:
            self._workbench.report_error(
                UserError(f"{len(selected):,} traces are selected.", f"Star {_MOST_STARRED:,} at a time at most.")
            )
        else:
            self._workbench.stars.toggle(selected)

    def edit_note(self) -> None:
        """Ask what is to be written on the selected trace; several are given tags."""
        selected = self._table.selected()
        if len(selected) > _MOST_STARRED:
            self._workbench.report_error(
                UserError(f"{len(selected):,} traces are selected.", f"Tag {_MOST_STARRED:,} at a time at most.")
            )
            return
        # Loaded only now: nothing of it is needed to start.
        from junjo_desktop.shell.note_dialog import edit_note

        places = [NotedPlace(trace_id) for trace_id in selected]
        row = self._table.model.known_row(places[0].trace_id) if places else None
        if places:
            edit_note(self._workbench.notes, places, "" if row is None else row.name, self._table)

    def delete_selected(self) -> None:
        """Ask whether to delete the selected traces."""
        selected = self._table.selected()
        if len(selected) == 1:
            (trace_id,) = selected
            row = self._table.model.known_row(trace_id)
            self._ask(one_trace(trace_id, "" if row is None else row.name))
        elif selected:
            self._ask(many_traces(len(selected), selected))

    def delete_chosen_service(self) -> None:
        """Ask whether to delete what the service sent that the list is narrowed to."""
        service = self._service()
        if service is not None:
            self.delete_service(service)

    def delete_service(self, service: str) -> None:
        """Ask whether to delete what a service sent."""
        self._ask(whole_service(service))

    def _ask(self, request: DeletionRequest) -> None:
        # Loaded only now: nothing of it is needed to start.
        from junjo_desktop.shell.deletion_dialog import ask_deletion

        ask_deletion(self._workbench, request, self._table)

    def _is_any_chosen(self) -> bool:
        return self._table.view.selectionModel().hasSelection()

    def _is_service_chosen(self) -> bool:
        return self._service() is not None

    def _extend_menu(self, menu: QMenu, trace_id: str) -> None:
        selected = self._table.selected()
        are_starred = len(selected) <= _MOST_STARRED and self._workbench.stars.ids.issuperset(selected)
        menu.addAction(icon("star"), "Remove star" if are_starred else "Star", self.toggle_star)
        menu.addAction(icon("note"), "Tags and note…\tJ" if len(selected) == 1 else "Add tags…\tJ", self.edit_note)
        self._comparing.extend_menu(menu)
        what = "trace" if len(selected) == 1 else counted(len(selected), "trace")
        menu.addAction(icon("trash"), f"Delete {what}…", self.delete_selected)
        row = self._table.model.known_row(trace_id)
        if row is not None and len(selected) == 1:
            self._add_service(menu, row.service_name)

    def _add_service(self, menu: QMenu, service: str) -> None:
        name = isolated(one_line(service, _LONGEST)).replace("&", "&&")
        action = menu.addAction(icon("trash"), f"Delete telemetry of {name}…")
        action.triggered.connect(partial(self.delete_service, service))

    def _show_service_menu(self, services: QComboBox, position: QPoint) -> None:
        service = self._service()
        if service is not None:
            menu = QMenu(services)
            self._add_service(menu, service)
            menu.exec(services.mapToGlobal(position))
            menu.deleteLater()

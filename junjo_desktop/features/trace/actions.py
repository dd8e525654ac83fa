"""What can be done with the trace that is shown: star, compare, delete, delete what its service sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.trace.header import TraceHeader
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.deletion_words import DeletionRequest, one_trace, whole_service
from junjo_desktop.shell.destinations import CompareTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line

_GROUP = "Trace"
_LONGEST = 40


class TraceActions(QObject):
    """Serves the star and the menu of the header, and the commands. `head` returns the trace that is shown."""

    def __init__(self, workbench: Workbench, header: TraceHeader, head: Callable[[], TraceHead | None]) -> None:
        super().__init__(header)
        self._workbench = workbench
        self._header = header
        self._head = head
        self.menu = QMenu(header)
        self.extend_menu: Callable[[QMenu], None] | None = None
        """Adds what others can do with the trace."""
        header.more.setMenu(self.menu)
        self.menu.aboutToShow.connect(self._fill)
        header.star.clicked.connect(self.toggle_star)
        workbench.stars.changed.connect(self.refresh)
        self.refresh()

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the trace that is shown."""
        return (
            Command("trace.star", "Star, or remove the star", self.toggle_star, "S", _GROUP, "star", self._is_shown),
            Command(
                "trace.compare_usual",
                "Compare with the usual",
                self.compare_with_usual,
                "U",
                _GROUP,
                "columns",
                self._can_compare,
            ),
            Command("trace.compare", "Compare with …", self.compare, "D", _GROUP, "columns", self._can_compare),
            Command("trace.delete", "Delete this trace…", self.delete_trace, "Del", _GROUP, "trash", self._is_shown),
        )

    def refresh(self) -> None:
        """Show whether the trace that is shown is starred."""
        head = self._head()
        self._header.show_star(None if head is None else head.trace_id in self._workbench.stars)

    def toggle_star(self) -> None:
        """Star the trace, or not."""
        if (head := self._head()) is not None:
            self._workbench.stars.toggle((head.trace_id,))
        self.refresh()

    def compare_with_usual(self) -> None:
        """Show the trace beside the median of its name."""
        if (head := self._head()) is not None:
            self._workbench.open(CompareTraces(head.trace_id))

    def compare(self) -> None:
        """Ask with which other trace of its name it is to be compared."""
        if (head := self._head()) is not None:
            self._workbench.open(CompareTraces(head.trace_id, is_choosing=True))

    def _can_compare(self) -> bool:
        head = self._head()
        return head is not None and self._workbench.can_open(CompareTraces(head.trace_id))

    def delete_trace(self) -> None:
        """Ask whether to delete the trace."""
        if (head := self._head()) is not None:
            self._ask(one_trace(head.trace_id, head.name))

    def delete_service(self, service: str) -> None:
        """Ask whether to delete what a service sent."""
        self._ask(whole_service(service))

    def _is_shown(self) -> bool:
        return self._head() is not None

    def _ask(self, request: DeletionRequest) -> None:
        # Loaded only now: nothing of it is needed to show a trace.
        from junjo_desktop.shell.deletion_dialog import ask_deletion

        ask_deletion(self._workbench, request, self._header)

    def _fill(self) -> None:
        self.menu.clear()
        head = self._head()
        if head is None:
            return
        starred = head.trace_id in self._workbench.stars
        self.menu.addAction(icon("star"), "Remove star\tS" if starred else "Star\tS", self.toggle_star)
        self.menu.addAction(icon("copy"), "Copy trace id\tShift+C", self._header.copy_id.copy)
        if self.extend_menu is not None:
            self.extend_menu(self.menu)
        if self._can_compare():
            self.menu.addAction(icon("columns"), "Compare with the usual\tU", self.compare_with_usual)
            self.menu.addAction(icon("columns"), "Compare with …\tD", self.compare)
        self.menu.addSeparator()
        self.menu.addAction(icon("trash"), "Delete this trace…\tDel", self.delete_trace)
        for service in head.services:
            name = isolated(one_line(service, _LONGEST)).replace("&", "&&")
            action = self.menu.addAction(icon("trash"), f"Delete telemetry of {name}…")
            action.triggered.connect(partial(self.delete_service, service))

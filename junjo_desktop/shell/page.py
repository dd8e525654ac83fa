"""The widget a feature shows: what the shell may ask of it."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.shell.commands import Command


class Page(QWidget):
    """Base of every page. The shell calls these; each has a harmless default."""

    title_changed = Signal(str)
    commands_changed = Signal()
    """`commands` would now return others; the shell asks again (it also does when the page comes to the front)."""

    def show_destination(self, destination: object) -> None:
        """Show what `destination` names; it is of a class the feature listed."""

    def take_term(self, term: str) -> None:
        """Add a condition to the query of the list: only a page whose feature `lists` something is asked."""

    def show_view(self, name: str) -> None:
        """Show a saved view: only a page whose feature `lists` something is asked."""

    def activated(self) -> None:
        """The page came to the front."""

    def rail_name(self) -> str:
        """Return the feature on the rail that this page belongs to while it is in front; "" for itself, or none."""
        return ""

    def commands(self) -> tuple[Command, ...]:
        """Commands that make sense while this page is in front (also its `?` sheet and the palette)."""
        return ()

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        """Keys that the page's own views understand, for the `?` sheet: ("Space", "Peek at the trace")."""
        return ()

    def save_state(self, state: QSettings) -> None:
        """Write splitters, columns, filters under the group the shell has opened."""

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote; anything missing or odd is ignored."""

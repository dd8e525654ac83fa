"""What the window itself can do, whichever page is in front."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.main_window import MainWindow

_PLACES = "Go to"
_WINDOW = "Window"


def window_commands(window: MainWindow, features: Sequence[Feature]) -> tuple[Command, ...]:
    """Return the commands for places, in the order of the rail, and for the window."""
    pages = window.pages
    return (
        *_place_commands(window, features),
        Command("window.back", "Back", pages.back, "Alt+Left", _WINDOW, "back", pages.can_go_back, "Backspace"),
        Command("window.forward", "Forward", pages.forward, "Alt+Right", _WINDOW, "forward", pages.can_go_forward),
        Command("window.palette", "Commands and places", window.show_palette, "Ctrl+K", _WINDOW, "search"),
        Command("window.keys", "Keys of this page", window.show_keys, "?", _WINDOW, "info"),
        Command("window.rail", "Fold or unfold the rail", window.rail.toggle, "Ctrl+B", _WINDOW, "fold"),
        Command("window.full_screen", "Full screen", window.toggle_full_screen, "F11", _WINDOW, "zoom-fit"),
        Command("window.close", "Quit", window.close, "Ctrl+Q", _WINDOW, "close"),
    )


def _place_commands(window: MainWindow, features: Sequence[Feature]) -> list[Command]:
    by_name = {feature.name: feature for feature in features}
    commands = []
    for number, name in enumerate(window.rail.names, 1):
        feature = by_name[name]
        shortcut = f"Ctrl+{number}" if number <= 9 else ""
        go = partial(window.pages.open, OpenPage(name))
        commands.append(Command(f"go.{name}", feature.title, go, shortcut, _PLACES, feature.icon))
    return commands

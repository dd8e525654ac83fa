"""The commands of the page that compares runs: shortcuts, the palette and the key sheet read them here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from junjo_desktop.shell.commands import Command

if TYPE_CHECKING:
    from junjo_desktop.features.compare.page import ComparePage

_GROUP = "Compare"


def compare_commands(page: ComparePage) -> tuple[Command, ...]:
    """Return the commands."""
    shown, lists, open_run, change_side = page.is_shown, page.lists, page.open_run, page.change_side
    told = (
        ("swap", "Swap sides", page.swap, "X", "refresh"),
        ("difference", "Show first difference", lists.go_to_difference, "D", "columns"),
        ("left", "Open the step in the left run", lists.open_in_left, "L", "chevron-left"),
        ("right", "Open the step in the right run", lists.open_in_right, "R", "chevron-right"),
        ("open_left", "Open the left run", partial(open_run, True), "Shift+L", "external"),
        ("open_right", "Open the right run", partial(open_run, False), "Shift+R", "external"),
        ("change_left", "Choose another left run", partial(change_side, True), "", "columns"),
        ("change_right", "Choose another right run", partial(change_side, False), "", "columns"),
        ("steps", "Show the steps", partial(lists.show_tab, 0), "", "workflows"),
        ("time", "Show where the time went", partial(lists.show_tab, 1), "T", "clock"),
        ("failures", "Show the failures", partial(lists.show_tab, 2), "E", "error"),
        ("graph", "Show what changed in the graph", partial(lists.show_tab, 3), "G", "workflows"),
        ("state", "Go to the states", page.state.take_focus, "I", "info"),
    )
    return tuple(Command(f"compare.{key}", title, do, keys, _GROUP, icon, shown) for key, title, do, keys, icon in told)

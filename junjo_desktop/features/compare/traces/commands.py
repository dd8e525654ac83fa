"""The commands of the page that compares traces: shortcuts, the palette and the key sheet read them here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from junjo_desktop.shell.commands import Command

if TYPE_CHECKING:
    from junjo_desktop.features.compare.traces.page import CompareTracesPage

_GROUP = "Compare"


def trace_commands(page: CompareTracesPage) -> tuple[Command, ...]:
    """Return the commands."""
    shown, pair, lists = page.is_shown, page.is_pair, page.lists
    told = (
        ("swap", "Swap sides", page.swap, "X", "refresh", pair),
        ("difference", "Show first difference", lists.go_to_difference, "D", "columns", shown),
        ("next", "Next difference", partial(lists.go_on, 1), "N", "chevron-right", shown),
        ("previous", "Previous difference", partial(lists.go_on, -1), "Shift+N", "chevron-left", shown),
        ("only", "Show only differences", lists.only.toggle, "O", "columns", shown),
        ("left", "Open the span in the left trace", lists.open_in_left, "L", "chevron-left", pair),
        ("right", "Open the span in the right trace", lists.open_in_right, "R", "chevron-right", shown),
        ("open_left", "Open the left trace", partial(page.open_trace, True), "Shift+L", "external", pair),
        ("open_right", "Open the right trace", partial(page.open_trace, False), "Shift+R", "external", shown),
        ("change_left", "Choose another left trace", partial(page.change_side, True), "", "columns", shown),
        ("change_right", "Choose another right trace", partial(page.change_side, False), "", "columns", shown),
        ("usual", "Compare the right trace with the usual", page.compare_with_usual, "U", "columns", pair),
        ("spans", "Show the spans", partial(lists.show_tab, 0), "", "traces", shown),
        ("time", "Show where the time went", partial(lists.show_tab, 1), "T", "clock", pair),
        ("inspect", "Go to what differs in the span", page.panel.take_focus, "I", "info", pair),
    )
    return tuple(
        Command(f"compare_traces.{key}", title, do, keys, _GROUP, icon, when)
        for key, title, do, keys, icon, when in told
    )

"""The saved views as commands, for the palette."""

from __future__ import annotations

from functools import partial

from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenView
from junjo_desktop.shell.workbench import Workbench


def view_commands(workbench: Workbench) -> tuple[Command, ...]:
    """Return one command for each view that can be opened, by name."""
    found = ((view, OpenView(view.page, view.name)) for view in workbench.views.all)
    return tuple(
        Command(
            f"view.{place.feature}.{place.name}",
            view.name,
            partial(workbench.open, place),
            group=f"Saved views · {view.page}",
            icon="bookmark",
        )
        for view, place in found
        if workbench.can_open(place)
    )

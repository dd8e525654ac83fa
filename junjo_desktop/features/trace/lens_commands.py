"""What can be done with the lenses of a trace, as commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from junjo_desktop.features.trace.find_field import FindField
from junjo_desktop.features.trace.lens_bar import LENS_ICONS, LENS_LABELS, Lens
from junjo_desktop.features.trace.lenses import Lenses
from junjo_desktop.features.trace.trail import Trail
from junjo_desktop.shell.commands import Command

_GROUP = "Trace"


def lens_commands(lenses: Lenses, find: FindField, shown: Callable[[], bool]) -> tuple[Command, ...]:
    """Return the commands; `shown` says whether there is a trace. What `find` found is gone through as a trail is."""
    trail, export = lenses.trail, lenses.graph.export
    switches = tuple(
        Command(
            f"trace.lens_{lens}", f"Lens: {label}", partial(_show, lenses, lens), str(number), _GROUP, LENS_ICONS[lens]
        )
        for number, (lens, label) in enumerate(LENS_LABELS.items(), 1)
    )

    def goes_through() -> bool:
        return trail.is_set

    def has_next() -> bool:
        return trail.is_set or find.has_found

    def is_flame() -> bool:
        return shown() and lenses.lens is Lens.FLAME

    def is_graph() -> bool:
        return shown() and lenses.lens is Lens.GRAPH

    def is_logs() -> bool:
        return shown() and lenses.lens is Lens.LOGS

    return (
        *switches,
        Command("trace.path", "Mark the critical path, or not", lenses.toggle_path, "Shift+P", _GROUP, "live", shown),
        Command(
            "trace.flame_order",
            "Flame: order boxes the next way",
            lenses.flame.toggle_order,
            "H",
            _GROUP,
            "",
            is_flame,
        ),
        Command("trace.flame_colors", "Flame: colour by the next", lenses.flame.next_color, "", _GROUP, "", is_flame),
        Command(
            "trace.graph_nodes", "Graph: by name or each span", lenses.graph.toggle_form, "M", _GROUP, "", is_graph
        ),
        Command("trace.graph_colors", "Graph: colour by the next", lenses.graph.next_color, "", _GROUP, "", is_graph),
        Command("trace.graph_svg", "Graph: save as SVG…", export.ask_svg, "", _GROUP, "export", is_graph),
        Command("trace.graph_png", "Graph: save as PNG…", export.ask_png, "", _GROUP, "export", is_graph),
        Command("trace.graph_copy", "Graph: copy as image", export.copy_image, "", _GROUP, "copy", is_graph),
        Command(
            "trace.logs_of_span",
            "Logs: only those of the selected span, or all",
            lenses.logs.toggle_of_selected,
            "Shift+L",
            _GROUP,
            "logs",
            is_logs,
        ),
        Command(
            "trace.trail_next",
            "Next of these spans, or next match",
            partial(_step, trail, find, forward=True),
            "N",
            _GROUP,
            "chevron-down",
            has_next,
        ),
        Command(
            "trace.trail_back",
            "Previous of these spans, or previous match",
            partial(_step, trail, find, forward=False),
            "Shift+N",
            _GROUP,
            "",
            has_next,
        ),
        Command("trace.trail_leave", "Leave these spans", trail.clear, "", _GROUP, "close", goes_through),
    )


def _step(trail: Trail, find: FindField, *, forward: bool) -> None:
    if trail.is_set:
        trail.step(forward)
    else:
        find.step(forward)


def _show(lenses: Lenses, lens: Lens) -> None:
    lenses.show_lens(lens)
    lenses.take_focus()

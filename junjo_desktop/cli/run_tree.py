"""The steps of a run as an indented tree, each with the state updates that it made, in the order of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from junjo_desktop.cli.listings import Row
from junjo_desktop.cli.patch_text import update_text
from junjo_desktop.cli.table import Column, table
from junjo_desktop.cli.text import cut, harmless
from junjo_desktop.widgets.figures import duration_text, offset_text

_COLUMNS = (
    Column("STEP", flexible=True),
    Column("TYPE", spare=2),
    Column("STATE"),
    Column("STARTED", right=True, spare=3),
    Column("DURATION", right=True, spare=1),
    Column("SPAN ID"),
)
_DEEPEST = 40
_WIDEST_IN_A_PIPE = 400

Update = Mapping[str, Any]


def run_tree(run: Row, width: int | None) -> list[str]:
    """Return the lines: a table of the steps, and between them one line for each update, cut to `width`."""
    steps: Sequence[Row] = run["steps"]
    updates = _updates(run["stores"])
    names = {store["id"]: store["name"] for store in run["stores"]} if len(run["stores"]) > 1 else {}
    heading, *lines = table(_COLUMNS, (_row(step, int(run["start_time_unix_nano"])) for step in steps), width)
    found = [heading]
    for place, update in _in_order(steps, updates):
        if update is None:
            found.append(lines[place])
        else:
            depth, (store_id, transition) = min(place, _DEEPEST), update
            found.append(_update_line(depth, names.get(store_id, ""), transition, width))
    return found


def _updates(stores: Sequence[Row]) -> dict[str, list[tuple[str, Update]]]:
    """Return the updates by the span that carries them, with the id of their store, in order of time."""
    found: dict[str, list[tuple[str, Update]]] = {}
    for store in stores:
        for transition in store["transitions"]:
            found.setdefault(transition["span_id"], []).append((store["id"], transition))
    for each in found.values():
        each.sort(key=lambda update: int(update[1]["time_unix_nano"]))
    return found


def _in_order(
    steps: Sequence[Row], updates: Mapping[str, list[tuple[str, Update]]]
) -> Iterator[tuple[int, tuple[str, Update] | None]]:
    """Yield (place of a step, None), and (depth, update) for what the steps above it did before it began."""
    waiting: list[tuple[int, deque[tuple[str, Update]]]] = []
    for place, step in enumerate(steps):
        started = int(step["start_time_unix_nano"])
        while waiting and waiting[-1][0] > step["depth"]:
            depth, left = waiting.pop()
            yield from ((depth, update) for update in left)
        if waiting:
            depth, left = waiting[-1]
            while left and int(left[0][1]["time_unix_nano"]) < started:
                yield depth, left.popleft()
        yield place, None
        waiting.append((step["depth"] + 1, deque(updates.get(step["span_id"], ()))))
    while waiting:
        depth, left = waiting.pop()
        yield from ((depth, update) for update in left)


def _row(step: Row, first_ns: int) -> tuple[str, ...]:
    turn = f" ({step['iteration']} of {step['iterations']})" if step["iterations"] > 1 else ""
    return (
        "  " * min(step["depth"], _DEEPEST) + (step["name"] or "(has not arrived)") + turn,
        step["span_type"],
        "✗ failed" if step["state"] == "failed" else step["state"],
        offset_text(int(step["start_time_unix_nano"]) - first_ns),
        duration_text(step["duration_ns"]) if step["duration_ns"] is not None else "",
        step["span_id"],
    )


def _update_line(depth: int, store: str, transition: Update, width: int | None) -> str:
    action = f"{store}.{transition['action']}" if store else transition["action"]
    doubt = "" if transition["certainty"] == "exact" else f" ({transition['certainty']})"
    line = f"{'  ' * depth}• {transition['sequence']} {action[:_WIDEST_IN_A_PIPE]}{doubt}  {update_text(transition)}"
    return cut(harmless(line), width or _WIDEST_IN_A_PIPE)

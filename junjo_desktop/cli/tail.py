"""`tail [QUERY]`: what matches, as it arrives. Ctrl-C ends it."""

from __future__ import annotations

import time
from argparse import Namespace
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import orjson

from junjo_desktop.cli.access import connect
from junjo_desktop.cli.find import explained
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_lines, write_rows
from junjo_desktop.cli.table import terminal_width
from junjo_desktop.cli.tail_lines import heading, line
from junjo_desktop.errors import UserError
from junjo_desktop.link.client import LinkClient
from junjo_desktop.telemetry.query.subject import Subject

_EVERY_S = 0.25
_ROOTS_AFTER_S = 5.0
"""A root comes last. A trace whose root has not come so long after its first matching span is told without."""
_REMEMBERED = 100_000


def tail(options: Options, found: Namespace) -> int:
    """Print what arrives and matches, until the app ends (then raises `UserError`) or Ctrl-C."""
    return explained(found.query, lambda: _follow(options, found), Subject(found.subject))


def _follow(options: Options, found: Namespace) -> int:
    app = connect(options.data_dir)
    if app is None:
        raise UserError(
            f"Nothing receives into {options.data_dir.root}.", "Start `junjo-desktop`, or `junjo-desktop serve`, first."
        )
    try:
        _print_arriving(app, found)
    finally:
        app.close()
    return 0


def _print_arriving(app: LinkClient, found: Namespace) -> None:
    params: dict[str, Any] = {"query": found.query, "subject": found.subject}
    arranged = Whole() if found.subject == "traces" else None
    width = terminal_width()
    is_begun = False
    while True:
        answer = orjson.loads(app.query("tail", params))
        if "after" not in params:
            remark(f"Waiting for {found.subject} to arrive. Ctrl-C ends it.")
        params["after"] = answer["after"]
        rows = answer["rows"] if arranged is None else arranged.settled(answer["rows"], time.monotonic())
        if found.json:
            write_rows(rows)
        elif rows:
            write_lines([*([] if is_begun else [heading(found.subject, width)]), *_lines(found.subject, rows, width)])
            is_begun = True
        if not answer["more"]:
            time.sleep(_EVERY_S)


def _lines(subject: str, rows: Iterable[dict[str, Any]], width: int | None) -> list[str]:
    return [line(subject, row, width) for row in rows]


class Whole:
    """Holds traces back until their root is there, so that each is told once, by its name."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[float, dict[str, Any]]] = {}
        self._told: OrderedDict[str, None] = OrderedDict()

    def settled(self, rows: Iterable[dict[str, Any]], now_s: float) -> list[dict[str, Any]]:
        """Take rows of traces as they are now; return those to be told. `now_s` is monotonic."""
        for row in rows:
            trace_id = row["trace_id"]
            if trace_id not in self._told:
                since_s = self._held.pop(trace_id, (now_s, row))[0]
                self._held[trace_id] = (since_s, row)
        ripe = [
            trace_id
            for trace_id, (since_s, row) in self._held.items()
            if not row["root_missing"] or now_s - since_s >= _ROOTS_AFTER_S
        ]
        for trace_id in ripe:
            self._told[trace_id] = None
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return [self._held.pop(trace_id)[1] for trace_id in ripe]

"""`find QUERY`, `find --view NAME`: what matches, in the shape of the list of its kind."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable

from junjo_desktop.cli.main import complain
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.queries import query
from junjo_desktop.cli.text import columns, harmless
from junjo_desktop.errors import UsageError
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject

_BEFORE, _AFTER = 50, 24


def find(options: Options, found: Namespace) -> int:
    """Print what is found, or what is wrong with the query, with its place. Raises `UserError`."""
    if found.view is not None:
        from junjo_desktop.cli.views import narrow_to_view

        try:
            narrow_to_view(options, found)
        except QueryError as error:
            complain(error)
            return 2
    elif found.query is None:
        raise UsageError("Nothing is asked for.", "Write a query, or --view with the name of a saved view.")
    return explained(found.query, lambda: query(options, found), Subject(found.subject))


def explained(text: str, command: Callable[[], int], subject: Subject = Subject.TRACES) -> int:
    """Run a command that asks `text`, or say what is wrong with it, with its place. Raises `UserError`."""
    try:
        # Here, too: a query that makes no sense needs no store to say so.
        parse(text, subject)
        return command()
    except QueryError as error:
        complain(error)
        if error.start or error.end:
            print(*marked(text, error.start, error.end), sep="\n", file=sys.stderr)
        return 2


def marked(text: str, start: int, end: int) -> tuple[str, str]:
    """Return two lines: the text around a place, and carets below the place."""
    begin, stop = max(0, start - _BEFORE), min(len(text), max(start + 1, end), start + _AFTER)
    before = ("…" if begin else "") + harmless(text[begin:start])
    place = harmless(text[start:stop])
    after = harmless(text[stop : stop + _AFTER]) + ("…" if stop + _AFTER < len(text) else "")
    carets = "^" * max(1, columns(place))
    return f"  {before}{place}{after}", f"  {' ' * columns(before)}{carets}"

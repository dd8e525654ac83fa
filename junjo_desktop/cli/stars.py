"""`star` and `unstar`: which traces retention never removes. Written beside the telemetry: a running app sees it."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark
from junjo_desktop.errors import NotFoundError
from junjo_desktop.state.stars import Stars


def change_star(options: Options, found: Namespace) -> int:
    """Star a stored trace, or take its star away. Raises `NotFoundError` for one that is not there, `UserError`."""
    trace_id = found.trace_id.lower()
    if found.command == "star":
        _require_stored(options, trace_id)
        with closing(Stars(options.data_dir.state)) as stars:
            stars.star(trace_id)
        remark(f"Trace {trace_id} is starred: it is kept until you delete it.")
        return 0
    starred: frozenset[str] = frozenset()
    if options.data_dir.state.exists():
        with closing(Stars(options.data_dir.state)) as stars:
            starred = stars.starred()
            stars.unstar(trace_id)
    if trace_id not in starred:
        raise NotFoundError(f"Trace {trace_id} has no star.", "`junjo-desktop traces` lists what is stored.")
    remark(f"Trace {trace_id} has no star any more.")
    return 0


def _require_stored(options: Options, trace_id: str) -> None:
    with open_access(options.data_dir) as access:
        answer = orjson.loads(access.query("trace", {"trace_id": trace_id, "limit": 1}))
    if not answer["rows"]:
        raise NotFoundError(
            f"No trace {trace_id} is stored.", "Is it this data folder? `junjo-desktop traces` lists what is stored."
        )

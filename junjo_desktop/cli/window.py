"""The window, or the one that is open already; with `open`, or a link alone, at a place in it."""

from __future__ import annotations

import os
import time
from argparse import Namespace

from junjo_desktop.cli.aside import Aside
from junjo_desktop.cli.display import require_display
from junjo_desktop.cli.options import Options
from junjo_desktop.errors import AlreadyRunningError, UsageError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir

_WINDOW_WITHIN_S = 2.0
_AGAIN_AFTER_S = 0.1


def show_window(options: Options, _found: Namespace) -> int:
    """Open the window, or raise the first one of this data folder. Raises `UserError`."""
    return _show(options, None)


def open_place(options: Options, found: Namespace) -> int:
    """Have the window show a trace, a run, or where a link leads; open the window if there is none.

    Raises `UserError`, `UsageError` for a link or an id that cannot be understood.
    """
    return _show(options, _link(found))


def _link(found: Namespace) -> str:
    from junjo_desktop.shell.destinations import OpenRun, OpenTrace
    from junjo_desktop.shell.links import link_to, place_of

    if found.span is not None and found.trace is None:
        raise UsageError("--span names a span of a trace.", "Name the trace, too: --trace TRACE_ID --span SPAN_ID.")
    if found.link is not None:
        link: str = found.link
    elif found.execution is not None:
        link = link_to(OpenRun(None, None, found.execution))
    else:
        link = link_to(OpenTrace(found.trace, found.span))
    # Refused here, where the answer is read, and not in the window.
    place_of(link)
    return link


def _show(options: Options, link: str | None) -> int:
    require_display(os.environ)
    if _shown_already(options.data_dir, link):
        return 0
    from junjo_desktop.cli.engine import make_engine

    engine = make_engine(options)
    aside = Aside()
    try:
        aside.run(engine.start)
        from junjo_desktop.features import discover_features
        from junjo_desktop.shell.launch import run_window

        return run_window(engine, discover_features(), link=link)
    except AlreadyRunningError:
        # Two were started at the same moment, and this one was second: the first may still be building its window.
        give_up = time.monotonic() + _WINDOW_WITHIN_S
        while not _shown_already(options.data_dir, link):
            if time.monotonic() > give_up:
                raise
            time.sleep(_AGAIN_AFTER_S)
        return 0
    finally:
        aside.close()
        engine.stop()


def _shown_already(data_dir: DataDir, link: str | None) -> bool:
    endpoint = read_endpoint(data_dir)
    if endpoint is None:
        return False
    from junjo_desktop.link.client import LinkClient, NobodyThereError

    client = LinkClient(endpoint)
    try:
        return client.raise_window() if link is None else client.open_link(link)
    except NobodyThereError:
        return False
    finally:
        client.close()

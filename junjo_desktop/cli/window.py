"""Without a command: the window, or the one that is open already."""

from __future__ import annotations

import os
from argparse import Namespace

from junjo_desktop.cli.aside import Aside
from junjo_desktop.cli.display import require_display
from junjo_desktop.cli.options import Options
from junjo_desktop.errors import AlreadyRunningError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir


def show_window(options: Options, _found: Namespace) -> int:
    """Open the window, or raise the first one of this data folder. Raises `UserError`."""
    require_display(os.environ)
    if _raised(options.data_dir):
        return 0
    from junjo_desktop.cli.engine import make_engine

    engine = make_engine(options)
    aside = Aside()
    try:
        aside.run(engine.start)
        from junjo_desktop.features import discover_features
        from junjo_desktop.shell.launch import run_window

        return run_window(engine, discover_features())
    except AlreadyRunningError:
        # Two were started at the same moment, and this one was second.
        if _raised(options.data_dir):
            return 0
        raise
    finally:
        aside.close()
        engine.stop()


def _raised(data_dir: DataDir) -> bool:
    endpoint = read_endpoint(data_dir)
    if endpoint is None:
        return False
    from junjo_desktop.link.client import LinkClient, NobodyThereError

    client = LinkClient(endpoint)
    try:
        return client.raise_window()
    except NobodyThereError:
        return False
    finally:
        client.close()

"""`serve`: everything but the window."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from junjo_desktop.app import Engine
from junjo_desktop.cli.engine import make_engine
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_lines
from junjo_desktop.cli.waiting import EndSignals
from junjo_desktop.errors import PortUnavailableError
from junjo_desktop.telemetry.intake import Listener, Purpose, open_ports


def serve(options: Options, _found: Namespace) -> int:
    """Receive until a signal asks for the end, then index what is left. Raises `UserError`."""
    end = EndSignals()
    engine = make_engine(options)
    engine.start()
    try:
        announce(engine.listeners)
        for notice in engine.report().notices:
            remark(f"junjo-desktop: {notice}")
        end.wait()
    finally:
        engine.stop()
    say_what_is_left(engine)
    return 0


def announce(listeners: Sequence[Listener]) -> None:
    """Print one line for each open port, the others on stderr. Raises `PortUnavailableError` when none takes OTLP."""
    for listener in listeners:
        if listener.error is not None:
            remark(f"junjo-desktop: {listener.error}")
    receiving_port(listeners)
    write_lines(
        f"{listener.purpose} listening on 127.0.0.1:{listener.port}" for listener in listeners if listener.error is None
    )


def receiving_port(listeners: Sequence[Listener]) -> int:
    """Return the first port that takes OTLP. Raises `PortUnavailableError` when there is none."""
    ports = open_ports(listeners, Purpose.OTLP)
    if not ports:
        raise PortUnavailableError(
            "No port for OTLP/gRPC could be opened, so nothing can be received.",
            "Free one of them, or name another with --otlp-port.",
        )
    return ports[0]


def say_what_is_left(engine: Engine) -> None:
    """Tell of items that could not be indexed before the end; they are safe."""
    if engine.left_in_journal:
        remark(f"{engine.left_in_journal:,} received items are not indexed yet; they are kept for the next start.")

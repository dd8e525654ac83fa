"""From arguments to an exit status: 0 well, 1 failed, 2 written wrongly, 130 Ctrl-C."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from junjo_desktop.cli.loading import undisturbed
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.parser import PROGRAM, parse
from junjo_desktop.errors import QueryCancelledError, UsageError, UserError

INTERRUPTED = 130
BROKEN_PIPE = 141  # 128 + SIGPIPE, what a shell shows for a program that dies of it

Command = Callable[[Options, Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; the argument parser itself leaves with `SystemExit`."""
    try:
        try:
            found = parse(arguments)
            with undisturbed():
                command = _command(found.command)
            status = command(Options.of(found), found)
        finally:
            # Here, where a reader that went away can still be borne; it is so for --help, too.
            sys.stdout.flush()
    except UserError as error:
        complain(error)
        return 2 if isinstance(error, UsageError) else 1
    except BrokenPipeError:
        _forget_stdout()
        return BROKEN_PIPE
    except (KeyboardInterrupt, QueryCancelledError):
        return INTERRUPTED
    return status


def complain(error: UserError) -> None:
    """Say on stderr, in one line, what went wrong and what to do next."""
    from junjo_desktop.cli.text import harmless

    print(f"{PROGRAM}: {harmless(str(error))}", file=sys.stderr)


def _command(name: str | None) -> Command:
    command: Command
    match name:
        case None:
            from junjo_desktop.cli import window

            command = window.show_window
        case "serve":
            from junjo_desktop.cli import serve

            command = serve.serve
        case "demo":
            from junjo_desktop.cli import demo

            command = demo.demo
        case "doctor":
            from junjo_desktop.cli import doctor

            command = doctor.doctor
        case "keys":
            from junjo_desktop.cli import keys

            command = keys.keys
        case "delete":
            from junjo_desktop.cli import delete

            command = delete.delete
        case "sql":
            from junjo_desktop.cli import sql

            command = sql.sql
        case "stats":
            from junjo_desktop.cli import stats

            command = stats.stats
        case "star" | "unstar":
            from junjo_desktop.cli import stars

            command = stars.change_star
        case _:
            from junjo_desktop.cli import queries

            command = queries.query
    return command


def _forget_stdout() -> None:
    # The interpreter flushes stdout once more when it ends, and would complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

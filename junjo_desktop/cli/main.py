"""From arguments to an exit status: 0 well, 1 failed, 2 written wrongly, 130 Ctrl-C."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

from junjo_desktop.cli.loading import undisturbed
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.parser import PROGRAM, parse
from junjo_desktop.errors import QueryCancelledError, UsageError, UserError

INTERRUPTED = 130
BROKEN_PIPE = 141  # 128 + SIGPIPE, what a shell shows for a program that dies of it

Command = Callable[[Options, Namespace], int]

_COMMANDS = {
    None: ("window", "show_window"),
    "open": ("window", "open_place"),
    "workflow": ("runs", "show_run"),
    "agent": ("runs", "show_run"),
    "compare": ("compare", "compare"),
    "find": ("find", "find"),
    "views": ("views", "views"),
    "tail": ("tail", "tail"),
    "calls": ("calls", "calls"),
    "call": ("calls", "call"),
    "usage": ("calls", "usage"),
    "prices": ("prices", "prices"),
    "generate": ("generate", "generate"),
    "providers": ("providers", "providers"),
    "services": ("services", "services"),
    "restarts": ("services", "restarts"),
    "serve": ("serve", "serve"),
    "demo": ("demo", "demo"),
    "doctor": ("doctor", "doctor"),
    "keys": ("keys", "keys"),
    "sql": ("sql", "sql"),
    "stats": ("stats", "stats"),
    "star": ("stars", "change_star"),
    "unstar": ("stars", "change_star"),
    "note": ("notes", "change_note"),
    "tag": ("notes", "change_note"),
    "untag": ("notes", "change_note"),
    "delete": ("delete", "delete"),
    "rebuild": ("rebuild", "rebuild"),
}
"""Where each command is: a module of this package, and a function in it. All others are queries."""


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
    module, function = _COMMANDS.get(name, ("queries", "query"))
    # Only what the command needs is loaded: that is most of the time a short one takes.
    command: Command = getattr(import_module(f"junjo_desktop.cli.{module}"), function)
    return command


def _forget_stdout() -> None:
    # The interpreter flushes stdout once more when it ends, and would complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

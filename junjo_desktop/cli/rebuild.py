"""`rebuild [--restart]`: makes everything derived again from the stored spans."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.rebuilding import open_rebuilder
from junjo_desktop.errors import UserError
from junjo_desktop.store.derivation import Position, Step
from junjo_desktop.widgets.figures import counted

_INTERRUPTED = 130
_GO_ON = "`junjo-desktop rebuild` goes on there."
_LINES = 10


def rebuild(options: Options, found: Namespace) -> int:
    """Rebuild and say what was changed; 130 when Ctrl-C ended it. Raises `UserError`."""
    progress = _Progress(is_quiet=found.json)
    try:
        with open_rebuilder(options.data_dir) as rebuilder:
            result = rebuilder.rebuild(progress.take, restart=found.restart)
    except KeyboardInterrupt:
        progress.close()
        if found.json:
            write_json(_document(progress.position, is_finished=False))
        remark(f"Stopped{_where(progress.position)}. What was done stays; {_GO_ON}")
        return _INTERRUPTED
    except UserError:
        progress.close()
        if progress.position is not None:
            remark(f"Stopped{_where(progress.position)}. What was done stays; {_GO_ON}")
        raise
    progress.close()
    position = None if result is None else result.position
    if found.json:
        write_json(_document(position, is_finished=True, is_resumed=result is not None and result.is_resumed))
    else:
        write_lines(_text(position))
    return 0


class _Progress:
    """How far it is: one line that changes on a terminal, else a line now and then."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.position: Position | None = None
        self._is_terminal = sys.stderr.isatty()
        self._is_quiet = is_quiet and not self._is_terminal
        self._said = ""

    def take(self, position: Position) -> None:
        self.position = position
        share = position.fraction if self._is_terminal else int(position.fraction * _LINES) / _LINES
        line = _line(position, share)
        if line == self._said or self._is_quiet:
            return
        self._said = line
        if self._is_terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        else:
            remark(line)

    def close(self) -> None:
        if self._is_terminal and self._said:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _line(position: Position, share: float) -> str:
    match position.step:
        case Step.RESOURCES:
            return "Reading resources …"
        case Step.SPANS:
            return f"Reading spans: {share:.0%} …"
        case Step.TRACES:
            return f"Adding up traces: {share:.0%} …"
        case Step.EXECUTIONS:
            return f"Finding runs of workflows and agents: {share:.0%} …"
        case Step.SERVICES:
            return "Counting what each service sent …"


def _where(position: Position | None) -> str:
    if position is None or position.step is Step.RESOURCES:
        return ""
    if position.step is Step.SPANS:
        return f" with {position.fraction:.0%} of the spans read"
    return " with all spans read"


def _text(position: Position | None) -> list[str]:
    if position is None:
        return ["Nothing is stored, so there is nothing to rebuild."]
    spans = counted(position.spans, "span")
    if position.spans_changed or position.summaries_changed:
        corrections = counted(position.summaries_changed, "correction")
        corrected = f"{corrections} to traces, runs and services"
        lines = [f"Rebuilt: of {spans}, {position.spans_changed:,} changed; {corrected}."]
    else:
        lines = [f"Rebuilt: {spans} read, and everything was right."]
    if position.spans_unreadable:
        unreadable = counted(position.spans_unreadable, "span")
        lines.append(f"The text of {unreadable} is damaged and cannot be read: what was derived before stays.")
    return lines


def _document(position: Position | None, *, is_finished: bool, is_resumed: bool = False) -> dict[str, Any]:
    fields = ("version", "spans", "spans_changed", "spans_unreadable", "summaries_changed", "started_ns")
    known = asdict(position) if position is not None else {}
    return {
        "finished": is_finished,
        "resumed": is_resumed,
        "step": None if position is None or is_finished else str(position.step),
        **{name: known.get(name) for name in fields},
    }

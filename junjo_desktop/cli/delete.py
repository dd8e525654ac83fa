"""`delete --trace ID… | --service S | --before WHEN | --all`: says what it takes, asks, deletes."""

from __future__ import annotations

import sys
from argparse import Namespace

from junjo_desktop.cli.deleting import open_deleter
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.text import harmless
from junjo_desktop.errors import NotFoundError, UsageError, UserError
from junjo_desktop.paths import DataDir
from junjo_desktop.store.keyset import trace_id_of
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.widgets.figures import bytes_text, counted, iso_text

_INTERRUPTED = 130
_DECLINED = 1


def delete(options: Options, found: Namespace) -> int:
    """Delete after a confirmation; 1 when it was declined, 130 when Ctrl-C ended it. Raises `UserError`."""
    selection = _selection(found)
    if not found.yes and not sys.stdin.isatty():
        raise UsageError("Nothing was deleted: there is no terminal to confirm at.", "--yes deletes without asking.")
    # Counted and deleted in two visits: while the user thinks, the folder is free for others.
    with open_deleter(options.data_dir) as deleter:
        toll = deleter.toll_of(selection)
    if not toll:
        return _nothing(selection, toll, as_json=found.json)
    if not found.yes and not _is_confirmed(_question(selection, toll, options.data_dir)):
        remark("Nothing was deleted.")
        return _DECLINED
    return _delete(options.data_dir, selection, toll, as_json=found.json)


def _selection(found: Namespace) -> Selection:
    is_starred_too = found.starred == "too"
    if found.trace_ids is not None:
        return Selection(trace_ids=tuple(dict.fromkeys(trace_id_of(text) for text in found.trace_ids)))
    if found.service is not None:
        return Selection(service=found.service, starred_too=is_starred_too)
    if found.before_ns is not None:
        return Selection(before_ns=found.before_ns, starred_too=is_starred_too)
    return Selection(everything=True, starred_too=is_starred_too)


def _nothing(selection: Selection, toll: Toll, *, as_json: bool) -> int:
    if selection.trace_ids:
        what = "trace is" if len(selection.trace_ids) == 1 else "traces are"
        raise NotFoundError(
            f"The named {what} not stored.", "Is it this data folder? `junjo-desktop traces` lists what is stored."
        )
    if as_json:
        write_json(_document(Toll(), toll, is_finished=True))
    else:
        remark(f"There is nothing{_of(selection)} to delete.{_kept(toll)}")
    return 0


def _question(selection: Selection, toll: Toll, data_dir: DataDir) -> str:
    missing = len(selection.trace_ids) - toll.traces if selection.trace_ids else 0
    unknown = f" Of {counted(missing, 'named trace')} no span is stored." if missing else ""
    return (
        f"This deletes {_words(toll)}{_of(selection)} in {data_dir.root} and cannot be undone."
        f"{unknown}{_noted(toll)}{_kept(toll)} Delete? [y/N] "
    )


def _is_confirmed(question: str) -> bool:
    # On stderr, where it is read even when stdout goes elsewhere.
    print(harmless(question), end="", file=sys.stderr, flush=True)
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        remark("\nNothing was deleted.")
        raise
    return answer.strip().lower() in {"y", "yes"}


class _Progress:
    """What is deleted so far, shown on a terminal."""

    def __init__(self, whole: Toll) -> None:
        self.deleted = Toll()
        self._whole = _rows(whole)
        self._is_shown = sys.stderr.isatty()

    def take(self, deleted: Toll) -> None:
        self.deleted = deleted
        if self._is_shown:
            print(f"\rDeleted {_rows(deleted):,} of {self._whole:,} ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._is_shown and self.deleted:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _delete(data_dir: DataDir, selection: Selection, toll: Toll, *, as_json: bool) -> int:
    progress = _Progress(toll)
    with open_deleter(data_dir) as deleter:
        try:
            deleter.delete(selection, progress.take)
        except KeyboardInterrupt:
            progress.close()
            _say_stopped(progress.deleted, toll, as_json=as_json)
            return _INTERRUPTED
        except UserError:
            progress.close()
            if progress.deleted:
                remark(f"Deleted so far: {_words(progress.deleted)}; the rest stays.")
            raise
        progress.close()
        if as_json:
            write_json(_document(progress.deleted, toll, is_finished=True))
        else:
            write_lines([f"Deleted {_words(progress.deleted)}.{_kept(toll)}"])
        if given := deleter.give_space_back():
            remark(f"{bytes_text(given)} were given back to the disk.")
    return 0


def _say_stopped(deleted: Toll, toll: Toll, *, as_json: bool) -> None:
    if as_json:
        write_json(_document(deleted, toll, is_finished=False))
    remark(f"Stopped. Deleted so far: {_words(deleted)}; the rest stays.")


def _document(deleted: Toll, toll: Toll, *, is_finished: bool) -> dict[str, object]:
    return {
        "traces": deleted.traces,
        "spans": deleted.spans,
        "logs": deleted.logs,
        "metrics": deleted.metrics,
        "kept_starred_traces": toll.kept,
        "noted_traces": toll.noted,
        "finished": is_finished,
    }


def _rows(toll: Toll) -> int:
    return toll.spans + toll.logs + toll.metrics


def _words(toll: Toll) -> str:
    parts = [f"{counted(toll.spans, 'span')} ({counted(toll.traces, 'whole trace')})"]
    parts += [counted(toll.logs, "log record")] if toll.logs else []
    parts += [counted(toll.metrics, "metric")] if toll.metrics else []
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _of(selection: Selection) -> str:
    if selection.service is not None:
        return f" of service “{harmless(selection.service)}”"
    if selection.before_ns is not None:
        return f" from before {_moment(selection.before_ns)}"
    return ""


def _moment(moment_ns: int) -> str:
    try:
        return iso_text(moment_ns)[:19].replace("T", " ")
    except (OverflowError, ValueError):  # beyond the years a calendar has
        return "all times"


def _noted(toll: Toll) -> str:
    if not toll.noted:
        return ""
    have = "has" if toll.noted == 1 else "have"
    return f" {counted(toll.noted, 'trace')} of these {have} tags or notes, which go, too."


def _kept(toll: Toll) -> str:
    if not toll.kept:
        return ""
    stay = "stays" if toll.kept == 1 else "stay"
    return f" {counted(toll.kept, 'starred trace')} {stay} (--starred too deletes starred ones as well)."

"""`stats`: how much is stored, what it takes on the disk, and what retention removes next."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.outdated import advice_on
from junjo_desktop.cli.output import write_json, write_lines
from junjo_desktop.cli.table import Column, table, terminal_width
from junjo_desktop.cli.text import harmless
from junjo_desktop.widgets.figures import bytes_text, count_text, counted, duration_text, moment_text

_FILES = (Column("FILE", flexible=True), Column("SIZE", right=True))


def stats(options: Options, found: Namespace) -> int:
    """Print the report of the running app, or of the folder when none runs. Raises `UserError`."""
    with open_access(options.data_dir) as access:
        report = orjson.loads(access.query("storage", {}))
        report["derivation"] = orjson.loads(access.query("derivation", {}))
    if found.json:
        write_json({"data_dir": str(options.data_dir.root), **report})
    else:
        write_lines([harmless(f"{caption:<14}{text}") for caption, text in _facts(options, report)])
        if report["files"]:
            rows = [(file["name"], bytes_text(file["size_bytes"])) for file in report["files"]]
            write_lines(["", *table(_FILES, rows, terminal_width())])
    return 0


def _facts(options: Options, report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "data folder", str(options.data_dir.root)
    yield "on disk", _space(report)
    stars = f", {report['starred']:,} of them starred" if report["starred"] else ""
    yield "traces", count_text(report["traces"]) + stars
    yield "spans", count_text(report["spans"])
    yield "logs", count_text(report["logs"])
    yield "metrics", count_text(report["metrics"])
    if report["quarantined"]:
        yield "put aside", f"{counted(report['quarantined'], 'request')} that could not be stored"
    if report["oldest_ns"] is not None:
        yield "received", f"{moment_text(report['oldest_ns'])} to {moment_text(report['newest_ns'])}"
        growth = report["growth_bytes_a_day"]
        yield "growth", f"about {bytes_text(round(growth))} a day, {bytes_text(round(report['bytes_a_span']))} a span"
    yield "next removal", _removal(report["next_removal"])
    advice = advice_on(report["derivation"])
    if advice is not None:
        yield "derived", " ".join(advice)


def _space(report: Mapping[str, Any]) -> str:
    total = bytes_text(sum(file["size_bytes"] for file in report["files"]))
    free = report["reclaimable_bytes"]
    return f"{total}, {bytes_text(free)} of it free for what comes" if free else total


def _removal(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "none: nothing comes near a limit"
    wait_ns = 0 if found["when_ns"] is None else found["when_ns"] - time.time_ns()
    when = f"in about {duration_text(wait_ns)}" if wait_ns > 0 else "within minutes"
    what = f"{counted(found['traces'], 'trace')} with {counted(found['spans'], 'span')}"
    return f"{what}, {when}: {found['reason']}"

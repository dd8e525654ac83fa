"""`sql "SELECT …"`: a statement of the user's own, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines, write_text
from junjo_desktop.cli.table import Column, table, terminal_width
from junjo_desktop.cli.text import harmless

_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL")


def sql(options: Options, found: Namespace) -> int:
    """Run the statement, or list the views' columns when there is none. Raises `UserError`."""
    with open_access(options.data_dir) as access:
        if found.statement is None:
            result = _described(orjson.loads(access.query("columns", {})))
        else:
            result = orjson.loads(access.query("sql", {"sql": found.statement, "limit": found.limit}))
    columns, rows = result["columns"], result["rows"]
    if found.format == "json":
        names = _distinct(columns)
        write_json([dict(zip(names, row, strict=True)) for row in rows])
    elif found.format == "csv":
        write_text(_csv(columns, rows))
    else:
        write_lines(_table(columns, result["types"], rows))
    if result["truncated"]:
        remark(f"These are the first {found.limit:,} rows; --limit gives more.")
    return 0


def _described(documented: dict[str, Any]) -> dict[str, Any]:
    names = ("view", "name", "type", "comment")
    return {
        "columns": names,
        "types": ("VARCHAR",) * len(names),
        "rows": [[row[name] for name in names] for row in documented["rows"]],
        "truncated": False,
    }


def _table(columns: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    heads = [
        Column(harmless(name), right=kind.removeprefix("U").startswith(_NUMERIC), flexible=True)
        for name, kind in zip(columns, types, strict=True)
    ]
    return table(heads, ([_text(value, "NULL") for value in row] for row in rows), terminal_width())


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names with a number behind each that was there before: an object has every key once."""
    distinct: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate in distinct:
            candidate, number = f"{name}_{number}", number + 1
        distinct.append(candidate)
    return distinct


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Yield lines as RFC 4180 has them; a terminal gets them harmless."""
    shown = harmless if sys.stdout.isatty() else str
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    for row in (columns, *rows):
        writer.writerow([shown(_text(value, "")) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _text(value: Any, null: str) -> str:
    if value is None:
        return null
    return value if isinstance(value, str) else orjson.dumps(value).decode()

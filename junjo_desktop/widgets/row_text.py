"""Rows as text for the clipboard and for files: TSV, CSV, JSON. Qt-free."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from junjo_desktop.widgets.row_source import Column

_TSV_BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def as_tsv(columns: Sequence[Column[Any]], rows: Iterable[Any]) -> str:
    """Return a header line and one line for each row, cells parted by tabs; breaks inside a cell become spaces."""
    lines = ["\t".join(column.title for column in columns)]
    lines.extend("\t".join(column.copied(row).translate(_TSV_BREAKS) for column in columns) for row in rows)
    return "\n".join(lines)


def as_csv(columns: Sequence[Column[Any]], rows: Iterable[Any]) -> str:
    """Return RFC 4180 text with a header line."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    writer.writerows([column.copied(row) for column in columns] for row in rows)
    return text.getvalue()


def as_json(rows: Iterable[Any], to_json: Callable[[Any], Any] | None = None) -> str:
    """Return one JSON array of the rows; `to_json` makes a row plain, else its dataclass fields are taken."""
    return json.dumps([(to_json or plain)(row) for row in rows], ensure_ascii=False, indent=2, default=str)


def plain(row: Any) -> Any:
    """Return a row as values that JSON knows."""
    return asdict(row) if is_dataclass(row) and not isinstance(row, type) else row

"""The columns of the keys table."""

from __future__ import annotations

from junjo_desktop.features.keys.listing import KeyRow
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cells import tag_cell
from junjo_desktop.widgets.figures import iso_text, moment_text
from junjo_desktop.widgets.row_source import Column

_ROLES: dict[str, Role] = {
    "looking …": "dim",
    "in the system keyring": "ok",
    "until the app ends": "warning",
    "not kept": "node",
}


def _kept(row: KeyRow) -> tuple[str, Role]:
    return row.kept, _ROLES[row.kept]


def _last_used(row: KeyRow) -> str:
    return "never" if row.last_used_ns is None else moment_text(row.last_used_ns)


def _last_used_whole(row: KeyRow) -> str:
    return "never" if row.last_used_ns is None else iso_text(row.last_used_ns)


COLUMNS: tuple[Column[KeyRow], ...] = (
    Column("name", "Name", lambda row: row.name, width_px=240, look="strong"),
    Column("prefix", "Begins with", lambda row: f"{row.prefix}…", width_px=104, look="mono"),
    Column(
        "created",
        "Created",
        lambda row: moment_text(row.created_ns),
        width_px=166,
        look="dim",
        descending_first=True,
        tooltip=lambda row: iso_text(row.created_ns),
        copy=lambda row: iso_text(row.created_ns),
    ),
    Column(
        "used",
        "Last used",
        _last_used,
        width_px=166,
        look="dim",
        descending_first=True,
        tooltip=_last_used_whole,
        copy=_last_used_whole,
    ),
    Column("kept", "Secret", lambda row: row.kept, width_px=150, paint=tag_cell(_kept)),
)

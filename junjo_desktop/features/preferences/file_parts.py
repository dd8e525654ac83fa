"""The files of the data folder as parts of a whole: in which order, in which colour, and what each is for. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import counted

if TYPE_CHECKING:
    from junjo_desktop.store.statistics import FileSize, StorageReport

_MOST_ASIDE = 3
_DAMAGED = ".damaged-"
_LOGS = "logs/"
_KNOWN: dict[str, tuple[Role, str]] = {
    "telemetry.duckdb": ("workflow", "spans, logs, metrics"),
    "telemetry.duckdb.wal": ("workflow", "its newest changes"),
    "intake.sqlite3": ("llm", "received, not yet stored"),
    "intake.sqlite3-wal": ("llm", "its newest changes"),
    "state.sqlite3": ("tool", "keys, stars, notes, views, prices"),
    "state.sqlite3-wal": ("tool", "its newest changes"),
}
_PLACES = {name: place for place, name in enumerate(_KNOWN)}


@dataclass(frozen=True, slots=True)
class Part:
    """One line: how much it takes, how much of that is free room within it, what it is for, and where it is."""

    name: str
    size_bytes: int
    role: Role
    meaning: str
    path: str = ""
    free_bytes: int = 0


def parts_of(report: StorageReport) -> tuple[Part, ...]:
    """Return the parts: what is known first, then what else is there, what was set aside, and the logs as one."""
    aside = [file for file in report.files if _DAMAGED in file.name]
    logs = [file for file in report.files if file.name.startswith(_LOGS)]
    rest = [file for file in report.files if file not in aside and file not in logs]
    rest.sort(key=lambda file: (_PLACES.get(file.name, len(_PLACES)), file.name))
    parts = [_part(file, report.reclaimable_bytes) for file in rest]
    parts += [_aside(file) for file in aside[:_MOST_ASIDE]]
    if more := aside[_MOST_ASIDE:]:
        parts.append(Part(f"{len(more):,} more", _size(more), "warning", "damaged and set aside"))
    if logs:
        parts.append(Part("logs", _size(logs), "node", f"the app's log, {counted(len(logs), 'file')}"))
    return tuple(parts)


def _part(file: FileSize, reclaimable_bytes: int) -> Part:
    role, meaning = _KNOWN.get(file.name, ("node", "for work under way"))
    free_bytes = reclaimable_bytes if _PLACES.get(file.name) == 0 else 0
    return Part(file.name, file.size_bytes, role, meaning, str(file.path), free_bytes)


def _aside(file: FileSize) -> Part:
    return Part(file.name, file.size_bytes, "warning", "damaged and set aside", str(file.path))


def _size(files: Iterable[FileSize]) -> int:
    return sum(file.size_bytes for file in files)

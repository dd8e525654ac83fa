"""What the engine answers about the store's size, found out here when no app runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from junjo_desktop.cli.output import remark
from junjo_desktop.errors import UserError
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.journal_file import connect_reader
from junjo_desktop.settings import load_settings
from junjo_desktop.state.retention_record import RetentionRecords
from junjo_desktop.state.stars import Stars
from junjo_desktop.store.database import Store
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_moment import Clocks, preview
from junjo_desktop.store.statistics import report_json, storage_report


def storage_answer(store: Store, data_dir: DataDir) -> bytes:
    """Return the JSON document of the report. Raises `UserError`."""
    settings, warnings = load_settings(data_dir.settings)
    for warning in warnings:
        remark(warning)
    policy = RetentionPolicy.of(settings)
    starred = _starred(data_dir)
    moment = preview(store, RetentionRecords(data_dir.state), policy, None, Clocks())
    return report_json(storage_report(store, data_dir, policy, moment, starred, _quarantined(data_dir)))


def _starred(data_dir: DataDir) -> frozenset[str]:
    if not data_dir.state.exists():
        return frozenset()
    try:
        with closing(Stars(data_dir.state)) as stars:
            return stars.starred()
    except UserError as error:
        remark(f"Stars are not counted. {error}")
        return frozenset()


def _quarantined(data_dir: DataDir) -> int:
    if not data_dir.journal.exists():
        return 0
    try:
        with closing(connect_reader(data_dir.journal)) as reader:
            return int(reader.execute("SELECT count(*) FROM quarantine").fetchone()[0])
    except sqlite3.Error:
        return 0  # a damaged journal is set aside, and spoken of, at the next start

"""A process that is killed right after its OK has lost nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import grpc

from junjo_desktop.receiver.journal import Journal
from junjo_desktop.receiver.journal_file import PAGE_BYTES
from junjo_desktop.telemetry.intake import Signal
from tests.receiver.intake import EXPORT_TRACES
from tests.support.child import start_child
from tests.support.otlp import span, trace_request

_RECEIVE = """
import json, pathlib, sys, threading
from tests.receiver.intake import Intake

intake = Intake(pathlib.Path(sys.argv[1]))
print(json.dumps({"port": intake.otlp_ports[0], "key": str(intake.key.secret)}), flush=True)
threading.Event().wait()
"""


def test_every_acknowledged_request_is_in_the_journal_after_a_kill(tmp_path: Path) -> None:
    bodies = [trace_request(span(f"span {number}")).SerializeToString() for number in range(40)]
    with start_child(_RECEIVE, tmp_path) as child:
        assert child.stdout is not None
        where = json.loads(child.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{where['port']}") as channel:
            export = channel.unary_unary(EXPORT_TRACES, request_serializer=bytes, response_deserializer=bytes)
            for body in bodies:
                export(body, metadata=(("x-junjo-api-key", where["key"]),), timeout=20)
            child.kill()
    journal = Journal(tmp_path / "intake.sqlite3")
    assert journal.notice is None
    assert [entry.body for entry in journal.read_after(0, 1 << 30)] == bodies
    journal.close()


def test_a_kill_in_the_middle_of_a_checkpoint_leaves_a_journal_that_is_whole(tmp_path: Path) -> None:
    bodies = [bytes([number]) * PAGE_BYTES * 4 for number in range(8)]
    path, killed, finished = (tmp_path / folder / "intake.sqlite3" for folder in ("running", "killed", "finished"))
    path.parent.mkdir()
    journal = Journal(path)
    for body in bodies:
        journal.append(Signal.TRACES, body, 1, 0)
    for copy in (killed, finished):
        shutil.copytree(path.parent, copy.parent)
    journal.close()
    with closing(sqlite3.connect(finished)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # A checkpoint copies pages one by one: this one has come as far as the first, which tells how many there will be.
    with killed.open("r+b") as file, finished.open("rb") as copied:
        file.write(copied.read(PAGE_BYTES))
    journal = Journal(killed)
    assert journal.notice is None
    assert [entry.body for entry in journal.read_after(0, 1 << 30)] == bodies
    journal.close()

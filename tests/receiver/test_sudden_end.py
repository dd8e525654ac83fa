"""A process that is killed right after its OK has lost nothing."""

from __future__ import annotations

import json
from pathlib import Path

import grpc

from junjo_desktop.receiver.journal import Journal
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

"""A disk that fills in the middle of load: senders are told to wait, the report says why, and it goes on by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.disk import is_possible, run_on_small_disk

_FILL_AND_FREE = """
import json, os, sys, threading, time
from pathlib import Path
import grpc
from google.rpc.error_details_pb2 import RetryInfo
from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from tests.support.engines import default_key, make_engine, otlp_port
from tests.support.eventually import eventually
from tests.support.otlp import span, trace_request

folder = Path(sys.argv[1])
engine = make_engine(DataDir(folder / "data"))
engine.start()
channel = grpc.insecure_channel(f"127.0.0.1:{otlp_port(engine)}")
export = channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
metadata = (("x-junjo-api-key", default_key(engine)),)
acknowledged, refusals, retries = set(), [], set()
ended = threading.Event()

def send_for_ever(sender):
    number = 0
    while not ended.is_set():
        number += 1
        spans = [span(f"{sender}/{number}", attributes={"noise": os.urandom(4_000).hex()}) for _ in range(20)]
        try:
            export(trace_request(*spans).SerializeToString(), metadata=metadata, timeout=30)
        except grpc.RpcError as error:
            refusals.append(error.code())
            retry = dict(error.trailing_metadata()).get("google.rpc.retryinfo-bin")
            retries.add(retry is not None and RetryInfo.FromString(retry).retry_delay.seconds > 0)
            ended.wait(0.02)
        else:
            acknowledged.update((one.trace_id.hex(), one.span_id.hex()) for one in spans)
            ended.wait(0.005)

senders = [threading.Thread(target=send_for_ever, args=(number,), daemon=True) for number in range(4)]
for sender in senders:
    sender.start()
assert eventually(lambda: engine.report().stored_spans > 200), engine.report()
ballast = folder / "ballast"
with ballast.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(1 << 16))
    except OSError:
        pass
assert eventually(lambda: len(refusals) >= 20), engine.report()
during = engine.report()
acknowledged_when_full = len(acknowledged)
ballast.unlink()
assert eventually(lambda: len(acknowledged) > acknowledged_when_full + 500), engine.report()
ended.set()
for sender in senders:
    sender.join()
assert eventually(lambda: engine.report().waiting == 0 and engine.report().last_error is None), engine.report()
query = "SELECT trace_id, span_id, count(*) FROM spans GROUP BY ALL"
rows = engine.store.read(lambda cursor: cursor.execute(query).fetchall())
channel.close()
engine.stop()
stored = {(trace_id, span_id) for trace_id, span_id, _ in rows}
print(json.dumps({
    "codes": sorted({code.name for code in refusals}),
    "with_retry": sorted(retries),
    "overloaded": {one.reason.name: one.count for one in during.refusals}.get("OVERLOADED", 0),
    "last_error": during.last_error,
    "lost": len(acknowledged - stored),
    "doubled": sum(count > 1 for _, _, count in rows),
    "acknowledged": len(acknowledged),
}))
"""


@pytest.mark.skipif(not is_possible(), reason="nothing can be mounted here")
def test_a_disk_that_fills_under_load_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    outcome = run_on_small_disk(_FILL_AND_FREE, tmp_path, "220m")
    assert outcome.returncode == 0, outcome.stderr
    found = json.loads(outcome.stdout)
    assert found["codes"] == ["RESOURCE_EXHAUSTED"]
    assert found["with_retry"] == [True]
    assert found["overloaded"] >= 20
    assert "intake journal" in found["last_error"]
    assert "Free some space" in found["last_error"] or "full" in found["last_error"]
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert found["acknowledged"] > 700

"""Requests as large as the receiver takes them: stored whole, within bounds of memory, in nobody's way."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from junjo_desktop.store import lookup
from junjo_desktop.store.database import Store
from tests.store.entries import Source
from tests.store.large import large_request
from tests.support.child import run_child
from tests.support.otlp import span, trace_id

_MEBIBYTE = 1 << 20
_GROWTH_MIB = 400

_STORE_ONE = """
import json, pathlib, sys
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from tests.store.entries import Source

def kibibytes(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

body = pathlib.Path(sys.argv[2]).read_bytes()
store, source = Store.open(pathlib.Path(sys.argv[1])), Source()
source.append_bytes(body)
del body
before = kibibytes("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
indexer = Indexer(store, source, lambda: None)
indexer.start()
assert indexer.drain(100), indexer.last_error
indexer.stop()
[(spans,)] = store.read(lambda cursor: cursor.execute("SELECT count(*) FROM spans").fetchall())
store.close()
print(json.dumps({"grown_mib": (kibibytes("VmHWM") - before) >> 10, "spans": spans, "aside": source.quarantined}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of its memory from /proc")
def test_a_request_of_64_mib_is_stored_within_bounds_of_memory(path: Path, tmp_path: Path) -> None:
    body, count = large_request(64 * _MEBIBYTE, 1_100)
    sent = tmp_path / "request"
    sent.write_bytes(body)
    found = json.loads(run_child(_STORE_ONE, path, sent))
    assert (found["spans"], found["aside"]) == (count, {})
    assert found["grown_mib"] < _GROWTH_MIB


def test_a_hundred_thousand_spans_of_one_trace_in_one_request(
    store: Store, source: Source, index: Callable[[], None]
) -> None:
    trace, root = trace_id(), b"\xcc" * 8
    body, count = large_request(7 * _MEBIBYTE, 100, trace=trace)
    assert count >= 100_000
    source.append_bytes(body)
    source.append_spans(span("root", trace=trace, id=root, start_ns=10**18 - 5, duration_ns=10**9))
    index()
    [found] = store.read(
        lambda cursor: cursor.execute("SELECT name, span_count, root_count, duration_ns FROM traces").fetchall()
    )
    assert found == ("root", count + 1, 1, 10**9)
    newest = store.read(lambda cursor: lookup.trace(cursor, trace.hex(), limit=5))
    assert {one.span.name for one in newest} == {"step"}


_STORE_A_GREEDY_ONE = """
import json, pathlib, sys
from junjo_desktop.store import opening
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from tests.store.entries import Source
from tests.support.otlp import span, trace_request

opening._SETTINGS["memory_limit"] = "48MiB"
store, source = Store.open(pathlib.Path(sys.argv[1])), Source()
source.append_spans(span("before"))
# As JSON a control character takes six times its room.
greedy = source.append(trace_request(span("greedy", attributes={"text": chr(0) * 12_000_000})))
source.append_spans(span("behind"))
indexer = Indexer(store, source, lambda: None)
indexer.start()
drained = indexer.drain(60.0)
indexer.stop()
rows = store.read(lambda cursor: cursor.execute("SELECT name FROM spans ORDER BY name").fetchall())
store.close()
aside = list(source.quarantined) == [greedy]
print(json.dumps({"drained": drained, "aside": aside, "names": [name for (name,) in rows]}))
"""


def test_a_request_that_needs_too_much_memory_is_put_aside_and_the_others_are_stored(path: Path) -> None:
    found = json.loads(run_child(_STORE_A_GREEDY_ONE, path))
    assert found == {"drained": True, "aside": True, "names": ["before", "behind"]}


def test_whatever_the_memory_is_enough_for_is_stored_as_it_came(
    store: Store, source: Source, index: Callable[[], None]
) -> None:
    large = "é" * _MEBIBYTE
    source.append_spans(span(large, attributes={large: [large, large]}), service="large " + large)
    index()
    assert source.quarantined == {}
    [(name, size)] = store.read(lambda cursor: cursor.execute("SELECT name, length(attributes) FROM spans").fetchall())
    assert name == large
    assert size > 3 * _MEBIBYTE

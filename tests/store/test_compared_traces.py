"""Reading traces that are compared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from junjo_desktop.errors import NotFoundError
from junjo_desktop.store import compared_traces
from junjo_desktop.store.answers import answer
from junjo_desktop.store.compared_traces import (
    TracesToChoose,
    compare_with_usual,
    read_compared_trace,
    traces_to_choose,
)
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.trace_comparison.model import UsualComparison, Verdict
from tests.support import otlp
from tests.support.stored import StoredTelemetry

START_NS = 1_790_000_000_000_000_000
MS = 1_000_000


def add_trace(
    telemetry: StoredTelemetry,
    number: int,
    *,
    name: str = "answer",
    ms: int = 20,
    service: str = "shop",
    rootless: bool = False,
) -> str:
    """A root with one child, ten seconds after the one before; returns its id."""
    trace, start_ns = otlp.trace_id(number), START_NS + number * 10_000 * MS
    root = otlp.span(name, trace=trace, start_ns=start_ns, duration_ns=ms * MS)
    failed = "late" if ms > 90 else None
    call = otlp.span(
        "call", trace=trace, parent=root.span_id, start_ns=start_ns + MS, duration_ns=(ms - 2) * MS, error=failed
    )
    telemetry.add(otlp.trace_request(*([call] if rootless else [root, call]), service=service))
    return trace.hex()


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """Twelve traces of one name, of which number 12 is slow; others of another name, another service, without root."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("compared"))
    for number in range(1, 13):
        add_trace(stored, number, ms=100 if number == 12 else 20 + number)
    add_trace(stored, 20, name="other")
    add_trace(stored, 21, service="bot")
    add_trace(stored, 22, name="call", rootless=True)
    yield stored
    stored.close()


def id_of(number: int) -> str:
    return otlp.trace_id(number).hex()


def usual(telemetry: StoredTelemetry, number: int) -> UsualComparison:
    trace = telemetry.read(partial(read_compared_trace, trace_id=id_of(number)))
    assert trace is not None
    return telemetry.read(partial(compare_with_usual, trace=trace))


def choices(telemetry: StoredTelemetry, number: int, text: str = "") -> TracesToChoose:
    return telemetry.read(partial(traces_to_choose, trace_id=id_of(number), text=text))


def test_a_trace_stands_beside_the_others_of_its_name_and_service(telemetry: StoredTelemetry) -> None:
    found = usual(telemetry, 12)
    assert (found.others, found.stored) == (11, 11)
    assert [(row.name, row.verdict) for row in found.rows] == [("answer", Verdict.SLOWER), ("call", Verdict.FAILED)]
    assert found.median_ns == 26 * MS


def test_a_trace_without_a_root_is_compared_with_such_only(telemetry: StoredTelemetry) -> None:
    found = usual(telemetry, 22)
    assert found.others == 0
    assert found.trace.is_root_missing


def test_of_very_large_traces_fewer_are_looked_at(telemetry: StoredTelemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared_traces, "MOST_SPANS", 9)
    found = usual(telemetry, 12)
    assert (found.others, found.stored) == (4, 11)


def test_the_newest_of_the_name_are_offered_first(telemetry: StoredTelemetry) -> None:
    found = choices(telemetry, 5)
    assert [row.trace_id for row in found.rows] == [id_of(number) for number in range(12, 0, -1) if number != 5]
    assert found.count == 11
    assert found.previous is not None
    assert found.well is not None
    assert (found.previous.trace_id, found.well.trace_id) == (id_of(4), id_of(11))


def test_a_query_narrows_what_is_offered_and_any_id_is_found(telemetry: StoredTelemetry) -> None:
    assert [row.trace_id for row in choices(telemetry, 5, "error = true").rows] == [id_of(12)]
    assert [row.name for row in choices(telemetry, 5, id_of(20).upper()).rows] == ["other"]
    assert choices(telemetry, 5, "nothing-like-it").count == 0
    with pytest.raises(QueryError):
        choices(telemetry, 5, "duration >")


def test_a_trace_that_is_not_stored_is_waited_for(telemetry: StoredTelemetry) -> None:
    assert telemetry.read(partial(read_compared_trace, trace_id="f" * 32)) is None
    with pytest.raises(NotFoundError, match="Waiting for trace"):
        telemetry.read(partial(traces_to_choose, trace_id="f" * 32))
    with pytest.raises(NotFoundError, match="No trace"):
        telemetry.read(lambda cursor: answer(cursor, "trace_comparison", {"left": "f" * 32}))


def test_the_cost_of_a_trace_is_that_of_its_model_calls(telemetry: StoredTelemetry) -> None:
    with telemetry.store.write() as writer:
        for number, cost, unpriced in ((3, 0.25, 0), (4, 0.5, 2)):
            row = [id_of(number), 0, 1, 3, 0, unpriced, 10, 5, cost]
            writer.execute("INSERT INTO call_traces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    trace = telemetry.read(partial(read_compared_trace, trace_id=id_of(4)))
    assert trace is not None
    assert (trace.facts.cost, trace.facts.unpriced) == (0.5, 2)
    assert usual(telemetry, 4).median_cost == 0.25
    assert usual(telemetry, 4).trace.cost == 0.5

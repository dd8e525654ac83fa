"""Real telemetry in a real store: the spans come back, and every run is in the table of executions as it went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from junjo_desktop.store.runs import find_execution, read_run_spans
from tests.recordings.load import RECEIVED_NS, Recording, recordings, untold
from tests.support.stored import StoredTelemetry

COLUMNS = (
    "span_id, type, name, outcome, error_type, error_message, service_name, hook_error_count, "
    "termination_reason, model_requests, tool_calls, input_tokens, output_tokens, runtime_id, "
    "correlation_type, correlation_id"
)
every = pytest.mark.parametrize("one", recordings(), ids=str)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """A store with all recordings."""
    telemetry = StoredTelemetry(tmp_path_factory.mktemp("recordings"))
    telemetry.add(*(request for one in recordings() for request in one.requests), received_ns=RECEIVED_NS)
    yield telemetry
    telemetry.close()


@every
def test_the_store_gives_back_the_spans_of_a_recording(stored: StoredTelemetry, one: Recording) -> None:
    found = stored.read(lambda cursor: read_run_spans(cursor, one.trace_id))
    assert sorted((replace(span, arrival=0) for span in found), key=str) == sorted(
        (replace(span, arrival=0) for span in one.spans()), key=str
    )


@every
def test_every_run_is_an_execution(stored: StoredTelemetry, one: Recording) -> None:
    told = [
        {**said, "number": number}
        for number, said in enumerate(one.expected["executions"])
        if said["type"] in {"workflow", "subflow", "agent"}
    ]
    found = _executions(stored, one)
    hidden = untold(one.version, one.scenario)
    if "type" not in hidden:
        assert len(found) == len(told)
    for row, said in zip(found, told, strict="type" not in hidden):
        if said["outcome"] == "running":
            assert (row["span_id"], row["outcome"]) == (None, None)
            continue
        assert (row["type"], row["name"], row["service_name"]) == (said["type"], said["name"], one.expected["service"])
        assert row["outcome"] == said["outcome"] or "outcome" in hidden
        error = said["error"] or {"type": None, "message": None}
        assert (row["error_type"] or "").rpartition(".")[2] == (error["type"] or "")
        assert row["error_message"] == error["message"]
        hooks = [hook for hook in one.expected["hook_errors"] if hook["execution"] == said["number"]]
        assert row["hook_error_count"] == len(hooks)
        correlation = one.expected["correlation"] or {"type": None, "id": None}
        assert (row["correlation_type"], row["correlation_id"]) == (correlation["type"], correlation["id"])


@pytest.mark.parametrize("one", [one for one in recordings() if one.expected["agents"]], ids=str)
def test_an_agent_is_counted_as_it_counted_itself(stored: StoredTelemetry, one: Recording) -> None:
    rows = [row for row in _executions(stored, one) if row["type"] == "agent"]
    for row, told in zip(rows, one.expected["agents"], strict=True):
        usage = told["usage"]["fields"]
        assert row["termination_reason"] == told["termination_reason"]
        assert row["model_requests"] == told["counts"]["model_requests"]
        assert row["tool_calls"] == told["counts"]["tool_calls"]["started"]
        assert row["input_tokens"] == usage["inputTokens"]["sum"]
        assert row["output_tokens"] == usage["outputTokens"]["sum"]


@pytest.mark.parametrize("one", [one for one in recordings() if one.version >= "0.63"], ids=str)
def test_a_run_is_found_by_the_id_that_its_program_knows(stored: StoredTelemetry, one: Recording) -> None:
    for row in _executions(stored, one):
        found = stored.read(partial(find_execution, runtime_id=row["runtime_id"]))
        assert found is not None
        assert (found.trace_id, found.span_id, found.count) == (one.trace_id, row["span_id"], 1)


def _executions(stored: StoredTelemetry, one: Recording) -> list[dict[str, Any]]:
    query = f"SELECT {COLUMNS} FROM executions WHERE trace_id = ? ORDER BY start_ns"  # noqa: S608 - our own columns
    rows = stored.read(lambda cursor: cursor.execute(query, [one.trace_id]).fetchall())
    return [dict(zip(COLUMNS.split(", "), row, strict=True)) for row in rows]

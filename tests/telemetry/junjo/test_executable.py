"""Executables are read by the attributes that are there, whichever SDK wrote them."""

from __future__ import annotations

from typing import Any

import pytest

from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType, ExecutionState, executable_of, state_of
from tests.telemetry.junjo.program import Program, exception, id_of


def executable(program: Program) -> Executable:
    (span,) = program.spans()
    found = executable_of(span)
    assert found is not None
    return found


def test_the_newest_generation_tells_everything() -> None:
    program = Program()
    program.execute(
        "S",
        "W",
        type="subflow",
        runtime="run",
        definition="def",
        structure="graph_2",
        within=("outer", "graph_1"),
        junjo__enclosing_graph_structural_id="graph_2",
        junjo__parent_executable_type="workflow",
        junjo__correlation__type="order",
        junjo__correlation__id="o-1",
    )
    found = executable(program)
    assert (found.span_id, found.parent_span_id, found.type) == (id_of("S"), id_of("W"), ExecutableType.SUBFLOW)
    assert (found.definition_id, found.runtime_id, found.structural_id) == ("def", "run", "graph_2")
    assert (found.parent_definition_id, found.parent_runtime_id) == ("outer-definition", "outer")
    assert (found.parent_structural_id, found.parent_type) == ("graph_1", ExecutableType.WORKFLOW)
    assert (found.graph_structural_id, found.contract_version) == ("graph_2", 2)
    assert (found.correlation_type, found.correlation_id) == ("order", "o-1")
    assert (found.state, found.end_ns) == (ExecutionState.DONE, found.start_ns + 100_000_000)


def test_the_oldest_generation_has_one_id_for_all() -> None:
    program = Program()
    program.old_execute("N", "W", own="n1", within="w1")
    found = executable(program)
    assert (found.definition_id, found.runtime_id) == ("n1", "n1")
    assert (found.parent_definition_id, found.parent_runtime_id) == ("w1", "w1")
    assert (found.structural_id, found.parent_type, found.contract_version) == (None, None, None)


@pytest.mark.parametrize("type_", ["spaceship", ""])
def test_what_is_no_known_executable_is_none(type_: str) -> None:
    program = Program()
    program.span("X", junjo__span_type=type_, junjo__id="x")
    (span,) = program.spans()
    assert executable_of(span) is None


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, ExecutionState.DONE),
        ({"error": "'boom!'"}, ExecutionState.FAILED),
        ({"error__type": "KeyError"}, ExecutionState.FAILED),
        ({"events": [exception("KeyError", "boom")]}, ExecutionState.FAILED),
        ({"events": [("junjo.hook_error", {"exception.type": "ValueError"})]}, ExecutionState.DONE),
        ({"junjo__cancelled": True, "junjo__cancelled_reason": "timeout"}, ExecutionState.CANCELLED),
        ({"junjo__cancelled": True, "error": "CancelledError"}, ExecutionState.CANCELLED),
        ({"junjo__agent__outcome": "failed"}, ExecutionState.FAILED),
        ({"junjo__agent__outcome": "cancelled"}, ExecutionState.CANCELLED),
        ({"junjo__agent__outcome": "completed"}, ExecutionState.DONE),
    ],
)
def test_states(told: dict[str, Any], state: ExecutionState) -> None:
    program = Program()
    program.execute("N", **told)
    assert executable(program).state is state


def test_a_failure_says_what_failed_and_a_cancelled_one_why() -> None:
    program = Program()
    program.execute("N", error="'boom!'", error__type="KeyError")
    assert (executable(program).error_type, executable(program).error_message) == ("KeyError", "'boom!'")
    program.execute("N", junjo__cancelled=True, junjo__cancelled_reason="sibling_failed")
    assert (executable(program).error_type, executable(program).cancelled_reason) == (None, "sibling_failed")


def test_a_cancelled_operation_of_an_agent_is_no_executable_and_has_a_state() -> None:
    program = Program()
    program.span("op", junjo__agent__operation_type="tool", junjo__cancelled=True)
    (span,) = program.spans()
    assert executable_of(span) is None
    assert state_of(span) is ExecutionState.CANCELLED


def test_values_of_wrong_types_count_as_absent() -> None:
    program = Program()
    program.execute("N", junjo__executable_runtime_id=7, junjo__correlation__id=["x"], junjo__cancelled="perhaps")
    found = executable(program)
    assert (found.runtime_id, found.correlation_id, found.state) == (None, None, ExecutionState.DONE)

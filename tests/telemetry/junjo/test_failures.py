"""Each failure counts once, names where it arose, and what was behind it; errors of hooks are none."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.events import Failure
from junjo_desktop.telemetry.junjo.run import build_run
from tests.telemetry.junjo.program import Program, exception, id_of

CHAINED = """Traceback (most recent call last):
  File "shop.py", line 3, in measure
    raise ValueError("no road")
ValueError: no road

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "junjo/agent.py", line 9, in run
    raise AgentToolError("Tool 'bad' service failed.")
junjo.agent.errors.AgentToolError: Tool 'bad' service failed.
"""


def failures(program: Program) -> dict[str, Failure]:
    found = build_run(program.spans(), id_of("W")).failures
    assert len({failure.span_id for failure in found}) == len(found)
    return {failure.name: failure for failure in found}


def test_a_chain_that_passes_a_failure_on_has_one_origin() -> None:
    program = Program()
    boom = [exception("KeyError", "'boom!'")]
    program.execute("W", type="workflow", error="'boom!'", error__type="KeyError", events=boom)
    program.execute("N", "W", error="'boom!'", error__type="KeyError", events=boom)
    program.span("ask", "N", error="KeyError: 'boom!'")
    found = failures(program)
    assert {name for name, failure in found.items() if failure.is_origin} == {"ask"}
    assert (found["N"].type, found["N"].message, found["N"].cause) == ("KeyError", "'boom!'", "")


def test_what_is_recorded_twice_counts_once() -> None:
    program = Program()
    program.old_execute("W", type="workflow", error="KeyError: 'boom!'", events=[exception("KeyError", "'boom!'")] * 2)
    assert failures(program)["W"].escaped is False


def test_different_exceptions_of_one_span_are_all_there() -> None:
    program = Program()
    program.execute("W", type="workflow", events=[exception("KeyError", "a"), exception("KeyError", "b")])
    assert [failure.message for failure in build_run(program.spans()).failures] == ["a", "b"]


def test_a_status_without_an_event_is_a_failure_with_its_message() -> None:
    program = Program()
    program.execute("W", type="workflow")
    program.span("query", "W", error="connection refused")
    program.span("call", "W", error__type="503")
    found = failures(program)
    assert (found["query"].type, found["query"].message, found["query"].is_origin) == ("", "connection refused", True)
    assert found["call"].type == "503"


def test_a_failure_that_was_handled_and_another_one_are_two_origins() -> None:
    program = Program()
    program.execute("W", type="workflow", error="late", events=[exception("TimeoutError", "late")])
    program.span("try", "W", error="refused", events=[exception("ConnectionError", "refused")])
    assert all(failure.is_origin for failure in failures(program).values())


def test_siblings_that_fail_alike_are_both_origins() -> None:
    program = Program()
    boom = [exception("ValueError", "boom")]
    program.execute("W", type="workflow", events=boom)
    program.execute("G", "W", type="run_concurrent", events=boom)
    program.execute("A", "G", events=boom)
    program.execute("B", "G", events=boom)
    assert {name for name, failure in failures(program).items() if failure.is_origin} == {"A", "B"}


def test_the_cause_that_only_the_owner_tells_stands_at_the_origin_too() -> None:
    program = Program()
    told = ("junjo.agent.errors.AgentToolError", "Tool 'bad' service failed.")
    program.execute("W", type="agent", events=[exception(*told, CHAINED)])
    program.span("tool bad", "W", events=[exception(*told, "Traceback (most recent call last):\n" + ": ".join(told))])
    found = failures(program)
    assert found["W"].cause == found["tool bad"].cause == "ValueError: no road"
    assert {name for name, failure in found.items() if failure.is_origin} == {"tool bad"}


def test_a_failure_that_was_wrapped_arose_where_the_first_one_was() -> None:
    program = Program()
    wrapped = exception("junjo.agent.errors.AgentToolError", "Tool 'bad' service failed.", CHAINED)
    program.execute("W", type="workflow", events=[wrapped])
    program.span("measure", "W", events=[exception("ValueError", "no road")])
    assert {name for name, failure in failures(program).items() if failure.is_origin} == {"measure"}


def test_cancelled_spans_and_errors_of_hooks_are_no_failures() -> None:
    program = Program()
    hook = {"junjo.hook.event": "node_completed", "junjo.hook.callback": "app.log", "junjo.hook.error.type": "OSError"}
    program.execute("W", type="workflow", events=[("junjo.hook_error", {**hook, "junjo.hook.error.message": "disk"})])
    program.execute("N", "W", junjo__cancelled=True, events=[exception("asyncio.CancelledError", "")])
    run = build_run(program.spans())
    assert run.failures == ()
    (error,) = run.hook_errors
    assert (error.hook_event, error.callback) == ("node_completed", "app.log")
    assert (error.type, error.message, error.span_id) == ("OSError", "disk", id_of("W"))

"""`workflow` and `agent`: recorded runs of real SDKs, printed by the real command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.telemetry.span import Span
from tests.cli.conftest import HOSTILE
from tests.cli.program import Serving, answer, call, serving
from tests.recordings.load import Recording, recording
from tests.support import otlp

WORKFLOWS = (
    "linear", "conditions", "loop", "concurrent", "subflow_twice", "fails_in_concurrent", "fails_in_subflow",
    "cancelled", "hook_error", "foreign_span", "many_updates", "run_twice",
)  # fmt: skip
AGENTS = (
    "agent_tools", "agent_tool_fails", "agent_limit", "agent_bad_arguments", "agent_unknown_tool", "agent_cancelled",
    "agent_bad_output",
)  # fmt: skip
RECORDINGS = [
    *(recording("0.68.0", scenario) for scenario in (*WORKFLOWS, "killed", *AGENTS)),
    *(recording("0.61.1", scenario) for scenario in ("loop", "subflow_twice", "many_updates")),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the recordings, and nothing running."""
    data = tmp_path_factory.mktemp("runs") / "data"
    with serving(data, "--no-auth") as served:
        send_all(served)
        assert served.end() == (0, "", "")
    return data


def send_all(served: Serving) -> None:
    for each in RECORDINGS:
        served.send(*each.requests)


def owners(each: Recording, *types: str) -> list[Span]:
    """The spans of the outermost runs of a recording, in order of start."""
    found = [span for span in each.spans() if span.junjo_span_type in types and span.parent_span_id is None]
    return sorted(found, key=lambda span: span.start_ns)


@pytest.mark.parametrize(
    "each",
    [each for each in RECORDINGS if each.scenario in WORKFLOWS],
    ids=str,
)
def test_the_document_is_what_the_program_did(folder: Path, each: Recording) -> None:
    for number, owner in enumerate(owners(each, "workflow")):
        run = answer("workflow", each.trace_id, owner.span_id, "--json", "--data-dir", folder)
        expected = [execution for execution in each.expected["executions"] if execution["parent"] is None][number]
        place = each.expected["executions"].index(expected)
        assert (run["name"], run["type"], run["service_name"]) == (
            expected["name"], "workflow", each.expected["service"]
        )  # fmt: skip
        assert run["state"] == {"completed": "done"}.get(expected["outcome"], expected["outcome"])
        assert int(run["end_time_unix_nano"]) - int(run["start_time_unix_nano"]) == run["duration_ns"]
        check_graph(run, next(graph for graph in each.expected["graphs"] if graph["owner"] == place))
        check_store(run, next(store for store in each.expected["stores"] if store["owner"] == place))


@pytest.mark.parametrize("each", [each for each in RECORDINGS if each.scenario in AGENTS], ids=str)
def test_the_document_of_an_agent_is_what_it_did(folder: Path, each: Recording) -> None:
    (owner,) = owners(each, "agent")
    (expected,) = each.expected["agents"]
    run = answer("agent", each.trace_id, owner.span_id, "--json", "--data-dir", folder)
    for key in ("outcome", "termination_reason", "limits"):
        assert run[key] == expected[key]
    assert run["counts"] == {"operations": len(run["operations"]), **expected["counts"]}
    assert run["output"]["value"] == expected["output"]
    assert run["usage"]["model_responses"] == expected["usage"]["modelResponses"]
    assert run["usage"]["fields"] == {
        re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name): field
        for name, field in expected["usage"]["fields"].items()
    }
    begun = [each for each in run["operations"] if each["type"] != "tool" or each["arguments"]["mode"] == "full"]
    assert [each["type"].replace("tool", "tool_call") for each in begun] == [
        told["kind"] for told in expected["operations"]
    ]
    for operation, told in zip(begun, expected["operations"], strict=True):
        assert (operation["outcome"] == "completed") == (told["error"] is None)
        if told["kind"] == "tool_call":
            assert (operation["call_id"], operation["tool_name"]) == (told["id"], told["name"])
            assert operation["arguments"]["value"] == told["arguments"]
            assert operation["result"]["value"] == told["result"]
    check_admissions(run, expected)


def check_admissions(run: dict[str, Any], expected: dict[str, Any]) -> None:
    admitted = [call for call in run["tool_calls"] if call["admission"] == "admitted"]
    others = [call for call in run["tool_calls"] if call["admission"] == "not_admitted"]
    counts = expected["counts"]["tool_calls"]
    assert (len(admitted), len(run["tool_calls"])) == (counts["admitted"], counts["requested"])
    assert len(admitted) + len(others) == len(run["tool_calls"])
    assert all(call["reason"] is None and call["operation_sequence"] for call in admitted)
    if others:
        assert expected["termination_reason"] in {call["reason"] for call in others}


def check_graph(run: dict[str, Any], expected: dict[str, Any]) -> None:
    graph = run["graph"]
    steps = {step["span_id"] for step in run["steps"]}
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert sorted((node["label"], node["kind"], len(node["executions"])) for node in nodes.values()) == sorted(
        (node["label"], node["kind"], len(node["executions"])) for node in expected["nodes"]
    )
    assert all(set(node["executions"]) <= steps for node in nodes.values())
    labels = [node["label"] for node in expected["nodes"]]
    label = {id_: node["label"] for id_, node in nodes.items()}
    taken = sorted((label[edge["tail"]], label[edge["head"]], edge["count"]) for edge in graph["edges"])
    assert taken == sorted((labels[edge["tail"]], labels[edge["head"]], edge["taken"]) for edge in expected["edges"])


def check_store(run: dict[str, Any], expected: dict[str, Any]) -> None:
    store = next(store for store in run["stores"] if store["owner_span_id"] == run["span_id"])
    assert (store["start"], store["end"]) == (expected["start"], expected["end"])
    if store["transition_count"] is not None:  # before contract 2 nobody counted
        missing = [gap["to_sequence"] - gap["from_sequence"] + 1 for gap in store["missing"]]
        assert sum(missing) == len(expected.get("lost", ()))
    lost = set(expected.get("lost", ()))
    arrived = [told for place, told in enumerate(expected["transitions"]) if place not in lost]
    assert [transition["action"] for transition in store["transitions"]] == [told["action"] for told in arrived]
    for transition, told in zip(store["transitions"], arrived, strict=True):
        if transition["certainty"] == "exact":
            assert transition["after"] == told["state"]
            assert transition["reason"] == ""
        else:
            assert transition["reason"].endswith(".")
    told_of = {update["sequence"] for step in run["steps"] for update in step["updates"]
               if update["store_id"] == store["id"]}  # fmt: skip
    assert told_of == {transition["sequence"] for transition in store["transitions"]}


def test_a_running_app_gives_the_same_document(tmp_path: Path) -> None:
    each = recording("0.68.0", "loop")
    line = ("workflow", each.trace_id, owners(each, "workflow")[0].span_id, "--json", "--data-dir", tmp_path / "data")
    with serving(tmp_path / "data", "--no-auth") as served:
        served.send(*each.requests)
        served.settle()
        running = answer(*line)
        assert served.end() == (0, "", "")
    assert answer(*line) == running


def test_without_states_patches_and_both_ends_are_there(folder: Path) -> None:
    each = recording("0.68.0", "loop")
    owner = owners(each, "workflow")[0]
    run = answer("workflow", each.trace_id, owner.span_id, "--json", "--no-states", "--data-dir", folder)
    (store,) = run["stores"]
    assert store["start"]
    assert store["end"]
    for transition in store["transitions"]:
        assert isinstance(transition["patch"], list)
        assert "before" not in transition
        assert "after" not in transition


def test_a_run_without_its_owner_is_made_of_what_arrived(folder: Path) -> None:
    each = recording("0.68.0", "killed")
    spans = each.spans()
    known = {span.span_id for span in spans}
    missing = next(span.parent_span_id for span in spans if span.parent_span_id not in known)
    assert missing is not None
    run = answer("workflow", each.trace_id, missing, "--json", "--data-dir", folder)
    assert run["state"] in {"running", "lost"}
    assert run["end_time"] is None
    assert {step["span_id"] for step in run["steps"]} >= known
    text = call("workflow", each.trace_id, missing, "--data-dir", folder).stdout
    assert "\n(has not arrived)  workflow  " in text
    assert f"junjo://run/{run['runtime_id']}?trace_id={each.trace_id}\n" in text


def test_the_failing_step_and_its_cause_are_said(folder: Path) -> None:
    each = recording("0.68.0", "fails_in_subflow")
    expected = next(one for one in each.expected["executions"] if one["error"] and one["error"]["is_origin"])
    owner = owners(each, "workflow")[0]
    run = answer("workflow", each.trace_id, owner.span_id, "--json", "--data-dir", folder)
    (origin,) = [failure for failure in run["failures"] if failure["is_origin"]]
    assert (origin["name"], origin["type"], origin["message"]) == (
        expected["name"], expected["error"]["type"], expected["error"]["message"]
    )  # fmt: skip
    text = call("workflow", each.trace_id, owner.span_id, "--data-dir", folder).stdout
    assert f"  {origin['name']} (span {origin['span_id']})\n" in text
    assert f"    {origin['type']}: {origin['message']}\n" in text


def test_a_hook_that_failed_is_no_failure(folder: Path) -> None:
    each = recording("0.68.0", "hook_error")
    owner = owners(each, "workflow")[0]
    run = answer("workflow", each.trace_id, owner.span_id, "--json", "--data-dir", folder)
    assert run["failures"] == []
    assert {(error["type"], error["message"]) for error in run["hook_errors"]} == {
        (error["type"], error["message"]) for error in each.expected["hook_errors"]
    }


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("each", RECORDINGS, ids=str)
def test_the_text_fits_the_terminal(folder: Path, each: Recording, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for owner in owners(each, "workflow", "agent"):
        outcome = call(str(owner.junjo_span_type), each.trace_id, owner.span_id, "--data-dir", folder)
        assert (outcome.returncode, outcome.stderr) == (0, "")
        lines = outcome.stdout.splitlines()
        tree = lines[lines.index("") + 1 :]
        tree = tree[: tree.index("")] if "" in tree else tree
        assert max(len(line) for line in tree) <= width
        assert f"junjo://run/{each.trace_id}/{owner.span_id}" in outcome.stdout


def test_the_other_kind_of_run_is_named(folder: Path) -> None:
    each = recording("0.68.0", "loop")
    owner = owners(each, "workflow")[0]
    outcome = call("agent", each.trace_id, owner.span_id, "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert f"`junjo-desktop workflow {each.trace_id} {owner.span_id}` shows it." in outcome.stderr


@pytest.mark.parametrize("command", ["workflow", "agent"])
def test_what_is_not_stored_is_one_sentence_and_status_1(folder: Path, command: str) -> None:
    each = recording("0.68.0", "loop")
    for ids in (("f" * 32, "f" * 16), (each.trace_id, "f" * 16)):
        outcome = call(command, *ids, "--json", "--data-dir", folder)
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert outcome.stderr.count("\n") == 1


def test_hostile_text_moves_nothing_in_the_terminal(tmp_path: Path) -> None:
    trace, root, node = otlp.trace_id(0xBAD), otlp.span_id(1), otlp.span_id(2)
    state = json.dumps({HOSTILE: HOSTILE})
    workflow = otlp.span(
        HOSTILE, trace=trace, id=root, error=HOSTILE,
        attributes={
            "junjo.span_type": "workflow", "junjo.executable_runtime_id": HOSTILE, "error.type": HOSTILE,
            "junjo.workflow.store.id": HOSTILE, "junjo.workflow.state.start": state, "junjo.workflow.state.end": "{",
            "junjo.correlation.type": HOSTILE, "junjo.correlation.id": HOSTILE,
            "junjo.workflow.execution_graph_snapshot": json.dumps({"v": 2, "nodes": [{"nodeRuntimeId": HOSTILE}]}),
        },
    )  # fmt: skip
    inner = otlp.span(HOSTILE, trace=trace, id=node, parent=root, attributes={"junjo.span_type": "node"})
    patch = [{"op": HOSTILE, "path": HOSTILE, "value": HOSTILE}]
    inner.events.add(
        name="set_state",
        attributes=otlp.key_values(
            {
                "id": HOSTILE, "junjo.store.id": HOSTILE, "junjo.store.name": HOSTILE, "junjo.store.action": HOSTILE,
                "junjo.state_json_patch": json.dumps(patch),
            }
        ),
    )  # fmt: skip
    inner.events.add(
        name="junjo.hook_error",
        attributes=otlp.key_values({"junjo.hook.event": HOSTILE, "junjo.hook.callback": HOSTILE,
                                    "junjo.hook.error.type": HOSTILE, "junjo.hook.error.message": HOSTILE}),
    )  # fmt: skip
    with serving(tmp_path / "data", "--no-auth") as served:
        served.send(otlp.trace_request(workflow, inner, service=HOSTILE))
        served.settle()
        ids = (workflow.trace_id.hex(), workflow.span_id.hex())
        text = call("workflow", *ids, "--data-dir", tmp_path / "data")
        document = call("workflow", *ids, "--json", "--data-dir", tmp_path / "data")
        assert served.end() == (0, "", "")
    for outcome in (text, document):
        assert outcome.returncode == 0
        assert not set(outcome.stdout) & set("\x1b\x9b\u202e\r\u2028\x07\x85")
    assert json.loads(document.stdout)["name"] == HOSTILE

"""`compare`: two recorded runs of real SDKs beside each other, printed by the real command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE
from tests.cli.program import answer, call, serving
from tests.recordings.load import Recording, recording
from tests.support import otlp

LINEAR, BROKEN = recording("0.68.0", "subflow"), recording("0.68.0", "fails_in_subflow")
LOOP, OLD_LOOP = recording("0.68.0", "loop"), recording("0.50.1", "loop")
TOOLS, LIMIT = recording("0.68.0", "agent_tools"), recording("0.68.0", "agent_limit")
TWICE = recording("0.68.0", "run_twice")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the recordings, and nothing running."""
    data = tmp_path_factory.mktemp("compared") / "data"
    with serving(data, "--no-auth") as served:
        for each in (LINEAR, BROKEN, LOOP, OLD_LOOP, TOOLS, LIMIT, TWICE):
            served.send(*each.requests)
        assert served.end() == (0, "", "")
    return data


def ids(each: Recording, number: int = 0) -> tuple[str, str]:
    """The run of a recording, as the command takes it."""
    owners = [span for span in each.spans() if span.junjo_span_type in ("workflow", "agent")]
    return each.trace_id, sorted(owners, key=lambda span: span.start_ns)[number].span_id


def test_two_generations_of_one_program_are_laid_beside_each_other(folder: Path) -> None:
    found = answer("compare", *ids(OLD_LOOP), *ids(LOOP), "--json", "--data-dir", folder)
    assert found["summary"][0] == "Same path."
    assert found["facts"]["path"] == "same"
    packs = [row for row in found["steps"] if row["name"] == "Pack"]
    assert [(row["left"]["iteration"], row["right"]["iteration"]) for row in packs] == [(at, at) for at in range(1, 6)]
    for row in found["steps"]:
        assert row["difference_ns"] == row["right"]["duration_ns"] - row["left"]["duration_ns"]
    [store] = found["stores"]
    assert (store["end"]["count"], store["end"]["changes"]) == (0, [])
    assert [found["facts"][side]["generation"] for side in ("left", "right")] == [
        "without structural ids",
        "contract 2",
    ]


def test_a_failed_run_beside_one_that_completed(folder: Path) -> None:
    found = answer("compare", *ids(LINEAR), *ids(BROKEN), "--json", "--data-dir", folder)
    assert "The left run completed, the right failed in Refuse (ValueError)." in found["summary"]
    assert found["facts"]["right"]["failure"]["message"] == "the office is closed"
    assert found["facts"]["path"] == "different"
    changes = found["stores"][0]["end"]["changes"]
    assert len(changes) == found["facts"]["end"]["count"] > 0
    assert {change["kind"] for change in changes} <= {"added", "removed", "changed"}
    assert found["graphs"]
    text = call("compare", *ids(LINEAR), *ids(BROKEN), "--data-dir", folder).stdout
    assert "--- first difference ---" in text
    assert "only left" in text
    assert "\nstate at the end\n" in text
    assert "\ngraph\n" in text


def test_two_runs_in_one_trace(folder: Path) -> None:
    found = answer("compare", *ids(TWICE), *ids(TWICE, 1), "--json", "--data-dir", folder)
    assert found["facts"]["left"]["span_id"] != found["facts"]["right"]["span_id"]
    assert found["facts"]["path"] == "same"


def test_agents_are_compared_by_their_operations(folder: Path) -> None:
    found = answer("compare", *ids(TOOLS), *ids(LIMIT), "--json", "--data-dir", folder)
    assert [row["span_type"] for row in found["steps"][:3]] == ["agent", "llm", "tool"]
    assert found["facts"]["left"]["input_tokens"] > 0


def test_what_is_not_stored_is_one_sentence_and_status_1(folder: Path) -> None:
    outcome = call("compare", *ids(LOOP), "f" * 32, "f" * 16, "--json", "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.count("\n") == 1


def test_a_run_too_few_is_wrong_usage(folder: Path) -> None:
    assert call("compare", *ids(LOOP), "--data-dir", folder).returncode == 2


def test_hostile_text_moves_nothing_in_the_terminal(tmp_path: Path) -> None:
    data, runs = tmp_path / "data", []
    with serving(data, "--no-auth") as served:
        for number in (1, 2):
            graph = {"v": 2, "nodes": [{"nodeRuntimeId": "n", "nodeLabel": f"{HOSTILE}{number}"}], "edges": []}
            run = otlp.span(
                HOSTILE, trace=otlp.trace_id(number), id=otlp.span_id(number), error=HOSTILE if number == 2 else None,
                attributes={
                    "junjo.span_type": "workflow", "junjo.workflow.store.id": HOSTILE,
                    "junjo.workflow.state.start": "{}", "junjo.workflow.state.end": json.dumps({HOSTILE: number}),
                    "junjo.correlation.type": HOSTILE, "junjo.correlation.id": HOSTILE,
                    "junjo.workflow.execution_graph_snapshot": json.dumps(graph),
                },
            )  # fmt: skip
            inner = otlp.span(
                f"{HOSTILE}{number}", trace=run.trace_id, id=otlp.span_id(10 + number), parent=run.span_id,
                attributes={"junjo.span_type": "node"},
            )  # fmt: skip
            served.send(otlp.trace_request(run, inner, service=HOSTILE))
            runs += [run.trace_id.hex(), run.span_id.hex()]
        served.settle()
        text = call("compare", *runs, "--data-dir", data)
        document = call("compare", *runs, "--json", "--data-dir", data)
        assert served.end() == (0, "", "")
    for outcome in (text, document):
        assert outcome.returncode == 0
        assert not set(outcome.stdout) & set("\x1b\x9b\u202e\r\u2028\x07\x85")
    assert json.loads(document.stdout)["stores"][0]["end"]["count"] == 1


def test_two_traces_are_laid_beside_each_other(folder: Path) -> None:
    found = answer("compare", LOOP.trace_id, LINEAR.trace_id, "--json", "--data-dir", folder)
    spans = len(LOOP.spans()), len(LINEAR.spans())
    assert (found["left"]["span_count"], found["right"]["span_count"]) == spans
    counts = found["counts"]
    assert len(found["rows"]) == sum(counts.values())
    assert sum(spans) == 2 * (counts["same"] + counts["changed"]) + counts["added"] + counts["removed"]
    text = call("compare", LOOP.trace_id, LINEAR.trace_id, "--data-dir", folder)
    assert text.returncode == 0
    assert found["summary"][0] in text.stdout
    assert "--- first difference ---" in text.stdout


def test_a_trace_is_laid_beside_the_others_of_its_name(folder: Path) -> None:
    found = answer("compare", LINEAR.trace_id, "--median", "--json", "--data-dir", folder)
    assert found["others"] == found["stored"]
    assert len(found["rows"]) == len(LINEAR.spans())
    assert {row["verdict"] for row in found["rows"]} == {"usual"}
    text = call("compare", LINEAR.trace_id, "--median", "--data-dir", folder)
    assert text.returncode == 0
    assert found["summary"][0] in text.stdout


@pytest.mark.parametrize("ids", [("a" * 32,), ("a" * 32, "--median", "b" * 32), ("a" * 32,) * 3, ("a" * 32,) * 5])
def test_any_other_number_of_ids_is_wrong_usage(folder: Path, ids: tuple[str, ...]) -> None:
    outcome = call("compare", *ids, "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (2, "")

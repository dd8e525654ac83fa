"""Steps and state updates of recorded runs as rows, and which of them a text finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.features.run.outline import Outline
from junjo_desktop.features.run.steps_filter import FindSteps, StepsFilter, read_filter
from junjo_desktop.features.run.steps_rows import SPAN, StepRows, UpdateItem, step_rows
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.telemetry.junjo.state import StoreHistory, reconstruct
from tests.recordings.load import Recording, recordings

EVERY = [pytest.param(one, id=str(one)) for one in recordings()]


def arranged(recording: Recording) -> tuple[Run, dict[str, StoreHistory], StepRows]:
    run = build_run(recording.spans())
    histories = {record.store_id: reconstruct(record) for record in run.stores}
    return run, histories, step_rows(run, histories)


def sdk(scenario: str, version: str = "0.68.0") -> tuple[Run, dict[str, StoreHistory], StepRows]:
    return arranged(Recording(version, scenario))


def lines(outline: Outline) -> list[str]:
    """The rows as they are read: indented, numbered, without times."""
    made = []
    for node in outline.nodes:
        cells = node.item.cells()
        words = [cells.number, cells.tag[0] if cells.tag else "", cells.name]
        words += ["→", cells.strong] if cells.strong else []
        words += [cells.note, cells.badge[0] if cells.badge else ""]
        made.append("  " * node.depth + " ".join(word for word in words if word))
    return made


def test_updates_stand_below_the_span_that_made_them_between_its_children() -> None:
    _, _, rows = sdk("subflow")
    assert lines(rows.tree)[:4] == [
        "workflow take a taxed order",
        "  1 node Receive",
        "    · OrderStore → set_note",
        "    · OrderStore → set_note no change",
    ]
    owner = next(line for line in lines(rows.tree) if "subflow" in line)
    below = lines(rows.tree)[lines(rows.tree).index(owner) + 1 :]
    assert below[0].strip().startswith("· ")


def test_each_turn_of_a_loop_says_which_it_is() -> None:
    _, _, rows = sdk("loop")
    checks = [line.strip() for line in lines(rows.tree) if " Check " in line]
    assert [line.partition("Check ")[2] for line in checks] == [f"run {turn} of 5" for turn in range(1, 6)]


def test_the_flat_list_says_where_each_update_was_made() -> None:
    _, _, rows = sdk("parent_updates")
    flat = lines(rows.updates)
    assert len(flat) == len(rows.order)
    assert flat[0].startswith("1 OrderStore → ")
    assert all(" in " in line for line in flat)


def test_updates_after_a_gap_say_that_they_are_not_exact() -> None:
    _, _, rows = sdk("many_updates")
    badges = [line.rpartition(" ")[2] for line in lines(rows.updates)]
    assert "inferred" in badges or "unknown" in badges


@pytest.mark.parametrize("recording", EVERY)
def test_every_span_and_every_update_of_a_run_has_one_row(recording: Recording) -> None:
    run, histories, rows = arranged(recording)
    keys = [node.key for node in rows.tree.nodes]
    assert len(keys) == len(set(keys))
    assert [key[1] for key in keys if isinstance(key, tuple) and key[0] == SPAN] == [
        step.span_id for step in sorted(run.steps, key=lambda step: keys.index((SPAN, step.span_id)))
    ]
    updates = [node.item.step for node in rows.tree.nodes if isinstance(node.item, UpdateItem)]
    assert sorted(step for step in updates if step) == sorted(rows.order)
    inside = {step.span_id for step in run.steps}
    made_here = {
        (store_id, transition.position)
        for store_id, history in histories.items()
        for transition in history.transitions
        if transition.event.span_id in inside
    }
    assert set(rows.order) == made_here
    assert rows.carriers.keys() >= made_here
    moments = [rows.transitions[step].event.time_ns for step in rows.order]
    assert moments == sorted(moments)


@pytest.mark.parametrize("recording", EVERY)
def test_rows_of_what_has_arrived_so_far_never_fail(recording: Recording) -> None:
    spans = recording.spans()
    for count in range(1, len(spans)):
        run = build_run(spans[:count])
        histories = {record.store_id: reconstruct(record) for record in run.stores}
        rows = step_rows(run, histories)
        assert len([line for line in lines(rows.tree) if line]) == len(rows.tree)
        assert rows.span_count == len(run.steps) - 1


# The filter


def test_a_text_is_read_as_words_names_and_paths() -> None:
    assert read_filter("Draft store:Answer action:set_draft /items/3") == StepsFilter(
        words=("draft",), stores=("answer",), actions=("set_draft",), paths=("/items/3",)
    )
    assert read_filter('"two words" store:"My Store"') == StepsFilter(words=("two words",), stores=("my store",))
    assert read_filter("  ") == StepsFilter()


@given(st.text(max_size=60))
def test_any_text_can_be_typed(text: str) -> None:
    run, histories, rows = sdk("linear")
    found = FindSteps(run, histories, rows, text)()
    assert found.updates <= set(rows.order)


def test_a_path_finds_the_updates_that_changed_what_is_there() -> None:
    run, histories, rows = sdk("loop")
    found = FindSteps(run, histories, rows, "/count")()
    assert found.updates == {
        step for step in rows.order if '"path":"/count"' in (rows.transitions[step].event.patch.text or "")
    }
    assert len(found.updates) == 5
    assert found.spans == frozenset()


def test_words_find_names_of_steps_stores_and_actions() -> None:
    run, histories, rows = sdk("loop")
    found = FindSteps(run, histories, rows, "check")()
    assert {step.name for step in run.steps if step.span_id in found.spans} == {"Check"}
    assert FindSteps(run, histories, rows, "ORDERSTORE set_count")().updates == {
        step for step in rows.order if rows.transitions[step].event.action == "set_count"
    }
    assert FindSteps(run, histories, rows, "store:nobody")().updates == frozenset()

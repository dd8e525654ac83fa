"""Stores have all of their updates, wherever these sit, and say what is missing."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.executable import ExecutableType
from junjo_desktop.telemetry.junjo.payload import PayloadMode
from junjo_desktop.telemetry.junjo.run import build_run
from junjo_desktop.telemetry.junjo.store_record import StoreRecord
from tests.telemetry.junjo.program import Program, id_of, set_state


def shop() -> Program:
    """A workflow whose node changes its store within a foreign span, and a subflow that changes its parent's."""
    program = Program()
    program.execute(
        *("W", None, (0, 100)), type="workflow", store="outer", events=[set_state("outer")],
        junjo__store__revision__start=0, junjo__store__revision__end=4, junjo__store__transition__count=5,
        junjo__store__reconstructable=True, junjo__workflow__state__start__mode="excluded",
    )  # fmt: skip
    program.execute("N", "W", (10, 40), events=[set_state("outer", id="1")])
    program.span("chat", "N", (11, 20), events=[("log", {}), set_state("outer", id="2", **{"junjo.store.name": "N"})])
    program.execute(
        *("S", "W", (50, 90)), type="subflow", store="inner", junjo__workflow__parent_store__id="outer",
        events=[set_state("outer", id="3"), set_state("inner", id="4")],
    )  # fmt: skip
    program.execute("M", "S", (60, 70), events=[set_state("inner", id="5")])
    return program


def records(program: Program, key: str = "W") -> dict[str, StoreRecord]:
    return {store.store_id: store for store in build_run(program.spans(), id_of(key)).stores}


def updates(record: StoreRecord) -> set[tuple[str, str | None]]:
    return {(update.span_id, update.event_id) for update in record.events}


def test_updates_count_wherever_they_sit() -> None:
    stores = records(shop())
    assert list(stores) == ["outer", "inner"]
    assert updates(stores["outer"]) == {
        (id_of("W"), "e"),
        (id_of("N"), "1"),
        (id_of("chat"), "2"),
        (id_of("S"), "3"),
    }
    assert updates(stores["inner"]) == {(id_of("S"), "4"), (id_of("M"), "5")}


def test_a_store_has_both_ends_and_what_its_owner_claims() -> None:
    outer, inner = records(shop()).values()
    assert (outer.owner_span_id, outer.owner_type, outer.is_ended) == (id_of("W"), ExecutableType.WORKFLOW, True)
    assert (outer.start.mode, outer.end.value) == (PayloadMode.EXCLUDED, {})
    assert (outer.revision_start, outer.revision_end, outer.transition_count) == (0, 4, 5)
    assert (outer.reconstructable, outer.name, outer.is_outside) == (True, "Store", False)
    assert (inner.parent_store_id, inner.revision_end, inner.reconstructable) == ("outer", None, None)


def test_a_store_around_the_run_is_there_whole_if_the_run_changed_it() -> None:
    stores = records(shop(), "S")
    assert list(stores) == ["inner", "outer"]
    assert (stores["outer"].is_outside, stores["outer"].owner_span_id) == (True, id_of("W"))
    assert len(stores["outer"].events) == 4


def test_steps_point_at_their_updates() -> None:
    run = build_run(shop().spans())
    stores = {store.store_id: store for store in run.stores}
    found = {step.name: [stores[store].events[index].event_id for store, index in step.events] for step in run.steps}
    assert found == {"W": ["e"], "N": ["1"], "chat": ["2"], "S": ["3", "4"], "M": ["5"]}


def test_dropped_events_are_told_of_those_spans_that_may_have_had_updates() -> None:
    program = shop()
    for key, count in (("N", 72), ("M", 3), ("S", 0)):
        program.sent[key].dropped_events_count = count
    program.span("silent", "N", (30, 35))
    program.sent["silent"].dropped_events_count = 5
    outer, inner = records(program).values()
    assert outer.dropped_events == {id_of("N"): 72, id_of("M"): 3, id_of("silent"): 5}
    assert inner.dropped_events == {id_of("M"): 3}
    assert build_run(program.spans()).dropped.events == 80


def test_updates_of_a_missing_owner_are_gathered_all_the_same() -> None:
    program = shop()
    for key in ("N", "S"):
        program.sent[key].attributes.add(key="junjo.parent_executable_runtime_id").value.string_value = "W"
    stores = {store.store_id: store for store in build_run(program.spans("W"), runtime_id="W").stores}
    assert (stores["outer"].owner_span_id, stores["outer"].is_ended, stores["outer"].is_outside) == (None, False, False)
    assert (stores["outer"].start.mode, len(stores["outer"].events)) == (PayloadMode.MISSING, 3)


def test_an_agents_store_is_a_store() -> None:
    program = Program()
    program.execute(
        *("A", None, (0, 100)), type="agent", junjo__agent__store__id="st",
        junjo__agent__state__start='{"n": 0}', junjo__agent__state__end='{"n": 1}',
    )  # fmt: skip
    program.span("model request 1", "A", events=[set_state("st")], junjo__agent__runtime_id="A")
    (store,) = records(program, "A").values()
    assert (store.start.value, store.end.value, store.owner_type) == ({"n": 0}, {"n": 1}, ExecutableType.AGENT)
    assert len(store.events) == 1


def test_one_store_used_by_several_runs_has_the_updates_of_the_one_that_is_asked_for() -> None:
    program = Program()
    for run in "12":
        program.execute(f"W{run}", type="workflow", store="shared")
        program.execute(f"N{run}", f"W{run}", events=[set_state("shared", id=run)])
    (store,) = records(program, "W2").values()
    assert updates(store) == {(id_of("N2"), "2")}
    assert store.notes


def test_an_update_of_no_store_is_left_out_and_noted() -> None:
    program = Program()
    program.execute("W", type="workflow", events=[("set_state", {"id": "e"})])
    run = build_run(program.spans())
    assert run.stores == ()
    assert run.notes == ("1 update does not say of which store it is, and is left out.",)


def test_spans_that_are_missing_within_an_owner_are_counted() -> None:
    assert [store.missing_spans for store in records(shop()).values()] == [0, 0]
    stores = build_run(shop().spans("N"), id_of("W")).stores
    assert {store.store_id: store.missing_spans for store in stores} == {"outer": 1, "inner": 0}

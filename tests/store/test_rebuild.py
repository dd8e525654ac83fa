"""A rebuild makes of any derived data what ingesting the same telemetry anew would have made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from junjo_desktop.store import rebuild as rebuild_module
from junjo_desktop.store import rebuild_spans, rebuild_traces
from junjo_desktop.store.database import Store
from junjo_desktop.store.derivation import MIXED, Derivation, Position, Step, derivation_of, save
from junjo_desktop.store.rebuild import rebuild
from junjo_desktop.store.summaries import TRACE_COLUMNS
from junjo_desktop.telemetry import derived
from junjo_desktop.telemetry.semantics import DERIVED_VERSION, NO_MEANING
from tests.store.derivable import Contents, contents, disagreements, execute, ingest

CORRUPTIONS = {
    "types": "UPDATE spans SET span_type = 'x', junjo_span_type = 'agent'",
    "some types": "UPDATE spans SET span_type = 'llm' WHERE span_type <> 'llm'",
    "models": "UPDATE spans SET llm_model = name, llm_provider = NULL, junjo_runtime_id = span_id",
    "tokens": "UPDATE spans SET input_tokens = 7, output_tokens = NULL",
    "tokens without end": "UPDATE spans SET input_tokens = 9223372036854775807",
    "errors": "UPDATE spans SET is_error = NOT is_error",
    "durations": "UPDATE spans SET duration_ns = -1, event_count = 9",
    "services of spans": "UPDATE spans SET service_name = 'wrong'",
    "services of resources": "UPDATE resources SET service_name = 'wrong'; UPDATE spans SET service_name = 'wrong'",
    "no traces": "DELETE FROM traces; DELETE FROM trace_services",
    "some traces": "DELETE FROM traces WHERE span_count = 4; DELETE FROM trace_services WHERE service_name = 'shop-1'",
    "summaries": "UPDATE traces SET span_count = 1, name = 'x', root_span_id = NULL, input_tokens = NULL",
    "times of traces": """
        UPDATE traces SET start_ns = 1, end_ns = 2, duration_ns = 3, first_received_ns = first_received_ns + 5
    """,
    "orphans": """
        INSERT INTO traces SELECT replace(trace_id, '0', 'f'), * EXCLUDE (trace_id) FROM traces;
        INSERT INTO trace_services VALUES ('nobody', 'x', 3), ('f', 'shop-1', 1)
    """,
    "services of traces": "UPDATE trace_services SET span_count = span_count + 1",
    "services of traces twice": "INSERT INTO trace_services SELECT * FROM trace_services LIMIT 9",
    "counts of services": "UPDATE services SET span_count = -4, error_count = 99, log_count = 5, metric_count = 1",
    "no services": "DELETE FROM services",
    "more services": "INSERT INTO services SELECT 'old ' || service_name, * EXCLUDE (service_name) FROM services",
}
# What only the old rows know is lost with them: that a span of the trace came again, and when.
HISTORY = {"no traces", "some traces", "times of traces"}


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every loop of a rebuild turn more than once."""
    monkeypatch.setattr(rebuild_module, "_FIRST_PORTION", 16)
    monkeypatch.setattr(rebuild_module, "_CHANGED_TRACES", 4)
    monkeypatch.setattr(rebuild_module, "_TRACES_OF_CHANGED_SPANS", 4)
    monkeypatch.setattr(rebuild_module, "_RECORD_S", 0.0)
    monkeypatch.setattr(rebuild_spans, "MOST_ROWS", 32)
    monkeypatch.setattr(rebuild_traces, "SPANS_A_PART", 40)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Contents]:
    """A freshly ingested file, and what it holds."""
    path = tmp_path_factory.mktemp("ingested") / "telemetry.duckdb"
    return path, ingest(path)


@pytest.fixture
def fresh(ingested: tuple[Path, Contents]) -> Contents:
    """What a fresh ingest makes."""
    return ingested[1]


@pytest.fixture
def copied(ingested: tuple[Path, Contents], path: Path) -> Iterator[Store]:
    """An open copy of the freshly ingested file."""
    path.write_bytes(ingested[0].read_bytes())
    store = Store.open(path)
    yield store
    store.close()


def _forgetting_history(found: Contents) -> Contents:
    columns = [TRACE_COLUMNS.index(name) for name in ("replaced_count", "first_received_ns", "last_received_ns")]
    traces = [tuple(value for at, value in enumerate(row) if at not in columns) for row in found["traces"]]
    return {**found, "traces": traces}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_whatever_is_wrong_becomes_what_ingesting_makes(copied: Store, fresh: Contents, name: str) -> None:
    execute(copied, CORRUPTIONS[name])
    assert contents(copied) != fresh
    result = rebuild(copied)
    assert result.is_finished
    assert not result.is_resumed
    found = contents(copied)
    assert (_forgetting_history(found) if name in HISTORY else found) == (
        _forgetting_history(fresh) if name in HISTORY else fresh
    )


def test_everything_wrong_at_once_becomes_right(copied: Store, fresh: Contents) -> None:
    for statement in CORRUPTIONS.values():
        execute(copied, statement)
    rebuild(copied)
    assert _forgetting_history(contents(copied)) == _forgetting_history(fresh)


def test_what_is_right_is_not_written(copied: Store, fresh: Contents) -> None:
    before = copied.changes
    position = rebuild(copied).position
    assert position.spans == len(fresh["spans"])
    assert (position.spans_changed, position.spans_unreadable, position.summaries_changed) == (0, 0, 0)
    assert copied.changes == before
    assert contents(copied) == fresh


def test_what_was_corrected_is_counted(copied: Store) -> None:
    execute(copied, "UPDATE spans SET llm_model = 'x' WHERE name = 'call 1'; UPDATE services SET span_count = 0")
    position = rebuild(copied).position
    assert position.spans_changed == 30
    assert position.summaries_changed == 5


def test_a_span_of_which_the_text_is_damaged_stays_as_it_is(copied: Store, fresh: Contents) -> None:
    damage = "UPDATE spans SET attributes = '{', span_type = 'kept' WHERE name = 'call 1' AND span_id LIKE '%ca'"
    execute(copied, damage, "UPDATE spans SET span_type = 'x' WHERE name = 'call 2'")
    assert rebuild(copied).position.spans_unreadable == 1
    kept = copied.read(lambda cursor: cursor.execute("SELECT count(*) FROM spans WHERE span_type = 'kept'").fetchall())
    assert kept == [(1,)]
    assert len([row for row in contents(copied)["spans"] if row not in fresh["spans"]]) == 1
    assert disagreements(copied) == []


def test_an_empty_store_is_rebuilt_in_no_time(store: Store) -> None:
    assert rebuild(store).is_finished
    assert store.read(derivation_of) == Derivation(DERIVED_VERSION)


def test_after_every_step_summaries_agree_with_spans(
    copied: Store, fresh: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As an older version of the program would have stored it, which knew no meaning at all.
    with monkeypatch.context() as older:
        older.setattr(derived, "meaning_of", lambda _attributes: NO_MEANING)
        rebuild(copied)
    assert contents(copied) != fresh
    assert disagreements(copied) == []
    seen: list[list[object]] = []
    result = rebuild(copied, lambda _position: seen.append(disagreements(copied)))
    assert result.position.spans_changed > 100
    assert len(seen) > 10
    assert not any(seen)
    assert contents(copied) == fresh


def _version(store: Store) -> int:
    return store.read(derivation_of).version


def test_a_new_store_is_of_this_version_and_an_old_one_once_it_is_rebuilt(copied: Store, path: Path) -> None:
    assert copied.read(derivation_of).is_current
    execute(copied, "UPDATE derivation SET version = 1")
    copied.close()
    store = Store.open(path)
    assert not store.read(derivation_of).is_current
    rebuild(store)
    assert store.read(derivation_of).is_current
    store.close()


def test_what_an_older_program_adds_to_the_work_of_a_newer_one_makes_it_mixed(copied: Store, path: Path) -> None:
    execute(copied, "UPDATE derivation SET version = version + 1")
    copied.close()
    store = Store.open(path)
    assert _version(store) == MIXED
    store.close()


def test_an_empty_store_is_never_old(store: Store, path: Path) -> None:
    execute(store, "UPDATE derivation SET version = 1")
    store.close()
    again = Store.open(path)
    assert _version(again) == DERIVED_VERSION
    again.close()


def test_a_rebuild_of_another_version_begins_anew(copied: Store, path: Path) -> None:
    begun = Position(DERIVED_VERSION + 1, Step.SERVICES, 9, 0, 1, 1, 5, 0, 0, 0, 1)
    with copied.write() as writer:
        save(writer, begun)
    assert not rebuild(copied).is_resumed
    with copied.write() as writer:
        save(writer, begun)
    copied.close()
    store = Store.open(path)
    assert store.read(derivation_of).rebuild is None
    store.close()

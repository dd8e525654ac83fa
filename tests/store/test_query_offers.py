"""What is stored that a query may be completed with, of each subject."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from junjo_desktop.store.query_offers import LONGEST, attribute_keys, stored_values, values_holding
from junjo_desktop.telemetry.query.fields import field_named
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field
from tests.support.junjo_spans import Place, executable
from tests.support.otlp import Value, log, log_request, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

HOSTILE = "'; DROP TABLE spans; -- \u202e\"<b>"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """A span, a run and a log record."""
    telemetry = StoredTelemetry(tmp_path_factory.mktemp("offers"))
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "prompt": "tea " * LONGEST,
        "http.status": 418,
        "note": HOSTILE,
    }
    call = span("pour Tea", id=span_id(1), trace=trace_id(1), attributes=attributes, error="too hot")
    call.events.add(name="boiled", attributes=[]).attributes.extend(span(attributes={"kettle": "red"}).attributes)
    telemetry.add(
        trace_request(call, service="teashop", resource={"host.name": "teapot-7"}),
        trace_request(executable("workflow", 200, Place(2), name="serve", graph="g"), service="kitchen"),
        log_request(log("short", event="tea.ready", attributes={"cup": "tea cup"}), service="waiter"),
    )
    yield telemetry
    telemetry.close()


def _held(stored: StoredTelemetry, text: str, subject: Subject = Subject.TRACES) -> set[tuple[str, str, str | None]]:
    found = stored.read(partial(values_holding, text=text, subject=subject))
    return {(each.field.scope.value, each.field.name, each.value) for each in found}


def test_fields_attributes_resources_and_events_are_found_by_their_value(stored: StoredTelemetry) -> None:
    assert _held(stored, "GPT-4") >= {
        ("known", "model", "gpt-4o"),
        ("attribute", "gen_ai.request.model", "gpt-4o"),
    }
    assert _held(stored, "tea") == {
        ("known", "service", "teashop"),
        ("known", "name", "pour Tea"),
        ("attribute", "prompt", None),
        ("resource", "host.name", "teapot-7"),
    }
    assert _held(stored, "boil") == {("event", "name", "boiled")}
    assert _held(stored, "red") == {("event", "kettle", "red")}
    assert _held(stored, "too h") == {("known", "message", "too hot")}
    assert _held(stored, "418") == {("attribute", "http.status", "418")}
    assert _held(stored, "41") == set()


def test_each_subject_offers_what_it_has(stored: StoredTelemetry) -> None:
    assert _held(stored, "tea", Subject.LOGS) == {
        ("known", "event", "tea.ready"),
        ("attribute", "cup", "tea cup"),
        ("resource", "host.name", "teapot-7"),
    }
    assert ("known", "name", "serve") in _held(stored, "serv", Subject.RUNS)
    assert ("known", "service", "kitchen") in _held(stored, "kitch", Subject.RUNS)
    assert "cup" in stored.read(partial(attribute_keys, subject=Subject.LOGS))
    assert "prompt" not in stored.read(partial(attribute_keys, subject=Subject.LOGS))
    assert {"prompt", "event.kettle", "resource.host.name"} <= set(stored.read(attribute_keys))


@pytest.mark.parametrize(
    ("name", "subject", "wanted"),
    [
        ("service", Subject.TRACES, {"teashop", "kitchen"}),
        ("service", Subject.RUNS, {"kitchen"}),
        ("service", Subject.LOGS, {"waiter"}),
        ("event", Subject.LOGS, {"tea.ready"}),
        ("scope", Subject.LOGS, {"tests"}),
        ("model", Subject.LOGS, {"gpt-4o"}),
        ("name", Subject.RUNS, {"serve"}),
        ("cup", Subject.LOGS, {"tea cup"}),
        ("cup", Subject.SPANS, set()),
        ("note", Subject.SPANS, {HOSTILE}),
        ("event.kettle", Subject.SPANS, {"red"}),
        ("event.name", Subject.SPANS, {"boiled"}),
        ("resource.host.name", Subject.LOGS, {"teapot-7"}),
    ],
)
def test_a_field_has_the_values_of_its_subject(
    stored: StoredTelemetry, name: str, subject: Subject, wanted: set[str]
) -> None:
    field = Field(*field_named(name))
    assert set(stored.read(partial(stored_values, field=field, subject=subject))) == wanted


@pytest.mark.parametrize("text", [HOSTILE, "\\", '"', "%", "_", "$text", "\x00", "ä"])
def test_hostile_text_is_only_looked_for(stored: StoredTelemetry, text: str) -> None:
    assert all(text.lower() in (value or text).lower() for _, _, value in _held(stored, text))


def test_an_empty_store_offers_nothing(tmp_path: Path) -> None:
    empty = StoredTelemetry(tmp_path)
    for subject in Subject:
        assert _held(empty, "tea", subject) == set()
        assert empty.read(partial(attribute_keys, subject=subject)) == ()
    empty.close()

"""What is offered at a place of a query."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.query.completing import field_offers, fixed_values, value_offers, wanted_at
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.tree import Field, Scope

MODEL = Field(Scope.KNOWN, "model")


@pytest.mark.parametrize(
    ("text", "typed", "field"),
    [
        ("se", "se", None),
        ("a -na", "na", None),
        ("-na", "na", None),
        ("{ty", "ty", None),
        ("model:", "", MODEL),
        ("a Model = gp", "gp", MODEL),
        ('{model:"gpt 4', "gpt 4", MODEL),
        ("model in (a, gp", "gp", MODEL),
        ("model in (", "", MODEL),
        ("http.route:/x", "/x", Field(Scope.ATTRIBUTE, "http.route")),
        ("resource.host.name = h", "h", Field(Scope.RESOURCE, "host.name")),
        ('"odd key" = v', "v", Field(Scope.ATTRIBUTE, "odd key")),
        ('event."odd \\" key" = v', "v", Field(Scope.EVENT, 'odd " key')),
    ],
)
def test_it_knows_what_is_being_written(text: str, typed: str, field: Field | None) -> None:
    found = wanted_at(text, len(text))
    assert found is not None
    assert (found.typed, found.field, found.end) == (typed, field, len(text))
    assert text[found.start :] in {typed, f'"{typed}'}


@pytest.mark.parametrize("text", ["", "a ", '"a phr', "duration > 2", "name ~ ^g", '"done" ', "(a)"])
def test_nothing_is_offered_where_anything_may_stand(text: str) -> None:
    assert wanted_at(text, len(text)) is None


def test_only_what_stands_before_the_cursor_counts() -> None:
    found = wanted_at("se model:gpt", 2)
    assert found is not None
    assert (found.typed, found.start, found.end) == ("se", 0, 2)


def test_fields_come_before_attributes_and_are_written_so_that_a_value_may_follow() -> None:
    keys = ("gen_ai.request.model", "model.kind", 'odd " key', "duration", "resource.host.name", "mode")
    assert [offer.text for offer in field_offers("mode", keys)] == [
        "model:",
        "model.kind = ",
        "mode = ",
        "gen_ai.request.model = ",
    ]
    assert [offer.text for offer in field_offers("dur", keys)] == ["duration > ", '"duration" = ']
    for offer in field_offers("", keys):
        value = {"duration > ": "2s", "time > ": "2s ago", "error = ": "true"}.get(offer.text, "1")
        assert parse(f"{offer.text}{value}") is not None


def test_values_are_written_so_that_they_are_read_as_they_are() -> None:
    values = ("gpt-4o", "llama3.2:3b", "two words", 'say "hi"', "a,b", "(x)", "", "\\")
    offers = tuple(value_offers("", values))
    assert [offer.shown for offer in offers] == list(values)
    for offer in offers:
        query = parse(f"model = {offer.text}a")
        assert query == parse(f"model = {offer.text} a")
        assert offer.shown in repr(query) or "\\" in offer.shown or '"' in offer.shown


def test_fields_with_few_values_offer_these() -> None:
    assert fixed_values(Field(Scope.KNOWN, "status")) == ("unset", "ok", "error")
    assert fixed_values(Field(Scope.KNOWN, "duration")) == ()
    assert fixed_values(MODEL) is None
    assert fixed_values(Field(Scope.ATTRIBUTE, "status")) is None

"""What is offered at a place of a query."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.query.completing import (
    HeldValue,
    field_offers,
    fixed_values,
    key_offers,
    term_offers,
    value_offers,
    wanted_at,
)
from junjo_desktop.telemetry.query.fields import Kind, field_named, kind_of
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
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


def test_fields_and_keys_are_written_so_that_a_value_may_follow() -> None:
    keys = ("gen_ai.request.model", "model.kind", 'odd " key', "duration", "resource.host.name", "mode")
    assert [offer.text for offer in field_offers("mode")] == ["model:"]
    assert [offer.text for offer in key_offers("mode", keys)] == [
        "model.kind = ",
        "mode = ",
        "gen_ai.request.model = ",
    ]
    assert [offer.text for offer in (*field_offers("dur"), *key_offers("dur", keys))] == [
        "duration > ",
        '"duration" = ',
    ]
    for subject in Subject:
        for offer in (*field_offers("", subject), *key_offers("", keys)):
            kind = kind_of(Field(*field_named(offer.text.rstrip(" :=<>"))))
            value = {Kind.DURATION: "2s", Kind.MOMENT: "2s ago", Kind.FLAG: "true", Kind.SEVERITY: "warn"}.get(
                kind, "1"
            )
            assert offer.text.startswith('"') or parse(f"{offer.text}{value}", subject) is not None


def test_a_value_that_is_typed_first_is_offered_with_the_fields_that_have_it() -> None:
    held = [
        HeldValue(MODEL, "gpt-4o"),
        HeldValue(MODEL, "gpt-4o mini"),
        HeldValue(Field(Scope.ATTRIBUTE, "prompt"), None),
        HeldValue(Field(Scope.RESOURCE, "deployed"), "GPT-4o, here"),
        HeldValue(Field(Scope.EVENT, "note"), "something else"),
    ]
    offers = list(term_offers("gpt-4o", held))
    assert [offer.text for offer in offers] == [
        "model:gpt-4o ",
        'model:"gpt-4o mini" ',
        'resource.deployed:"GPT-4o, here" ',
        "prompt:gpt-4o ",
    ]
    assert [offer.words for offer in offers] == [
        "model that was called",
        "model that was called",
        "resource attribute",
        "attribute, with this in it",
    ]
    for offer in offers:
        assert parse(offer.text) is not None


def test_of_a_field_with_many_values_a_few_are_offered_and_then_all_at_once() -> None:
    name = Field(Scope.KNOWN, "name")
    offers = list(term_offers("re", [HeldValue(name, f"re{number}") for number in range(9)]))
    assert [offer.shown for offer in offers] == ["name:re0", "name:re1", "name:re2", "name:re3", "name:re"]


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

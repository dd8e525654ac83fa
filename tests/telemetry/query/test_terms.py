"""Conditions that were made by a click: of a field and a value, turned round, added and taken away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.printing import text_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import (
    LONGEST_VALUE,
    added,
    exists_term,
    negation,
    parts_of,
    term_for,
    without_part,
)
from junjo_desktop.telemetry.query.tree import And, Comparison, Condition, Field, Not, Operator, Scope
from tests.telemetry.query.trees import KEYS, any_queries


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("service", "shop", "service = shop"),
        ("service.name", "shop", "service = shop"),
        ("name", "GET /users/{id}", 'name = "GET /users/{id}"'),
        ("http.route", "/x", "http.route = /x"),
        ("http.status", 500, "http.status = 500"),
        ("cached", True, "cached = true"),
        ("resource.host.name", "a, b", 'resource.host.name = "a, b"'),
        ("name", "", 'name = ""'),
        ("name", "15m ago", 'name = "15m ago"'),
        (Field(Scope.ATTRIBUTE, "service"), "x", '"service" = x'),
    ],
)
def test_a_field_and_its_value_make_a_condition(field: Field | str, value: str | int | bool, wanted: str) -> None:
    assert term_for(field, value) == wanted


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from((Scope.ATTRIBUTE, Scope.RESOURCE, Scope.EVENT)),
    st.sampled_from(KEYS) | st.text(max_size=8),
    st.text(max_size=30),
)
def test_any_key_and_any_value_are_read_back_as_they_were(scope: Scope, key: str, value: str) -> None:
    field = Field(scope, key)
    found = parse(term_for(field, value))
    assert isinstance(found, Comparison)
    assert (found.field, found.operator, found.value.text) == (field, Operator.EQUAL, value)
    opposite = parse(negation(term_for(field, value)))
    assert opposite == Not(found)
    assert parse(exists_term(field)) is not None


def test_a_long_value_is_asked_for_by_its_beginning() -> None:
    found = parse(term_for("message", "x" * 5_000))
    assert isinstance(found, Comparison)
    assert (found.operator, found.value.text) == (Operator.CONTAINS, "x" * LONGEST_VALUE)


@pytest.mark.parametrize(
    ("query", "term", "wanted"),
    [
        ("", "service = shop", "service = shop"),
        ("  tea  ", "service = shop", "tea service = shop"),
        ("a OR b", "service = shop", "(a OR b) service = shop"),
        ("parent{type:llm} >> {error=true}", "a", "parent{type:llm} >> {error=true} a"),
        ("tea service = shop", "service = shop", "tea service = shop"),
        ("tea -service = shop", "service = shop", "tea service = shop"),
        ("tea service = shop", "-service = shop", "tea -service = shop"),
        ("service = shop", "-service = shop", "-service = shop"),
        ("name = 15m", "ago", 'name = 15m "ago"'),
        ('"never closed', "service = shop", "service = shop"),
        ("a", "b c", "a b c"),
        ("a", "b OR c", "a (b OR c)"),
    ],
)
def test_a_condition_is_added_to_what_is_asked(query: str, term: str, wanted: str) -> None:
    assert added(query, term) == wanted


@settings(max_examples=100, deadline=None)
@given(any_queries, any_queries)
def test_what_was_asked_is_still_asked_and_the_condition_too(query: Condition, term: Condition) -> None:
    found = parse(added(text_of(query), text_of(term)))
    assert found is not None
    parts = found.operands if isinstance(found, And) else (found,)
    new = term.operands if isinstance(term, And) else (term,)
    old = query.operands if isinstance(query, And) else (query,)
    assert set(new) <= set(parts)
    assert set(parts) <= {*old, *new}
    gone = {part.operand if isinstance(part, Not) else Not(part) for part in new}
    assert set(old) - set(parts) <= gone


def test_a_condition_that_a_list_cannot_be_asked_is_refused() -> None:
    with pytest.raises(QueryError, match="severity"):
        added("a", "severity = error", Subject.TRACES)
    assert added("a", "severity = error", Subject.LOGS) == "a severity = error"


def test_a_query_falls_into_its_parts_and_loses_one() -> None:
    query = "tea (a OR b) -service = shop {type:llm}"
    assert parts_of(query) == ("tea", "a OR b", "-service = shop", "{type:llm}")
    assert without_part(query, 1) == "tea -service = shop {type:llm}"
    assert without_part("tea", 0) == ""

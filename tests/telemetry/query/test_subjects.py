"""Fields belong to what is asked for: what a subject does not have is said, with what it has."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.fields import fields_of
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Comparison, Field, Operator, Scope, Value


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (Subject.LOGS, "severity >= warn"),
        (Subject.LOGS, "severity in (info, ERROR, 17)"),
        (Subject.LOGS, 'body:"no stock" logger:shop.cart event = order.placed'),
        (Subject.LOGS, "duration > 2s type:llm"),
        (Subject.RUNS, "outcome:failed failures > 1 version = 1.2 correlation:order-7"),
        (Subject.RUNS, "model:gpt {type:llm} > {type:tool}"),
        (Subject.SPANS, "scope:openinference duration > 2s"),
    ],
)
def test_a_subject_has_its_fields_and_those_of_its_spans(subject: Subject, text: str) -> None:
    assert parse(text, subject) is not None


@pytest.mark.parametrize(
    ("subject", "text", "wrong"),
    [
        (Subject.TRACES, "error = true severity >= warn", "severity"),
        (Subject.SPANS, "outcome exists", "outcome"),
        (Subject.LOGS, "failures in (1, 2)", "failures"),
        (Subject.RUNS, "-(body:x)", "body"),
        (Subject.LOGS, "{severity:warn}", "severity"),
    ],
)
def test_a_field_of_another_subject_is_told_with_its_place(subject: Subject, text: str, wrong: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text, subject)
    error = raised.value
    assert text[error.start : error.end] == wrong
    asked = Subject.SPANS if "{" in text else subject
    assert all(name in error.hint for name in fields_of(asked))


def test_an_attribute_may_have_the_name_of_such_a_field() -> None:
    expected = Comparison(Field(Scope.ATTRIBUTE, "severity"), Operator.EQUAL, Value("high"))
    assert parse('"severity" = high') == expected


def test_a_severity_is_one_of_six_words() -> None:
    with pytest.raises(QueryError) as raised:
        parse("severity >= loud", Subject.LOGS)
    assert "fatal" in raised.value.hint

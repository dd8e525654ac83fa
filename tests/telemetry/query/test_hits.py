"""Where something stands that a query looks for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.telemetry.query.hits import Mark, Searched, find_text, hidden_marks, hit_in, marks_of, texts_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field, Scope
from tests.telemetry.query.trees import TEXTS

PROMPT = Field(Scope.ATTRIBUTE, "prompt")
SPAN = Searched(
    {"message": "card declined", "name": "pay", "service": "shop"},
    json.dumps({"prompt": "Please  refund\nme" + " again" * 99, "nested": {"deep": ["Refund now"]}, "n": 418}),
    json.dumps([{"name": "retried", "attributes": {"why": "teapot"}}]),
    "chat",
    "ab12",
)


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("refund", [Mark("refund")]),
        ('refund -shop "two words"', [Mark("refund"), Mark("two words")]),
        ("NOT (a OR b)", []),
        ("{type:llm prompt:refund} >> {tea}", [Mark("refund", PROMPT), Mark("tea")]),
        ("model = gpt-4o duration > 2s error = true kind:client", []),
        ("message:declined", [Mark("declined", Field(Scope.KNOWN, "message"))]),
        ("(never closed", []),
        ("", []),
        ("severity:error", []),
    ],
)
def test_what_a_query_looks_for_as_text_is_marked(query: str, marks: list[Mark]) -> None:
    assert list(marks_of(query, Subject.TRACES)) == marks


@pytest.mark.parametrize(
    ("mark", "where", "excerpt"),
    [
        (Mark("REFUND"), "chat · attribute prompt", "Please |refund| me again"),
        (Mark("refund n"), "chat · attribute nested", '{"deep": ["|Refund n|ow"]}'),
        (Mark("declined"), "chat · message", "card |declined|"),
        (Mark("teapot"), "chat · event retried why", "|teapot|"),
        (Mark("retried"), "chat · event", "|retried|"),
        (Mark("nested"), "chat · key of an attribute", "|nested|"),
        (Mark("418"), "chat · attribute n", "|418|"),
        (Mark("me", PROMPT), "chat · attribute prompt", "Please refund |me| again"),
        (Mark("retr", Field(Scope.EVENT, "name")), "chat · event", "|retr|ied"),
        (Mark("teap", Field(Scope.EVENT, "why")), "chat · event retried why", "|teap|ot"),
    ],
)
def test_a_hit_says_where_it_is_with_the_words_around_it(mark: Mark, where: str, excerpt: str) -> None:
    found = hit_in(SPAN, [mark])
    assert found is not None
    _, hit = found
    assert hit.where == where
    shown = f"{hit.text[: hit.start]}|{hit.text[hit.start : hit.end]}|{hit.text[hit.end :]}"
    assert shown.startswith(excerpt)
    assert len(hit.text) < 260
    assert "\n" not in hit.text
    assert hit.span_id == "ab12"


def test_the_first_mark_that_is_found_is_told() -> None:
    found = hit_in(SPAN, [Mark("nowhere"), Mark("pay"), Mark("shop")])
    assert found is not None
    assert (found[0], found[1].where) == (1, "chat · name")
    assert hit_in(SPAN, [Mark("refund", Field(Scope.ATTRIBUTE, "other"))]) is None


@pytest.mark.parametrize(("attributes", "events"), [(None, None), ("{", "["), ("[1]", "{}"), ('"x"', "null")])
def test_what_cannot_be_read_is_passed_over(attributes: str | None, events: str | None) -> None:
    assert hit_in(Searched({"name": "pay"}, attributes, events), [Mark("tea")]) is None


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("refund shop", "pay Shop 3 s", ["refund"]),
        ("refund OR shop", "pay shop", []),
        ("refund OR tea", "pay shop", ["refund", "tea"]),
        ("(refund OR pay) declined", "pay shop", ["declined"]),
        ("-refund", "pay", []),
        ("-refund OR tea", "pay", ["tea"]),
    ],
)
def test_marks_that_are_shown_need_no_line(query: str, shown: str, hidden: list[str]) -> None:
    assert [mark.text for mark in hidden_marks(query, Subject.TRACES, shown)] == hidden


@pytest.mark.parametrize(
    ("query", "find"),
    [
        ("refund", "refund"),
        ("refund -shop declined", "refund OR declined"),
        ('"card declined"', '"card declined"'),
        ("prompt:refund", "refund"),
        ("refund prompt:tea", "refund"),
        ("model = gpt-4o", ""),
    ],
)
def test_the_words_of_a_query_are_looked_for_within_a_trace(query: str, find: str) -> None:
    assert find_text(query, Subject.TRACES) == find


ANY_TEXT = st.sampled_from(TEXTS) | st.text(min_size=1, max_size=6).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=3, unique=True))
def test_texts_to_look_for_are_read_back_as_they_were(texts: list[str]) -> None:
    quoted = " ".join(json.dumps(text, ensure_ascii=False).replace("\\n", "\n") for text in texts)
    marks = marks_of(quoted, Subject.TRACES)
    assert texts_of(find_text(quoted, Subject.TRACES)) == tuple(dict.fromkeys(mark.text for mark in marks))


def test_what_is_typed_into_find_is_a_text_unless_it_is_a_list() -> None:
    assert texts_of("card declined") == ("card declined",)
    assert texts_of('tea OR "card declined"') == ("tea", "card declined")
    assert texts_of('{"role"') == ('{"role"',)
    assert texts_of("a:b") == ("a:b",)

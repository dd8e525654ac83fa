"""Reading and writing queries."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.telemetry.query.checking import DEEPEST, MOST_CONDITIONS
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.parsing import LONGEST, parse
from junjo_desktop.telemetry.query.printing import text_of
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    OneOf,
    Operator,
    Or,
    Path,
    Relation,
    Scope,
    Text,
    Value,
)
from tests.telemetry.query.trees import any_queries

A, B, C = Text("a"), Text("b"), Text("c")


def _compared(name: str, operator: Operator, text: str, *, quoted: bool = False) -> Comparison:
    return Comparison(Field(Scope.KNOWN, name), operator, Value(text, quoted))


def _attribute(key: str, scope: Scope = Scope.ATTRIBUTE) -> Condition:
    return Exists(Field(scope, key))


@settings(max_examples=250, deadline=None)
@given(any_queries)
def test_what_is_written_is_read_as_the_same_and_can_be_asked(query: Condition) -> None:
    assert parse(text_of(query)) == query


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cost > $0.05", _compared("cost", Operator.GREATER, "$0.05")),
        ("Cost<=1.2", _compared("cost", Operator.AT_MOST, "1.2")),
        ("cost:$10k", _compared("cost", Operator.CONTAINS, "$10k")),
        ("cost in ($1, 2)", OneOf(Field(Scope.KNOWN, "cost"), (Value("$1"), Value("2")))),
        ("cost exists", Exists(Field(Scope.KNOWN, "cost"))),
    ],
)
def test_costs_are_amounts_in_dollars(text: str, wanted: Condition) -> None:
    found = parse(text)
    assert found == wanted
    assert parse(text_of(wanted)) == wanted


@pytest.mark.parametrize("text", ["cost > cheap", "cost > 0.05€", "cost ~ 1", "cost > $", "cost = $$1", "cost > 2s"])
def test_what_is_no_amount_is_told(text: str) -> None:
    with pytest.raises(QueryError, match=r"Expected (an amount in US dollars, such as \$0\.05|: = != > >= < or <=)"):
        parse(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab:=!<>~(){}", -."\\\n5skORANDNTin_existsparent'), max_size=25))
def test_any_text_is_a_query_or_told_what_is_wrong_with_it(text: str) -> None:
    found, wrong = _read(text)
    if wrong is not None:
        assert 0 <= wrong.start <= wrong.end <= len(text)
        assert wrong.message.endswith(".")
        assert "xpected" in wrong.hint or "At most" in wrong.hint
    elif found is not None:
        assert parse(text_of(found)) == found


def _read(text: str) -> tuple[Condition | None, QueryError | None]:
    try:
        return parse(text), None
    except QueryError as error:
        return None, error


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  \t ", None),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((And((A, B)), C))),
        ("-a", Not(A)),
        ("NOT (a OR b)", Not(Or((A, B)))),
        ("a-b - c --", And((Text("a-b"), Text("-"), C, Text("--")))),
        ("and or not", And((Text("and"), Text("or"), Text("not")))),
        ("ANDROID ORDER NOTE", And((Text("ANDROID"), Text("ORDER"), Text("NOTE")))),
        ('"two words"', Text("two words")),
        (r'"say \"hi\" \\ \d"', Text('say "hi" \\ \\d')),
        ("http://shop/orders?id=4", Text("http://shop/orders?id=4")),
        ("12:30:01", Text("12:30:01")),
        ("50% #7 a,b it's 💩", And(tuple(map(Text, ("50%", "#7", "a,b", "it's", "💩"))))),
        ("Service:shop", _compared("service", Operator.CONTAINS, "shop")),
        ("service.name = shop", _compared("service", Operator.EQUAL, "shop")),
        ("model:llama3.2:3b", _compared("model", Operator.CONTAINS, "llama3.2:3b")),
        ('name == "a b"', _compared("name", Operator.EQUAL, "a b", quoted=True)),
        ("name =~ ^get", _compared("name", Operator.MATCHES, "^get")),
        ("duration>=1m30s", _compared("duration", Operator.AT_LEAST, "1m30s")),
        ("time > 15m  ago a", And((_compared("time", Operator.GREATER, "15m ago"), A))),
        ("http.route exists", _attribute("http.route")),
        ('"name" EXISTS', _attribute("name")),
        ("attribute.name exists", _attribute("name")),
        ("resource.host.name exists", _attribute("host.name", Scope.RESOURCE)),
        ('event."odd key" exists', _attribute("odd key", Scope.EVENT)),
        ("come in", And((Text("come"), Text("in")))),
        (
            'model in (gpt-4o, "b c")',
            OneOf(Field(Scope.KNOWN, "model"), (Value("gpt-4o"), Value("b c", is_quoted=True))),
        ),
        ("{}", Path((None,))),
        ("{a b} > {c}", Path((And((A, B)), C), (Relation.CHILD,))),
        ("parent{a} >> child { b }>{}", Path((A, B, None), (Relation.DESCENDANT, Relation.CHILD))),
        ("-{a} parent", And((Not(Path((A,))), Text("parent")))),
    ],
)
def test_a_text_is_read_as_its_tree(text: str, tree: Condition | None) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("(a", "(", "This bracket is never closed. Expected `)`."),
        ("{a > 3", "{", "This bracket is never closed. Expected `}`."),
        ("service:shop)", ")", "This `)` closes nothing."),
        ('name:"abc', '"abc', "This quote is never closed."),
        ("a OR", "", "The query ends too early. Expected a word"),
        ("OR a", "OR", "“OR” makes no sense here. Expected a word"),
        ("service:", "", "A value is missing after `:`."),
        ("= 3", "=", "`=` stands alone. Expected a field before it."),
        ("{a} > b", "b", "A span is missing here. Expected {…}"),
        ("{a {b}}", "{", "Braces cannot stand in braces."),
        ("x in (a b)", "b)", "The list of values goes on oddly. Expected a comma or `)`."),
        ("duration > 5", "5", "“5” does not fit here. Expected a time with its unit, such as 150ms"),
        ("tokens > many", "many", "“many” does not fit here. Expected a number, such as 500 or 10k."),
        ("time > yesterday", "yesterday", "“yesterday” does not fit here. Expected a moment"),
        ("error:maybe", "maybe", "“maybe” does not fit here. Expected true or false."),
        ("http.status >= 5oo", "5oo", "“5oo” does not fit here. Expected a number"),
        ('http.status >= "500"', '"500"', "“500” does not fit here. Expected a number"),
        ("name > b", "name > b", "`name` cannot be compared like this. Expected : = != or ~."),
        ("time = 2026-11-20", "time = 2026-11-20", "`time` cannot be compared like this. Expected > >= < or <=."),
        ("time in (2026-11-20)", "time", "`time` cannot be compared like this."),
        ('name ~ "("', '"("', "This is no regular expression: missing )"),
        ('name ~ "a(?=b)"', '"a(?=b)"', "This regular expression looks around or refers back."),
        ("a " * (MOST_CONDITIONS + 1), "a " * (MOST_CONDITIONS + 1), "The query is too large."),
        ("-" * (DEEPEST + 1) + "a", "-" * (DEEPEST + 1) + "a", "The query is too large."),
        ("(" * 1500 + "a", "(", "This bracket is never closed."),
        ("-" * 3000 + "a", "-" * 3000 + "a", "The query is too large."),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, place: str, sentence: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert text[raised.value.start : raised.value.end] == place
    assert str(raised.value).startswith(sentence)


def test_a_text_that_is_too_long_is_not_read() -> None:
    with pytest.raises(QueryError, match=r"too long\. Expected at most 4,000"):
        parse("a" * (LONGEST + 1))


def test_words_need_no_parser() -> None:
    script = (
        "import sys; from junjo_desktop.telemetry.query.parsing import parse; parse('refund kettle-7 ключ');"
        "assert 'lark' not in sys.modules; parse('a OR b'); assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)

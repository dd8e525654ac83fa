"""Random queries: any tree that can be written, and trees that speak of the spans which other tests make."""

from __future__ import annotations

from hypothesis import strategies as st

from junjo_desktop.telemetry.query.fields import Kind, fields_of, kind_of, operators_of
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    ORDERING,
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

KEYS = (
    "a",
    "b.c",
    "http.status",
    "x/y",
    'q"q',
    "~",
    "",
    "kvlistValue",
    "name",
    "'; DROP TABLE spans; --",
    "ключ",
    "\\",
)
TEXTS = (
    "chat",
    "Chat GPT",
    "get",
    "500",
    "'; DROP TABLE spans; --",
    'say "hi"',
    "ä Ö",
    "%_",
    "\\n",
    "line\nbreak",
    "$q0",
)
NAMES = ("chat", "get order", "GET /x", "ä Ö", "'; DROP TABLE spans; --", "")
SERVICES = ("shop", "Depot", "shop-2")
MODELS = ("gpt-4o", "claude", "llama3.2:3b")
_NUMBERS = ("0", "1", "500", "1.5", "-3", "10k", "0.25")
_DURATIONS = ("1ms", "2s", "1m30s", "0.5ms")
_PATTERNS = ("^get", "o$", "[0-9]+", "c.at", "GPT|gpt", "\\s", "")
_VALUES = {
    Kind.COUNT: _NUMBERS[:4],
    Kind.DURATION: _DURATIONS,
    Kind.MOMENT: ("15m ago", "2026-11-20", "2026-11-20T12:00:00+00:00", "1h ago"),
    Kind.FLAG: ("true", "no", "False"),
    Kind.MONEY: ("$0.05", "1.5", "$10k"),
    Kind.WORD: ("error", "OK", "client", "e", "llm", "span", "node", "7", "failed", "lost"),
    Kind.SEVERITY: ("info", "WARN", "error", "17", "Debug"),
    Kind.ID: ("0", "0000", "00000000000000000000000000000001"),
}


def fields(keys: st.SearchStrategy[str], subject: Subject = Subject.TRACES) -> st.SearchStrategy[Field]:
    """Known fields, and attributes with such keys."""
    known = st.sampled_from(tuple(fields_of(subject))).map(lambda name: Field(Scope.KNOWN, name))
    scopes = st.sampled_from((Scope.ATTRIBUTE, Scope.ATTRIBUTE, Scope.RESOURCE, Scope.EVENT))
    return known | st.builds(Field, scopes, keys)


@st.composite
def _comparisons(draw: st.DrawFn, named: st.SearchStrategy[Field], texts: st.SearchStrategy[str]) -> Condition:
    field = draw(named)
    kind = kind_of(field)
    operator = draw(st.sampled_from(operators_of(kind)))
    return Comparison(field, operator, draw(_values(kind, operator, texts)))


def _values(kind: Kind, operator: Operator, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Value]:
    if operator is Operator.MATCHES:
        return st.builds(Value, st.sampled_from(_PATTERNS), st.just(True))
    if kind is Kind.ANY and operator in ORDERING:
        return st.builds(Value, st.sampled_from(_NUMBERS))
    if kind in _VALUES:
        return st.builds(Value, st.sampled_from(_VALUES[kind]), st.just(" " in str(kind)))
    return st.builds(Value, texts, st.just(True)) | st.builds(Value, st.sampled_from(_NUMBERS))


@st.composite
def _lists(draw: st.DrawFn, named: st.SearchStrategy[Field], texts: st.SearchStrategy[str]) -> Condition:
    field = draw(named.filter(lambda field: kind_of(field) is not Kind.MOMENT))
    values = draw(st.lists(_values(kind_of(field), Operator.EQUAL, texts), min_size=1, max_size=3))
    return OneOf(field, tuple(values))


def conditions(named: st.SearchStrategy[Field], texts: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    """Conditions as they may stand in braces, on such fields."""
    return st.recursive(_leaves(named, texts), _groups, max_leaves=4)


def _leaves(named: st.SearchStrategy[Field], texts: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    compared = _comparisons(named, texts)
    exists = st.builds(Exists, named)
    return st.one_of(compared, compared, st.builds(Text, texts.filter(bool)), _lists(named, texts), exists)


def _groups(part: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, part), st.builds(And, several), st.builds(Or, several))


@st.composite
def _paths(draw: st.DrawFn, inside: st.SearchStrategy[Condition]) -> Condition:
    spans = draw(st.lists(st.none() | inside, min_size=1, max_size=3))
    relations = draw(st.lists(st.sampled_from(Relation), min_size=len(spans) - 1, max_size=len(spans) - 1))
    return Path(tuple(spans), tuple(relations))


def queries(
    keys: st.SearchStrategy[str], texts: st.SearchStrategy[str], subject: Subject = Subject.TRACES
) -> st.SearchStrategy[Condition]:
    """Whole queries; braces are about spans, whatever is asked for."""
    named = fields(keys, subject)
    paths = _paths(conditions(fields(keys), texts))
    whole = st.recursive(conditions(named, texts) | paths, _groups, max_leaves=3)
    return st.one_of(_leaves(named, texts), paths, whole)


_any_text = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(TEXTS)
any_queries = queries(_any_text | st.sampled_from(KEYS), _any_text)
"""Whatever can be written."""
queries_of_known_words = {
    subject: queries(st.sampled_from(KEYS), st.sampled_from(TEXTS), subject) for subject in Subject
}
"""What speaks of the telemetry that `tests.store.query_telemetry` makes."""

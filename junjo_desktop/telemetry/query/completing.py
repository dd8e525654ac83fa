"""What may be written at a place of a query: the name of a field, a value of one, or a field that has such a value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from junjo_desktop.telemetry.query.fields import (
    KIND_WORDS,
    OUTCOME_WORDS,
    SEVERITY_WORDS,
    STATUS_WORDS,
    Kind,
    field_named,
    fields_of,
    kind_of,
)
from junjo_desktop.telemetry.query.lexicon import is_bare_value, quoted, unquoted
from junjo_desktop.telemetry.query.printing import field_text
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.telemetry.query.tree import Field, Operator, Scope

_OPEN_PHRASE = r'"(?:\\.|[^"\\])*'
_PREFIX = r"(?:(?:resource|event|attribute)\.)?"
_KEY = rf'(?P<field>{_PREFIX}{_OPEN_PHRASE}"|[^\s"(){{}}:=!<>~\-][^\s"(){{}}:=!<>~]*)'
_VALUE_AT = re.compile(
    rf'{_KEY}\s*(?P<how>==|=~|!=|>=|<=|[:=<>~])\s*(?P<value>{_OPEN_PHRASE}|[^\s"(){{}}]*)$', re.DOTALL
)
_LISTED = r"\s+[iI][nN]\s*\((?:[^()]*,)?\s*"
_ITEM_AT = re.compile(rf'{_KEY}{_LISTED}(?P<value>{_OPEN_PHRASE}|[^\s"(){{}},]*)$', re.DOTALL)
_WORD_AT = re.compile(r'(?:^|[\s(){}"]|(?<=[\s(){}])-|^-)(?P<word>[^\s"(){}:=!<>~\-][^\s"(){}:=!<>~]*)$')
_OFFERING = frozenset((":", "=", "==", "!="))
_VALUES_OF_A_FIELD = 4
_WORDS: Mapping[str, tuple[str, ...]] = {
    "status": STATUS_WORDS,
    "kind": KIND_WORDS,
    "error": ("true", "false"),
    "severity": SEVERITY_WORDS,
    "outcome": OUTCOME_WORDS,
}
_SCOPE_WORDS = {Scope.ATTRIBUTE: "attribute", Scope.RESOURCE: "resource attribute", Scope.EVENT: "of an event"}
_BEHIND = {
    Kind.COUNT: " > ",
    Kind.DURATION: " > ",
    Kind.MOMENT: " > ",
    Kind.FLAG: " = ",
    Kind.SEVERITY: " >= ",
    Kind.MONEY: " > $",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands at the cursor, in characters from `start` to `end`; with a field it is its value, else a name."""

    typed: str
    start: int
    end: int
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A value that holds a text, and where. None: it is too long to be offered whole."""

    field: Field
    value: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What may stand there: what is inserted, what is shown, and what it is.

    `takes_all`: in place of the whole query. With `view`, nothing is inserted: the saved view of that name is opened.
    """

    text: str
    shown: str
    words: str = ""
    takes_all: bool = False
    view: str = ""
    icon: str = ""
    """The name of the picture for what it is."""


def wanted_at(text: str, cursor: int) -> Wanted | None:
    """Return what is being written at the cursor; None where nothing can be offered."""
    before = text[:cursor]
    found = _ITEM_AT.search(before) or _VALUE_AT.search(before)
    if found is not None:
        if found.groupdict().get("how", "=") not in _OFFERING:
            return None
        written = found["value"]
        typed = unquoted(f'{written}"') if written.startswith('"') else written
        return Wanted(typed, found.start("value"), cursor, _field(found["field"]))
    if before.replace("\\\\", "").replace('\\"', "").count('"') % 2:
        return None
    word = _WORD_AT.search(before)
    return None if word is None else Wanted(word["word"], word.start("word"), cursor)


def field_offers(typed: str, subject: Subject = Subject.TRACES) -> Iterator[Offer]:
    """Yield the known fields that begin with what is typed."""
    low = typed.lower()
    for name, known in fields_of(subject).items():
        if name.startswith(low):
            yield Offer(f"{name}{_BEHIND.get(known.kind, ':')}", name, known.words)


def term_offers(typed: str, held: Iterable[HeldValue], subject: Subject = Subject.TRACES) -> Iterator[Offer]:
    """Yield conditions on fields that have a value with what is typed in it: a few of each field, then all at once."""
    low = typed.lower()
    shown: Counter[Field] = Counter()
    more: dict[Field, None] = {}
    for each in held:
        if each.value is None or shown[each.field] >= _VALUES_OF_A_FIELD:
            more[each.field] = None
        elif low in each.value.lower():
            shown[each.field] += 1
            yield _term_offer(each.field, each.value, _words_of(each.field, subject))
    for field in more:
        yield _term_offer(field, typed, f"{_words_of(field, subject)}, with this in it")


def key_offers(typed: str, keys: Iterable[str]) -> Iterator[Offer]:
    """Yield the keys of attributes that hold what is typed, those first that begin with it."""
    low = typed.lower()
    for key in sorted(keys, key=lambda key: not key.lower().startswith(low)):
        if low in key.lower():
            scope, name = field_named(key)
            written = field_text(Field(scope, name)) if scope is not Scope.KNOWN else f'"{key}"'
            yield Offer(f"{written} = ", key, "")


def _term_offer(field: Field, value: str, words: str) -> Offer:
    term = term_for(field, value, Operator.CONTAINS)
    return Offer(f"{term} ", term, words, icon="filter")


def _words_of(field: Field, subject: Subject) -> str:
    if field.scope is Scope.KNOWN:
        return fields_of(subject)[field.name].words
    return _SCOPE_WORDS[field.scope]


def value_offers(typed: str, values: Iterable[str]) -> Iterator[Offer]:
    """Yield the values that begin with what is typed, then those that hold it."""
    low = typed.lower()
    for value in sorted(values, key=lambda value: not value.lower().startswith(low)):
        if low in value.lower():
            yield Offer(f"{value if is_bare_value(value) else quoted(value)} ", value)


def fixed_values(field: Field) -> tuple[str, ...] | None:
    """Return the values of a field that has only these, none where nothing is offered; None: the stored spans tell."""
    if field.scope is Scope.KNOWN:
        if field.name in _WORDS:
            return _WORDS[field.name]
        if kind_of(field) in {Kind.COUNT, Kind.DURATION, Kind.MOMENT, Kind.MONEY, Kind.ID}:
            return ()
    return None


def _field(written: str) -> Field:
    if written.endswith('"'):
        prefix, _, phrase = written.partition('"')
        scope = Scope(prefix.rstrip(".").lower()) if prefix else Scope.ATTRIBUTE
        return Field(scope, unquoted(f'"{phrase}'))
    return Field(*field_named(written))

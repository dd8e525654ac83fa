"""The grammar of queries. Loading it takes some 80 ms; `parsing` does so when it is needed."""

from __future__ import annotations

from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from junjo_desktop.telemetry.query import lexicon
from junjo_desktop.telemetry.query.complaints import complaint
from junjo_desktop.telemetry.query.fields import SCOPES, field_named
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
    Place,
    Relation,
    Scope,
    Text,
    Value,
)

_GRAMMAR = rf"""
start: either
?either: both (_OR both)*
?both: negated (_AND? negated)*
?negated: (_NOT | _MINUS) negated -> negation
    | "(" either ")"
    | path
    | leaf
path: span (RELATION span)*
span: _LABEL? "{{" [inner_either] "}}"
?inner_either: inner_both (_OR inner_both)* -> either
?inner_both: inner_negated (_AND? inner_negated)* -> both
?inner_negated: (_NOT | _MINUS) inner_negated -> negation
    | "(" inner_either ")"
    | leaf
?leaf: WORD -> text
    | PHRASE -> text
    | field COMPARATOR value -> comparison
    | field _IN "(" item ("," item)* ")" -> one_of
    | field _EXISTS -> exists
field: WORD | PHRASE | SCOPED
value: VALUE | PHRASE
item: ITEM -> value
    | PHRASE -> value

_AND.3: /AND(?![^\s(){{}}"])/
_OR.3: /OR(?![^\s(){{}}"])/
_NOT.3: /NOT(?![^\s(){{}}"])/
_MINUS.2: /-(?=-*[^\s\-])/
_IN.3: /in(?=\s*\()/i
_EXISTS.3: /exists(?![^\s(){{}}])/i
_LABEL.3: /({"|".join(lexicon.LABELS)})(?=\s*\{{)/i
RELATION: />>?/
COMPARATOR: /==|=~|!=|>=|<=|[:=<>~]/
SCOPED.2: /(resource|event|attribute)\.{lexicon.PHRASE}/i
WORD.1: /{lexicon.WORD}/
PHRASE.1: /{lexicon.PHRASE}/s
VALUE: /{lexicon.VALUE}/
ITEM: /{lexicon.ITEM}/

%ignore /\s+/
"""
_ALIASES = {"==": Operator.EQUAL, "=~": Operator.MATCHES}


@cache
def parser() -> Lark:
    """Return the parser, made once."""
    return Lark(_GRAMMAR, parser="lalr", transformer=_ToTree(), propagate_positions=False)


def parse_with_grammar(text: str) -> Condition:
    """Return the tree of a text that is not empty. Raises `QueryError`."""
    try:
        found: Condition = parser().parse(text)  # type: ignore[assignment]  # the transformer returns our tree
    except UnexpectedInput as error:
        raise complaint(text, error) from None
    except VisitError as error:
        raise error.orig_exc from None
    return found


def _place(token: Token) -> Place:
    return Place(token.start_pos or 0, token.end_pos or 0)


@v_args(inline=True)
class _ToTree(Transformer[Token, Any]):
    def start(self, found: Condition) -> Condition:
        return found

    def either(self, *operands: Condition) -> Condition:
        return Or(operands) if len(operands) > 1 else operands[0]

    def both(self, *operands: Condition) -> Condition:
        return And(operands) if len(operands) > 1 else operands[0]

    def negation(self, operand: Condition) -> Condition:
        return Not(operand)

    def path(self, *parts: Any) -> Condition:
        return Path(tuple(parts[::2]), tuple(Relation(str(part)) for part in parts[1::2]))

    def span(self, inside: Condition | None) -> Condition | None:
        return inside

    def text(self, token: Token) -> Condition:
        return Text(lexicon.unquoted(token) if token.type == "PHRASE" else str(token), _place(token))

    def field(self, token: Token) -> Field:
        if token.type == "WORD":
            return Field(*field_named(str(token)), _place(token))
        if token.type == "PHRASE":
            return Field(Scope.ATTRIBUTE, lexicon.unquoted(token), _place(token))
        prefix, _, phrase = token.partition(".")
        return Field(SCOPES[f"{prefix.lower()}."], lexicon.unquoted(phrase), _place(token))

    def value(self, token: Token) -> Value:
        if token.type == "PHRASE":
            return Value(lexicon.unquoted(token), True, _place(token))
        text = " ".join(token.split())
        return Value(text, False, _place(token))

    def comparison(self, field: Field, operator: Token, value: Value) -> Condition:
        meant = _ALIASES.get(operator) or Operator(str(operator))
        return Comparison(field, meant, value, Place(field.place.start, value.place.end))

    def one_of(self, field: Field, *values: Value) -> Condition:
        return OneOf(field, values)

    def exists(self, field: Field) -> Condition:
        return Exists(field)

"""What is said of a text that is no query: where it stops making sense, and what was expected there."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from junjo_desktop.telemetry.query.error import QueryError

_CONDITION = "Expected a word, a “phrase”, a field with a value such as service:shop, or a bracket"
_AS_TEXT = "Put what is to be found as text in quotes."
_WORD_AT = re.compile(r"\s*\S+")
_CLOSING = {")": "(", "}": "{"}
_SIGNS = frozenset("=!<>~:(){}")


def complaint(text: str, error: UnexpectedInput) -> QueryError:
    """Return what to say of the place where the parser stopped."""
    unclosed = _unclosed(text)
    start, end = _place_of(text, error)
    expected = _expected(error)
    is_at_end = start >= len(text.rstrip())
    if unclosed is not None and (is_at_end or text[unclosed] == '"'):
        return _of_unclosed(text, unclosed, expected)
    if text[start:end][:1] in _SIGNS and not expected & {"VALUE", "ITEM"}:
        end = start + 1
    message, hint = _words(text[:start], text[start:end], expected, is_at_end=is_at_end)
    return QueryError(message, hint, start, end)


def _words(before: str, sign: str, expected: frozenset[str], *, is_at_end: bool) -> tuple[str, str]:
    """Return what is wrong, and what was expected, at `sign`; where a list goes on oddly it is the rest of the word."""
    if expected & {"VALUE", "ITEM"}:
        missing = f"A value is missing after `{before.rstrip()[-1:]}`." if is_at_end else "This is no value."
        return missing, "Expected one such as shop, 2s or “two words”."
    if {"RPAR", "COMMA"} <= expected:
        return "The list of values goes on oddly.", "Expected a comma or `)`."
    if sign in _CLOSING:
        return _of_closing(before, sign, expected)
    if "LBRACE" in expected and "WORD" not in expected:
        return "A span is missing here.", "Expected {…} with its conditions."
    return _of_condition(sign, is_at_end=is_at_end)


def _of_condition(sign: str, *, is_at_end: bool) -> tuple[str, str]:
    if sign == "{":
        return "Braces cannot stand in braces.", "Expected conditions of one span, or round brackets."
    if is_at_end:
        return "The query ends too early.", f"{_CONDITION}."
    if sign in _SIGNS:
        return f"`{sign}` stands alone.", f"Expected a field before it. {_AS_TEXT}"
    return f"“{sign}” makes no sense here.", f"{_CONDITION}. {_AS_TEXT}"


def _of_closing(before: str, sign: str, expected: frozenset[str]) -> tuple[str, str]:
    opening = _CLOSING[sign]
    if opening in before and "WORD" in expected:
        return "Something is missing before the bracket.", f"{_CONDITION}."
    return f"This `{sign}` closes nothing.", f"Expected no bracket, or a `{opening}` before it."


def _of_unclosed(text: str, at: int, expected: frozenset[str]) -> QueryError:
    if text[at] == '"':
        return QueryError("This quote is never closed.", 'Expected another ".', at, len(text))
    closing = ")" if text[at] == "(" else "}"
    more = f"{_CONDITION}, and then" if "WORD" in expected and closing not in _shown(expected) else "Expected"
    return QueryError("This bracket is never closed.", f"{more} `{closing}`.", at, at + 1)


def _shown(expected: frozenset[str]) -> set[str]:
    return {{"RPAR": ")", "RBRACE": "}"}.get(name, name) for name in expected}


def _place_of(text: str, error: UnexpectedInput) -> tuple[int, int]:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(text), len(text)
    start = error.pos_in_stream or 0
    found = _WORD_AT.match(text, start)
    return start, found.end() if found else len(text)


def _expected(error: UnexpectedInput) -> frozenset[str]:
    if isinstance(error, UnexpectedToken):
        return frozenset(error.accepts or error.expected or ())
    if isinstance(error, UnexpectedCharacters):
        return frozenset(error.allowed or ())
    return frozenset()


def _unclosed(text: str) -> int | None:
    """Return where the first quote or the last bracket stands that is never closed."""
    open_at: list[int] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == '"':
            end = _end_of_phrase(text, at)
            if end is None:
                return at
            at = end
        elif sign in "({":
            open_at.append(at)
        elif sign in _CLOSING and open_at and text[open_at[-1]] == _CLOSING[sign]:
            open_at.pop()
        at += 1
    return open_at[-1] if open_at else None


def _end_of_phrase(text: str, start: int) -> int | None:
    at = start + 1
    while at < len(text):
        if text[at] == '"':
            return at
        at += 2 if text[at] == "\\" else 1
    return None

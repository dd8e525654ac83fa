"""How the signs of a query are told apart, for reading and for writing it."""

from __future__ import annotations

import re

_ENDS_WORD = r"""(?![^\s(){}"])"""
_ADDRESS = r"""[A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\s"(){}]+"""
_FROM_DIGIT = r"""\d[^\s"(){}=!<>~]*"""
WORD = rf"""(?!-+[^\s\-]|(?:AND|OR|NOT){_ENDS_WORD})(?:{_ADDRESS}|{_FROM_DIGIT}|(?:[^\s"(){{}}:=!<>~]|!(?![=~]))+)"""
"""A web address and what begins with a digit may hold a colon; other words end before it."""
PHRASE = r'"(?:\\.|[^"\\])*"'
VALUE = r"""(?:[0-9.]+[a-zµμ]+\s+ago(?![^\s(){}])|[^\s"(){}=!<>~:][^\s"(){}]*)"""
ITEM = r'[^\s"(){},]+'
LABELS = ("parent", "child", "ancestor", "descendant", "span")
"""Words that may stand before braces, for reading only."""

_PLAIN_WORD = re.compile(r"(?!-)[^\s\"(){}:=!<>~]+")
_SAFE_TEXT = re.compile(r"[\w.][\w.\-/@]*")
_SAFE_KEY = re.compile(r"[A-Za-z_][\w.\-/]*")
_BARE_VALUE = re.compile(r"""[^\s"(){}=!<>~:,][^\s"(){},]*""")
_SPECIAL_WORDS = frozenset(("AND", "OR", "NOT"))
_READ_AS_OPERATORS = frozenset(("exists", "in", "ago", *LABELS))
_ESCAPED = re.compile(r'\\(["\\])')


def plain_words(text: str) -> tuple[str, ...] | None:
    """Return the words of a text that holds nothing else; None when it has to be parsed."""
    words = tuple(text.split())
    for word in words:
        if _PLAIN_WORD.fullmatch(word) is None or word in _SPECIAL_WORDS:
            return None
    # `exists` is an operator behind another word only, but it is simpler to leave all of those to the parser.
    if len(words) > 1 and any(word.lower() in _READ_AS_OPERATORS for word in words):
        return None
    return words


def unquoted(phrase: str) -> str:
    r"""Return what stands in the quotes; `\"` is a quote and `\\` a backslash, any other backslash is itself."""
    return _ESCAPED.sub(r"\1", phrase[1:-1])


def quoted(text: str) -> str:
    """Return a text in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def word_or_phrase(text: str) -> str:
    """Return a text as it is searched for: in quotes where it would be read as something else."""
    is_special = text in _SPECIAL_WORDS or text.lower() in _READ_AS_OPERATORS
    return text if _SAFE_TEXT.fullmatch(text) and not is_special else quoted(text)


def is_bare_value(text: str) -> bool:
    """Whether a text can stand without quotes where a value is expected, in a list of values, too."""
    return _BARE_VALUE.fullmatch(text) is not None


def is_safe_key(key: str) -> bool:
    """Whether a key can stand without quotes."""
    return _SAFE_KEY.fullmatch(key) is not None and key not in _SPECIAL_WORDS

"""What counts as a word of the index, and which words a text must have that holds what is looked for. Free of SQL."""

from __future__ import annotations

import re

# Latin, Greek and Cyrillic letters. Runs of others (a whole Chinese sentence is one) would be words that never repeat.
_SMALL = "a-zß-ɏͰ-ԯ"
LETTERS = f"[{_SMALL}]{{3,}}"
"""A pattern of both RE2 and Python, for text in small letters: a word is all letters that follow each other."""
NO_LETTER = f"[^{_SMALL}]"
LONGEST = 64
"""Letters; longer ones are not kept. A slot that has one is looked at whatever is searched for."""

_LETTERS = re.compile(LETTERS)
_PLAIN_LETTERS = re.compile(r"[A-Za-z]{3,}")


def parts_of_words(text: str) -> frozenset[str]:
    """Return texts that are parts of words wherever `text`, in small letters, stands in a text in small letters.

    JSON's escapes may put letters before a word, and never split one; so what holds for a text holds for its JSON.
    """
    return frozenset(part[:LONGEST] for part in _LETTERS.findall(text))


def parts_in_any_case(text: str) -> frozenset[str]:
    """Return such texts where `text` stands as it is: of plain letters, whose small ones nobody doubts."""
    return frozenset(part[:LONGEST].lower() for part in _PLAIN_LETTERS.findall(text))

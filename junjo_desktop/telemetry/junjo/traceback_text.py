"""Python's printed tracebacks: which exceptions stand behind the one that was reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINKS = re.compile(
    r"\n(?:The above exception was the direct cause of the following exception"
    r"|During handling of the above exception, another exception occurred):\n"
)
_HEADER = "Traceback (most recent call last):"
_GROUP_HEADER = "Exception Group Traceback (most recent call last):"
# A group is printed with a margin: "  | " before each line, "  +-+---------------- 1 ----------------" before a part.
_MARGIN = re.compile(r"^ *\| ?", re.MULTILINE)
_PART = re.compile(r"^ *\+(?:-\+)?-+ (?:\d+|\.\.\.) -+$", re.MULTILINE)
_END = re.compile(r"^ *\+-+$", re.MULTILINE)
_NAMED = re.compile(r"^([^\W\d][\w.<>]*)(?:: ?(.*))?$", re.DOTALL)

# A stack of a thousand frames is a few hundred kilobytes; whatever is longer is no stack of Python's.
_LONGEST = 4 * 1024 * 1024
_DEEPEST = 16  # groups within groups; Python prints 10


class RaisedException(NamedTuple):
    """An exception as a traceback prints it: `type` is qualified, `message` may have several lines."""

    type: str
    message: str

    def __str__(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type


def raised_exceptions(stacktrace: str) -> tuple[RaisedException, ...]:
    """All exceptions of a chained traceback, the first that was raised first; none where it is no traceback.

    A group stands behind the exceptions that are in it.
    """
    links = _LINKS.split(stacktrace[:_LONGEST])
    if len(links) == 1 and _HEADER not in stacktrace and _GROUP_HEADER not in stacktrace:
        return ()
    return tuple(exception for link in links for exception in _linked(link))


def _linked(link: str, depth: int = 0) -> Iterator[RaisedException]:
    """One link of a chain: an exception, or a group behind its parts."""
    whole, *parts = _PART.split(_END.sub("", link))
    if parts and depth < _DEEPEST:
        whole = _MARGIN.sub("", whole)
        for part in parts:
            for inner in _LINKS.split(_MARGIN.sub("", part)):
                yield from _linked(inner, depth + 1)
    exception = _last_line(whole)
    if exception is not None:
        yield exception


def _last_line(text: str) -> RaisedException | None:
    """The exception below the frames: these are indented, and it is not. One that was never raised has no frames."""
    lines = text.splitlines()
    headers = (index for index, line in enumerate(lines) if _HEADER in line or _GROUP_HEADER in line)
    for index in range(next(headers, -1) + 1, len(lines)):
        if lines[index].strip() and not lines[index][0].isspace():
            return _named("\n".join(lines[index:]).strip())
    return None


def _named(text: str) -> RaisedException | None:
    named = _NAMED.match(text)
    return RaisedException(named[1], named[2] or "") if named else None

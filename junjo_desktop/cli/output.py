"""Writing results to stdout and remarks to stderr."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Iterable
from typing import Any

import orjson

from junjo_desktop.cli.text import harmless
from junjo_desktop.errors import UserError

# JSON must escape C0 controls only; a terminal obeys these as well. They stand in strings and nowhere else.
_ACTING = re.compile("[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_BLOCK = 1 << 20


def write_lines(lines: Iterable[str]) -> None:
    """Write text that is already harmless; signs the terminal's encoding lacks are written as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    _write("".join(f"{line}\n" for line in lines).encode(encoding, "backslashreplace"))


def write_json(document: Any) -> None:
    """Write one JSON document in UTF-8: an array with one element a line, anything else indented."""
    if isinstance(document, list):
        rows = b",\n".join(_encoded(row) for row in document)
        _write(b"[\n" + rows + b"\n]\n" if document else b"[]\n")
    else:
        _write(_encoded(document, orjson.OPT_INDENT_2) + b"\n")


def write_rows(rows: Iterable[Any]) -> None:
    """Write each as one JSON document on a line of its own, in UTF-8, at once."""
    _write(b"".join(_encoded(row) + b"\n" for row in rows))


def _encoded(document: Any, option: int = 0) -> bytes:
    encoded = orjson.dumps(document, option=option)
    if encoded.isascii():
        return encoded
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded.decode()).encode()


def write_text(pieces: Iterable[str]) -> None:
    """Write text in UTF-8, whatever the terminal's encoding: it is meant for a file or another program."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            _write("".join(waiting).encode("utf-8", "backslashreplace"))
            waiting, size = [], 0
    _write("".join(waiting).encode("utf-8", "backslashreplace"))


def remark(text: str) -> None:
    """Say something beside the result, on stderr."""
    print(harmless(text), file=sys.stderr, flush=True)


def _write(data: bytes) -> None:
    try:
        sys.stdout.flush()
        left = memoryview(data)
        while left:
            # With PYTHONUNBUFFERED there is no buffer, and a pipe takes what it has room for.
            left = left[sys.stdout.buffer.write(left) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise BrokenPipeError from error
        raise UserError(
            f"The result cannot be written ({error.strerror or error}).", "Free some space, or write it elsewhere."
        ) from error

"""Attributes read quickly, from the bytes of each.

Spans of one kind carry the same keys in the same order, and many of the same values. Such an order of keys is a `Form`.
It remembers how its attributes look on the wire, so that of the next span only those are read that differ, and of those
only the values. What this could not read exactly is left to `otlp_json`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from operator import ne
from struct import Struct

from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from junjo_desktop.telemetry.otlp_json import ESCAPES, Attributes, Plain, read_value_of
from junjo_desktop.telemetry.semantics import Reading
from junjo_desktop.telemetry.wire_text import TEXT_HEADS, varint

_MOST_FORMS = 1_024
_FORMS_ALIKE = 4  # of as many attributes and with the same first key
_MOST_ATTRIBUTES = 64
_REMEMBERED_BYTES = 256
_PLACES = tuple(range(_MOST_ATTRIBUTES))

# Tags of KeyValue and AnyValue: the number of the field << 3 | its wire type.
_KEY, _VALUE = 0x0A, 0x12
_INT, _DOUBLE, _ARRAY = 0x18, 0x21, 0x2A
_ONE_BYTE = 0x80  # a varint below it is one byte
_DOUBLE_AT = Struct("<d").unpack_from
_DOUBLE_ITEM = b"\x0a\x09\x21"  # an item of an array that is a double, before its eight bytes
_DOUBLE_ITEM_BYTES = len(_DOUBLE_ITEM) + 8


class UnusualError(Exception):
    """Attributes that are not for here: a key twice, an escape, a way of writing that no SDK has, malformed bytes."""


def read_attributes(raws: Sequence[bytes]) -> tuple[Attributes, Reading]:
    """Read at least one KeyValue; return them by key, and what to look for in them. Raises `UnusualError`."""
    try:
        first = raws[0]
        alike = (len(raws), first[: first[1] + 2])
        for form in _forms.get(alike, ()):
            attributes = form.read(raws)
            if attributes is not None:
                return attributes, form.reading
        form = _learn(alike, raws)
        return form.read(raws) or {}, form.reading
    except (IndexError, UnicodeDecodeError):
        raise UnusualError from None


class Form:
    """One order of keys."""

    __slots__ = ("_heads", "_keys", "_places", "_raws", "_values", "reading")

    def __init__(self, raws: Sequence[bytes]) -> None:
        """Learn from the attributes of one span. Raises as `read_attributes`, and what bytes can that are malformed."""
        self._heads = [_head(raw) for raw in raws]
        self._keys = [head[2:-1].decode() for head in self._heads]
        if len(set(self._keys)) < len(raws) or (len(raws) == 1 and self._keys[0] in ESCAPES):
            raise UnusualError
        self._places = _PLACES[: len(raws)]
        # A long one is not remembered; it then differs from whatever comes.
        self._raws = [raw if len(raw) <= _REMEMBERED_BYTES else None for raw in raws]
        self._values = [
            None if kept is None else _value(kept, len(head))
            for kept, head in zip(self._raws, self._heads, strict=True)
        ]
        self.reading = Reading(frozenset(self._keys))

    def read(self, raws: Sequence[bytes]) -> Attributes | None:
        """Return the attributes of a span; None when they are of another form."""
        values = self._values.copy()
        for place in compress(self._places, map(ne, raws, self._raws)):
            raw, head = raws[place], self._heads[place]
            end = len(head)
            if raw[:end] != head:
                return None
            text_head = TEXT_HEADS[len(raw) - end]
            text = end + len(text_head)
            values[place] = raw[text:].decode() if raw[end:text] == text_head else _other_value(raw, end)
        return dict(zip(self._keys, values, strict=True))


_forms: dict[tuple[int, bytes], list[Form]] = {}


def _learn(alike: tuple[int, bytes], raws: Sequence[bytes]) -> Form:
    if len(raws) > _MOST_ATTRIBUTES:
        raise UnusualError
    form = Form(raws)
    if len(_forms) >= _MOST_FORMS:
        _forms.clear()
    _forms[alike] = [form, *_forms.get(alike, ())][:_FORMS_ALIKE]
    return form


def _head(raw: bytes) -> bytes:
    """Return the bytes before the value: tag and length of the key, the key, the tag of the value."""
    head = raw[: raw[1] + 3]
    if raw[0] != _KEY or raw[1] >= _ONE_BYTE or head[-1] != _VALUE or len(head) != raw[1] + 3:
        raise UnusualError
    return head


def _value(raw: bytes, start: int) -> Plain:
    """Read the value of a KeyValue; `start` is where its length stands."""
    text_head = TEXT_HEADS[len(raw) - start]
    text = start + len(text_head)
    return raw[text:].decode() if raw[start:text] == text_head else _other_value(raw, start)


def _other_value(raw: bytes, start: int) -> Plain:
    """Read what is not a string; mostly that is a number."""
    size = len(raw) - start - 1
    tag = raw[start + 1]
    if raw[start] == size:
        if tag == _INT and size <= 3:
            low = raw[start + 2]
            if size == 2 and low < _ONE_BYTE:
                return low
            if size == 3 and low >= _ONE_BYTE > raw[start + 3]:
                return low & 0x7F | raw[start + 3] << 7
        elif tag == _DOUBLE and size == 9:
            number: float = _DOUBLE_AT(raw, start + 2)[0]
            if math.isfinite(number):
                return number
    if len(raw) <= _REMEMBERED_BYTES:
        return _rare_value(raw, start)
    return _rare_value.__wrapped__(raw, start)


@lru_cache(_MOST_FORMS)
def _rare_value(raw: bytes, start: int) -> Plain:
    numbers = _doubles(raw, start)
    if numbers:
        return numbers
    pair = KeyValue.FromString(raw)
    # A field may come again behind the value, and the last one counts.
    if pair.key_strindex or pair.key.encode() != raw[2 : start - 1]:
        raise UnusualError
    return read_value_of(pair)


def _doubles(raw: bytes, start: int) -> list[Plain]:
    """Read an array that holds nothing but finite doubles, as embeddings do; return nothing for any other value."""
    items = (len(raw) - start) // _DOUBLE_ITEM_BYTES
    size = varint(items * _DOUBLE_ITEM_BYTES)
    head = varint(1 + len(size) + items * _DOUBLE_ITEM_BYTES) + bytes((_ARRAY,)) + size
    body = raw[start + len(head) :]
    if raw[start : start + len(head)] != head or len(body) != items * _DOUBLE_ITEM_BYTES:
        return []
    if any(body[at::_DOUBLE_ITEM_BYTES] != bytes((byte,)) * items for at, byte in enumerate(_DOUBLE_ITEM)):
        return []
    numbers = Struct("<" + f"{len(_DOUBLE_ITEM)}xd" * items).unpack(body)
    return list(numbers) if math.isfinite(sum(numbers)) else []

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
from typing import TypeAlias

from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from junjo_desktop.telemetry.otlp_json import ESCAPES, Attributes, Plain, read_value_of
from junjo_desktop.telemetry.semantics import Reading
from junjo_desktop.telemetry.wire_text import TEXT_HEADS, text_head, varint

_MOST_ATTRIBUTES = 64
_FORMS_ALIKE = 4
# A program has some dozens of forms: this is a thousand of them, and at most about 10 MB.
_REMEMBERED_ATTRIBUTES = 16_384
_REMEMBERED_BYTES = 256
_REMEMBERED_VALUES = 1_024

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
        form = _forms.get(alike := (len(raws), first[: first[1] + 2]))
        while form is not None:
            attributes = form.read(raws)
            if attributes is not None:
                return attributes, form.reading
            form = form.other
        form = _forms.learn(alike, raws)
        return form.read(raws) or {}, form.reading
    except (IndexError, UnicodeDecodeError):
        raise UnusualError from None


_Spot: TypeAlias = tuple[str, bytes, int]
"""One attribute of a form: its key, how it begins on the wire (all before its value), and where that ends."""


class Form:
    """One order of keys, with the attributes of the span it was learnt from."""

    __slots__ = ("_attributes", "_raws", "_spots", "other", "reading")

    def __init__(self, raws: Sequence[bytes], other: Form | None) -> None:
        """Learn from one span. Raises as `read_attributes`, and what else bytes can raise that are malformed."""
        self.other = other
        heads = [_head(raw) for raw in raws]
        self._spots: list[_Spot] = [(head[2:-1].decode(), head, len(head)) for head in heads]
        # A long value is not remembered; it then differs from whatever comes.
        self._raws = [raw if len(raw) <= _REMEMBERED_BYTES else None for raw in raws]
        self._attributes: Attributes = {
            key: None if raw is None else _value(raw, end)
            for (key, _, end), raw in zip(self._spots, self._raws, strict=True)
        }
        if len(self._attributes) < len(raws) or (len(raws) == 1 and not ESCAPES.isdisjoint(self._attributes)):
            raise UnusualError
        self.reading = Reading(frozenset(self._attributes))

    def read(self, raws: Sequence[bytes]) -> Attributes | None:
        """Return the attributes of a span; None when they are of another form."""
        attributes = self._attributes.copy()
        for (key, head, end), raw in compress(zip(self._spots, raws, strict=False), map(ne, raws, self._raws)):
            try:
                before_text = TEXT_HEADS[len(raw) - end][0]
            except IndexError:
                before_text = text_head(len(raw) - end)[0]
            # One look and one copy: quicker than to cut out, and compare, what stands before the text.
            text = raw.removeprefix(head + before_text)
            if len(text) < len(raw):
                attributes[key] = text.decode()
            elif raw[:end] == head:
                attributes[key] = _other_value(raw, end)
            else:
                return None
        return attributes


class _Forms(dict[tuple[int, bytes], Form]):
    """Forms by the number of attributes and the first key. Some have these in common: each knows the `other` ones."""

    def __init__(self) -> None:
        self._attributes = 0

    def learn(self, alike: tuple[int, bytes], raws: Sequence[bytes]) -> Form:
        """Remember the form of these attributes. When there are too many, all others are forgotten."""
        if len(raws) > _MOST_ATTRIBUTES:
            raise UnusualError
        if self._attributes > _REMEMBERED_ATTRIBUTES:
            self.clear()
            self._attributes = 0
        last = form = Form(raws, self.get(alike))
        for _ in range(_FORMS_ALIKE - 1):
            last = last.other or last
        last.other = None
        self[alike] = form
        self._attributes += len(raws)
        return form


_forms = _Forms()


def _head(raw: bytes) -> bytes:
    """Return the bytes before the value: tag and length of the key, the key, the tag of the value."""
    head = raw[: raw[1] + 3]
    if raw[0] != _KEY or raw[1] >= _ONE_BYTE or head[-1] != _VALUE or len(head) != raw[1] + 3:
        raise UnusualError
    return head


def _value(raw: bytes, start: int) -> Plain:
    """Read the value of a KeyValue; `start` is where its length stands."""
    before_text, size = text_head(len(raw) - start)
    text = start + size
    return raw[text:].decode() if raw[start:text] == before_text else _other_value(raw, start)


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


@lru_cache(_REMEMBERED_VALUES)
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

"""How a text stands on the wire behind the key of an attribute."""

from __future__ import annotations

from typing import TypeAlias

TextHead: TypeAlias = tuple[bytes, int]
"""What stands between key and text (the length of the AnyValue, its tag, the length of the text), and its size."""

_STRING = b"\x0a"  # the tag of AnyValue.string_value
_LONGEST_VARINT = 5
_AT_HAND = 1_024
_NO_HEAD: TextHead = (b"\xff", 1)  # no encoder writes this there


def text_head(size: int) -> TextHead:
    """Return the head of the text that fills `size` bytes together with it; what is no head for sizes no text fills."""
    for inner in range(1, _LONGEST_VARINT + 1):
        for outer in range(inner, _LONGEST_VARINT + 1):
            head = _head(max(0, size - outer - len(_STRING) - inner))
            if len(head) == outer + len(_STRING) + inner <= size:
                return head, len(head)
    return _NO_HEAD


def _head(text: int) -> bytes:
    length = varint(text)
    return varint(len(_STRING) + len(length) + text) + _STRING + length


def varint(number: int) -> bytes:
    """Encode a number that is not negative, in the shortest way."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _heads_at_hand() -> list[TextHead]:
    heads = [_NO_HEAD] * _AT_HAND
    for text in range(_AT_HAND):
        head = _head(text)
        if len(head) + text < _AT_HAND:
            heads[len(head) + text] = head, len(head)
    return heads


TEXT_HEADS = _heads_at_hand()
"""`text_head` of the usual sizes."""

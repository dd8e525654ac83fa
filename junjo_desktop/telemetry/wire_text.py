"""How a text stands on the wire behind the key of an attribute."""

from __future__ import annotations

NOT_TEXT = b"\xff"
"""What no encoder writes there."""

_STRING = b"\x0a"  # the tag of AnyValue.string_value
_REMEMBERED = 16_384
_LONGEST_VARINT = 5


class _TextHeads(dict[int, bytes]):
    """The bytes between the key and the text, by how many bytes follow the key, these and the text together.

    They are the length of the AnyValue, its tag, and the length of the text; `NOT_TEXT` for what no text adds up to.
    """

    __slots__ = ()

    def __missing__(self, size: int) -> bytes:
        head = next((head for head in _heads(size) if head), NOT_TEXT)
        if size < _REMEMBERED:
            self[size] = head
        return head


def _heads(size: int) -> list[bytes]:
    found = []
    for outer in range(1, _LONGEST_VARINT + 1):
        for inner in range(1, outer + 1):
            text = size - outer - len(_STRING) - inner
            head = varint(max(0, text) + len(_STRING) + inner) + _STRING + varint(max(0, text))
            if text >= 0 and len(head) == outer + len(_STRING) + inner:
                found.append(head)
    return found


def varint(number: int) -> bytes:
    """Encode a number that is not negative, in the shortest way."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


TEXT_HEADS = _TextHeads()

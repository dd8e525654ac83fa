"""A large request cut into small ones, so that it need not be in memory as rows at once."""

from __future__ import annotations

from collections.abc import Iterator

from junjo_desktop.telemetry.outline import Request, ResourceGroup

UNCUT_BYTES = 1 << 20
PIECE_ITEMS = 256


def pieces(body: bytes) -> Iterator[bytes]:
    """Yield requests that together hold what `body` does, in its order: itself, or such of at most `PIECE_ITEMS` items.

    Raises `DecodeError`.
    """
    if len(body) <= UNCUT_BYTES:
        yield body
        return
    for group in Request.FromString(body).groups:
        piece = ResourceGroup(resource=group.resource, schema_url=group.schema_url)
        if not group.groups:
            yield Request(groups=[piece]).SerializeToString()
        for scope_group in group.groups:
            # Items are not asked for all together: that would copy them.
            for first in range(0, max(1, len(scope_group.items)), PIECE_ITEMS):
                del piece.groups[:]
                piece.groups.add(
                    scope=scope_group.scope,
                    items=scope_group.items[first : first + PIECE_ITEMS],
                    schema_url=scope_group.schema_url,
                )
                yield Request(groups=[piece]).SerializeToString()

"""Says which traces are certainly new, without a look at the table of all traces.

Nearly every trace that arrives is new, and to look for a thousand of them among a million costs DuckDB 30 ms each time.
Here one bit stands for every trace that is stored (a Bloom filter with one hash): 2 MB for half a million traces, of
which 3 % of the new ones must then be looked for nevertheless.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

_FEWEST_BITS = 1 << 24
_MOST_BITS = 1 << 28
_BITS_A_TRACE = 32
# So few are looked for at once, before the filter is made: a window that was opened a moment ago has no time for it.
FEW = 64

_COUNT = "SELECT count(*) FROM traces"
# As in `perhaps_stored`.
_SLOT = "xor(('0x' || left(trace_id, 16))::UBIGINT, ('0x' || right(trace_id, 16))::UBIGINT) % {slots}::UBIGINT"
_LOAD = f"SELECT bitstring_agg(({_SLOT})::BIGINT, 0, {{slots}})::BLOB FROM traces"  # noqa: S608 - our own numbers


class KnownTraces:
    """Used by the one thread that writes. Traces that are deleted stay known; it only costs looking for them."""

    def __init__(self) -> None:
        self._bits: bytearray | None = None
        self._slots = 0

    def forget(self) -> None:
        """Read the table again at the next use: somebody else has added to it."""
        self._bits = None

    def perhaps_stored(self, cursor: duckdb.DuckDBPyConnection, trace_ids: Collection[str]) -> Collection[str]:
        """Return those of `trace_ids` that may be stored, and remember all of them as stored from now on."""
        if self._bits is None and len(trace_ids) <= FEW:
            return trace_ids
        bits = self._bits if self._bits is not None else self._load(cursor)
        slots = self._slots
        found = []
        for trace_id in trace_ids:
            slot = (int(trace_id[:16], 16) ^ int(trace_id[16:], 16)) % slots
            mask = 128 >> (slot & 7)
            if bits[slot >> 3] & mask:
                found.append(trace_id)
            else:
                bits[slot >> 3] |= mask
        return found

    def _load(self, cursor: duckdb.DuckDBPyConnection) -> bytearray:
        [(count,)] = cursor.execute(_COUNT).fetchall()
        size = _FEWEST_BITS
        while size < min(count * _BITS_A_TRACE, _MOST_BITS):
            size *= 2
        # One less than a power of two: the remainder then depends on every digit of an id.
        self._slots = size - 1
        [(bits,)] = cursor.execute(_LOAD.format(slots=self._slots)).fetchall()
        self._bits = bytearray(size // 8) if bits is None else bytearray(bits)
        return self._bits

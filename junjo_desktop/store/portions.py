"""Requests out of the journal, decoded and put together into groups that are worth a transaction.

A group holds many small requests, or a part of a huge one: memory is bounded by the group, not by what is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from junjo_desktop.store.batch import Batch, Position
from junjo_desktop.telemetry.decode import PORTION_BYTES, DecodedBatch, decode_in_portions
from junjo_desktop.telemetry.intake import IntakeEntry, IntakeSource

# As many as a row group has: so much is written to the file at once, and never to the write-ahead log.
GROUP_ROWS = 16_384
GROUP_BYTES = 24 << 20
READ_BYTES = 8 << 20
# Where decoding is slow, the first rows of a group do not wait longer for the last.
LINGER_S = 1.0


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows of one request, and how far the journal is stored once they are."""

    seq: int
    received_ns: int
    rows: DecodedBatch
    reaches: Position


@dataclass(slots=True)
class Group:
    """Consecutive portions that are stored together; at least one."""

    portions: list[Portion] = field(default_factory=list)
    row_count: int = 0
    size: int = 0
    """Bytes of requests, as they came."""

    def add(self, portion: Portion, size: int) -> None:
        """Add what follows."""
        self.portions.append(portion)
        self.row_count += portion.rows.row_count
        self.size += size

    @property
    def is_full(self) -> bool:
        """Whether it is worth a transaction."""
        return self.row_count >= GROUP_ROWS or self.size >= GROUP_BYTES


def batch_of(portions: Sequence[Portion]) -> Batch:
    """Return consecutive portions, at least one, as what is written at once."""
    batch = Batch()
    for portion in portions:
        batch.add(portion.seq, portion.rows)
    batch.position = portions[-1].reaches
    return batch


class PortionReader:
    """Reads a journal. `on_undecodable` is told of an entry that cannot be decoded; what follows is read on."""

    def __init__(self, source: IntakeSource, on_undecodable: Callable[[int, Exception], None]) -> None:
        self._source = source
        self._on_undecodable = on_undecodable

    def groups(self, position: Position) -> Iterator[Group]:
        """Yield all that is there behind `position`."""
        group, due = Group(), time.monotonic() + LINGER_S
        seq = position.seq
        while entries := self._source.read_after(seq, READ_BYTES):
            for entry in entries:
                stored_rows = position.rows_of_next if entry.seq == position.seq + 1 else 0
                for portion in self._portions(entry, stored_rows):
                    group.add(portion, min(len(entry.body), PORTION_BYTES))
                    if group.is_full or time.monotonic() > due:
                        yield group
                        group, due = Group(), time.monotonic() + LINGER_S
            seq = entries[-1].seq
        if group.portions:
            yield group

    def _portions(self, entry: IntakeEntry, stored_rows: int) -> Iterator[Portion]:
        """Yield an entry's portions but for the rows that are stored already; the last one reaches its end."""
        through = 0
        held: DecodedBatch | None = None
        try:
            for decoded in decode_in_portions(entry, GROUP_ROWS):
                through, before = through + decoded.row_count, through
                if held is not None:
                    yield Portion(entry.seq, entry.received_ns, held, Position(entry.seq - 1, before))
                held = decoded.without_first(stored_rows - before)
        except Exception as error:
            # It was acknowledged, so what fails here is a bug of ours, whatever its type.
            self._on_undecodable(entry.seq, error)
        yield Portion(entry.seq, entry.received_ns, held or DecodedBatch(), Position(entry.seq, 0))

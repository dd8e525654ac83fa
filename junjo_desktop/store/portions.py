"""Requests out of the journal, decoded and put together into groups that are worth a transaction.

A group holds many small requests, or a part of a huge one: memory is bounded by the group, not by what is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from junjo_desktop.store.arriving import CHUNK_ROWS, Chunk
from junjo_desktop.store.batch import Batch, Position, StoredRow
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

    batch: Batch = field(default_factory=Batch)
    seqs: set[int] = field(default_factory=set)
    """The requests of which it holds anything."""
    received_ns: int = 0
    """When the last of them was received."""
    row_count: int = 0
    size: int = 0
    """Bytes of requests, as they came."""
    has_odd_rows: bool = False
    """Whether it has spans that no column can hold."""

    def add(self, portion: Portion, size: int) -> None:
        """Add what follows."""
        self.batch.add(portion.seq, portion.rows)
        self.batch.position = portion.reaches
        self.seqs.add(portion.seq)
        self.received_ns = portion.received_ns
        self.row_count += portion.rows.row_count
        self.size += size

    @property
    def is_full(self) -> bool:
        """Whether it is worth a transaction."""
        return self.row_count >= GROUP_ROWS or self.size >= GROUP_BYTES


class PortionReader:
    """Reads a journal, for one thread at a time.

    `on_undecodable` is told of an entry that cannot be decoded; what follows is read on. `to_chunk` makes columns of
    many spans.
    """

    def __init__(
        self,
        source: IntakeSource,
        on_undecodable: Callable[[int, Exception], None],
        to_chunk: Callable[[Sequence[StoredRow]], Chunk],
    ) -> None:
        self._source = source
        self._on_undecodable = on_undecodable
        self._to_chunk = to_chunk

    def groups(self, position: Position) -> Iterator[Group]:
        """Yield all that is there behind `position`."""
        group, due = Group(), time.monotonic() + LINGER_S
        for portion, size in self._read(position):
            group.add(portion, size)
            if len(group.batch.spans) >= CHUNK_ROWS:
                self._convert(group)
            if group.is_full or time.monotonic() > due:
                yield self._finished(group)
                group, due = Group(), time.monotonic() + LINGER_S
        if group.seqs:
            yield self._finished(group)

    def groups_again(self, position: Position, until: Position, *, each_alone: bool) -> Iterator[Group]:
        """Yield what is there from `position` to `until` as rows, together, or each portion alone."""
        group = Group()
        for portion, size in self._read(position):
            group.add(portion, size)
            is_last = portion.reaches >= until
            if each_alone or is_last:
                yield group
                group = Group()
            if is_last:
                return
        if group.seqs:
            yield group

    def _finished(self, group: Group) -> Group:
        if group.batch.chunks and group.batch.spans:
            self._convert(group)
        return group

    def _convert(self, group: Group) -> None:
        if group.has_odd_rows:
            return
        try:
            group.batch.chunks.append(self._to_chunk(group.batch.spans))
        except Exception:
            # Whoever writes them meets the same error, and knows what to do.
            group.has_odd_rows = True
        else:
            group.batch.spans.clear()

    def _read(self, position: Position) -> Iterator[tuple[Portion, int]]:
        """Yield portions, each with about how many bytes it came in."""
        seq = position.seq
        while entries := self._source.read_after(seq, READ_BYTES):
            for entry in entries:
                stored_rows = position.rows_of_next if entry.seq == position.seq + 1 else 0
                for portion in self._portions(entry, stored_rows):
                    yield portion, min(len(entry.body), PORTION_BYTES)
            seq = entries[-1].seq

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

"""What a paged table shows: an ordered list of ids, rows by id, and columns. Qt-free.

A source is made anew for every filter and order; the table asks it from reader threads:

    @dataclass(frozen=True)
    class CallSource:
        service: str

        def list_ids(self, cursor, shown):                   # `shown` is the listing on screen, None the first time
            return Listing(OrderedIds(queries.call_ids(cursor, self.service)))

        def load_rows(self, cursor, ids):                    # ids that are no longer stored are left out
            return {row.call_id: row for row in queries.call_rows(cursor, ids)}
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

Align = Literal["left", "right", "center"]
Look = Literal["text", "strong", "dim", "mono"]


class Ids(Protocol):
    """Ids in order. A million of them must be cheap to hold: prefer one packed text or array to a list."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Any:
        """Return the id at a row; ids are hashable."""

    def find(self, row_id: Any, /) -> int:
        """Return the row of an id, -1 when it is not listed."""


class RowListing(Protocol):
    """One answer of `RowSource.list_ids`; a page may hang more on its own (totals, facets)."""

    @property
    def ids(self) -> Ids: ...
    @property
    def new(self) -> int:
        """How many of the ids are new since the listing that was shown; 0 for the first."""

    @property
    def first_rows(self) -> Mapping[Any, Any]:
        """Rows by id that were read along, of the top of the list, say; those that are missing are asked for."""

    @property
    def is_partial(self) -> bool:
        """Whether this is a quick first look and another listing is on its way: what it adds is not news."""


class RowSource(Protocol[R_co]):
    """Two reads. Both run on a reader thread and must not touch Qt; `cursor` is a read cursor of the store."""

    def list_ids(self, cursor: Any, shown: Any) -> RowListing:
        """List all ids in order. `shown` is this source's listing on screen, or None."""

    def load_rows(self, cursor: Any, ids: Sequence[Any]) -> Mapping[Any, R_co]:
        """Return rows by id; what is no longer stored is left out."""


@dataclass(frozen=True, slots=True)
class OrderedIds:
    """The plain `Ids`: a sequence of anything hashable. Good up to some hundred thousand."""

    values: Sequence[Hashable] = ()

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int, /) -> Hashable:
        return self.values[row]

    def find(self, row_id: Hashable, /) -> int:
        """Return the row of an id, -1 when it is not listed."""
        try:
            return self.values.index(row_id)
        except ValueError:
            return -1


@dataclass(frozen=True, slots=True)
class Listing:
    """The plain `RowListing`."""

    ids: Ids
    new: int = 0
    first_rows: Mapping[Any, Any] = field(default_factory=dict)
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. `key` is stable: it names the column in saved state and in `sort_requested`.

    `text` is what is shown, copied and read out; `paint` may draw something in its place (see `widgets.cells`).
    `heading` is the header's text when it differs from `title`; the columns menu always says `title`.
    """

    key: str
    title: str
    text: Callable[[R], str]
    width_px: int = 120
    align: Align = "left"
    look: Look = "text"
    heading: str | None = None
    sortable: bool = True
    descending_first: bool = False
    hidden: bool = False
    paint: Callable[[Any, Any, R], None] | None = None
    tooltip: Callable[[R], str] | None = None
    copy: Callable[[R], str] | None = None
    title_tooltip: str = ""
    term: Callable[[R], str] | None = None
    """What a cell says, as a condition that rows can be narrowed by, in the language of the list; "" for none."""

    @property
    def header_text(self) -> str:
        """What the header shows."""
        return self.title if self.heading is None else self.heading

    def copied(self, row: R) -> str:
        """Return what copying this cell gives."""
        return (self.copy or self.text)(row)


class Gone:
    """Stands for a row that was listed and is no longer stored."""


GONE = Gone()

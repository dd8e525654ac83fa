"""Where the user is in a list, by ids, so that it survives another listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from junjo_desktop.widgets.listing_reader import Listed
from junjo_desktop.widgets.paged_model import PagedModel
from junjo_desktop.widgets.row_table import RowTable

_SELECTED_KEPT = 500


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """The current and the selected rows, the row at the top of the view, and how far it is scrolled (pixels)."""

    current: Any
    selected: tuple[Any, ...]
    top: Any
    top_row: int
    scrolled_px: int

    @classmethod
    def of(cls, view: RowTable, model: PagedModel[Any]) -> KeptPlace:
        """Return where `view` is now; of a greater selection the first 500 rows."""
        index, top_row = view.currentIndex(), view.rowAt(0)
        return cls(
            current=model.id_at(index.row()) if index.isValid() else None,
            selected=tuple(map(model.id_at, view.selected_row_numbers(_SELECTED_KEPT))),
            top=model.id_at(top_row) if top_row >= 0 else None,
            top_row=top_row,
            scrolled_px=view.verticalScrollBar().value(),
        )

    @classmethod
    def restored(cls, saved: object) -> KeptPlace | None:
        """Return what `saved` made; None for the top with nothing selected, and for anything odd."""
        match saved:
            case [str() | None as current, [*selected], str() | None as top, int(top_row), int(scrolled_px)] if all(
                isinstance(row_id, str) for row_id in selected
            ) and (current is not None or scrolled_px > 0):
                return cls(current, tuple(selected), top, top_row, scrolled_px)
        return None

    def saved(self) -> list[Any] | None:
        """Return the place for JSON; None when the ids are no texts."""
        if not all(isinstance(row_id, str) for row_id in self.ids):
            return None
        return [self.current, list(self.selected), self.top, self.top_row, self.scrolled_px]

    @property
    def ids(self) -> tuple[Any, ...]:
        """Every id whose row in the next listing will be asked for."""
        return tuple(row_id for row_id in (*self.selected, self.current, self.top) if row_id is not None)

    def put_back(self, view: RowTable, listed: Listed, *, to_top: bool) -> None:
        """Select the same rows in the listing that is shown now, and keep the row at the top where it was."""
        rows = [row for row in map(listed.row_of, self.selected) if row >= 0]
        view.select_rows(rows, -1 if self.current is None else listed.row_of(self.current))
        view.scroll_to(0 if to_top else self._scrolled_in(listed, view.row_px))

    def _scrolled_in(self, listed: Listed, row_px: int) -> int:
        row = -1 if self.top is None else listed.row_of(self.top)
        return self.scrolled_px if row < 0 else self.scrolled_px + (row - self.top_row) * row_px

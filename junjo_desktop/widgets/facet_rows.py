"""What the rows of facets say. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.store.facets import Facet, FacetValue
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text, counted

_LONGEST = 120

IsOn = Callable[[str, str], bool]
"""Whether a list is narrowed to a value, given the facet's field and the value."""


class RowKind(StrEnum):
    """What a row stands for."""

    FIELD = "field"
    VALUE = "value"
    CHOSEN = "chosen"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One row. Shares are of the most frequent value of the field; `value` is what was sent, whole."""

    kind: RowKind
    text: str
    count: int | None
    share: float = 0.0
    failed_share: float = 0.0
    field: str = ""
    value: str = ""
    tip: str = ""


def rows_of(facet: Facet, total: int, noun: str, is_on: IsOn) -> Iterator[FacetRow]:
    """Yield the rows below a field: its values, and how many more there are."""
    most = max((value.count for value in facet.values), default=1)
    for value in facet.values:
        yield FacetRow(
            RowKind.CHOSEN if is_on(facet.field, value.text) else RowKind.VALUE,
            isolated(one_line(value.text, _LONGEST)),
            value.count,
            value.count / most,
            value.failed / most,
            facet.field,
            value.text,
            _tip(value, total, noun),
        )
    if facet.others:
        yield FacetRow(RowKind.OTHERS, counted(facet.others, "more value"), facet.other_count)


def _tip(value: FacetValue, total: int, noun: str) -> str:
    parts = [f"{count_text(value.count)} of {count_text(total)} {noun}s ({share_text(value.count, total)})"]
    if value.failed:
        parts.append(f"{count_text(value.failed)} failed ({share_text(value.failed, value.count)})")
    return f"{value.text}\n{', '.join(parts)}"


def share_text(part: int, whole: int) -> str:
    """Return `12 %`; what is little but not nothing is `< 1 %`, what is much but not all `> 99 %`."""
    percent = round(100 * part / whole) if whole else 0
    if percent == 0 and part:
        return "< 1 %"
    return "> 99 %" if percent == 100 and part < whole else f"{percent} %"

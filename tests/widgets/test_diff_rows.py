"""Two values side by side."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import given

from junjo_desktop.telemetry.junjo.state import changes_between
from junjo_desktop.widgets.state_changes.diff_rows import DiffRow, RowKind, diff_rows, unfolded
from tests.telemetry.junjo.state.true_stores import documents

_OPENED = re.compile(r"[\[{]( \d[\d,]* (keys?|items?) [\]}])?|[\]}]")


def rows_of(before: Any, after: Any) -> tuple[DiffRow, ...]:
    return diff_rows(changes_between(before, after))


def all_unfolded(rows: tuple[DiffRow, ...]) -> list[DiffRow]:
    made: list[DiffRow] = []
    for row in rows:
        made.extend([row, *all_unfolded(unfolded(row))] if row.hidden is not None else [row])
    return made


def scalars(value: Any) -> Iterator[str]:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield json.dumps(value, ensure_ascii=False)
    for part in held:
        yield from scalars(part)


def told(lines: list[str | None]) -> Counter[str]:
    """The scalars that lines tell; those of objects and arrays are on lines of their own."""
    found = [line.strip().rstrip(",") for line in lines if line is not None and "⋯" not in line]
    values = [line.split(": ", 1)[1] if re.match(r'"[^"]*": ', line) else line for line in found]
    return Counter(value for value in values if not _OPENED.fullmatch(value.replace("{}", "{").replace("[]", "[")))


@given(documents, documents)
def test_both_sides_tell_all_of_their_value_and_only_what_differs_is_marked(before: Any, after: Any) -> None:
    rows = rows_of(before, after)
    if not rows:
        return
    whole = all_unfolded(rows)
    assert told([row.left for row in whole]) == Counter(scalars(before))
    assert told([row.right for row in whole]) == Counter(scalars(after))
    for row in whole:
        assert (row.left == row.right) == (row.kind in (RowKind.SAME, RowKind.FOLD))


def test_one_difference_in_a_large_value_is_a_handful_of_rows() -> None:
    before = {f"key{number}": {"n": number} for number in range(5_000)}
    rows = rows_of(before, {**before, "key2500": {"n": -1}})
    texts = [(row.kind, row.left) for row in rows]
    assert len(rows) == 11
    assert (RowKind.FOLD, "  ⋯ 2,498 keys unchanged") in texts
    assert (RowKind.CHANGED, '    "n": 2500') in texts
    fold = next(row for row in rows if row.left == "  ⋯ 2,498 keys unchanged")
    opened = unfolded(fold)
    assert len(opened) == 1_001
    assert opened[-1].left == "  ⋯ 1,498 keys unchanged"


def test_lines_of_a_text_are_matched() -> None:
    rows = rows_of({"prompt": "Be kind.\nBe brief.\nEnd."}, {"prompt": "Be kind.\nBe short.\nBe brief.\nEnd."})
    assert [(row.kind, row.left, row.right) for row in rows[2:-2]] == [
        (RowKind.SAME, "    Be kind.", "    Be kind."),
        (RowKind.ADDED, None, "    Be short."),
        (RowKind.SAME, "    Be brief.", "    Be brief."),
        (RowKind.SAME, "    End.", "    End."),
    ]


def test_no_difference_is_no_row() -> None:
    assert rows_of({"a": [1, {}]}, {"a": [1, {}]}) == ()

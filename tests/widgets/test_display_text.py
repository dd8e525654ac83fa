"""Text that others wrote is shown as it is, and cannot do anything."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.widgets.display_text import isolated, many_lines, one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_one_line_is_one_line_without_controls(text: str) -> None:
    shown = one_line(text, 100)
    assert len(shown) <= 101
    assert not [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")]
    shown.encode("utf-8")


@given(ANY_TEXT)
def test_many_lines_keep_breaks_and_tabs_only(text: str) -> None:
    controls = {letter for letter in many_lines(text) if unicodedata.category(letter) in ("Cc", "Cs")}
    assert controls <= {"\n", "\r", "\t"}


def test_a_megabyte_is_cut() -> None:
    assert one_line("x" * 1_000_000, 10) == "x" * 10 + "…"


def test_direction_overrides_do_nothing() -> None:
    assert one_line("a\u202eb\u2066c") == "abc"
    assert isolated("שלום") == "\u2068שלום\u2069"


def test_markup_in_a_tooltip_is_text() -> None:
    assert "<b>" not in plain_tooltip("<b>x</b>")
    assert plain_tooltip("") == ""

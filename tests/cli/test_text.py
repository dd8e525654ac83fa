"""Text of others in a terminal: harmless, and in columns that line up."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.cli.table import Column, table
from junjo_desktop.cli.text import columns, cut, harmless, padded


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", "␛[2J␛]0;owned␇"),
        ("a\nb\tc\rd", "a␊b␉c␍d"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("line\u2028break", "line\\u2028break"),
        ("\U000e0041", "\\U000e0041"),
        ("größe 😀 日本 👩\u200d🚒 नमस्ते", "größe 😀 日本 👩\u200d🚒 नमस्ते"),
    ],
)
def test_what_a_terminal_would_obey_becomes_visible(hostile: str, shown: str) -> None:
    assert harmless(hostile) == shown


def test_no_code_point_at_all_gets_through_as_a_control() -> None:
    every = harmless("".join(map(chr, range(sys.maxunicode + 1))))
    assert not {sign for sign in every if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - {
        "\u200c",
        "\u200d",
    }


@given(st.text(), st.integers(0, 30))
def test_cut_text_never_takes_more_columns_than_it_may(text: str, width: int) -> None:
    shown = cut(harmless(text), width)
    assert columns(shown) <= width
    assert columns(padded(shown, 40)) == 40


def test_a_megabyte_of_signs_without_width_is_cut() -> None:
    assert len(cut("a" + "\u0301" * 1_000_000, 10)) < 200


def test_columns_line_up_with_wide_signs_and_accents() -> None:
    lines = table(
        (Column("NAME", flexible=True), Column("N", right=True)),
        [("日本", "1"), ("e\u0301", "22"), ("plain", "333")],
        None,
    )
    assert lines == ["NAME     N", "日本     1", "e\u0301       22", "plain  333"]


HEADS = (Column("NAME", flexible=True), Column("NOTE", flexible=True, spare=1), Column("ID"))


def test_a_narrow_terminal_cuts_the_longest_text_first_and_never_an_id() -> None:
    rows = [("a" * 50, "short", "0123456789abcdef"), ("b", "x", "fedcba9876543210")]
    lines = table(HEADS, rows, 60)
    assert max(len(line) for line in lines) == 60
    assert lines[1].endswith("  short  0123456789abcdef")
    assert "…" in lines[1]


def test_a_very_narrow_terminal_drops_what_can_be_spared() -> None:
    rows = [("a" * 50, "some words here", "0123456789abcdef")]
    assert table(HEADS, rows, 30) == ["NAME          ID", "aaaaaaaaaaa…  0123456789abcdef"]
    assert table(HEADS, rows, 5)[1].endswith("0123456789abcdef")


def test_without_a_terminal_text_is_whole_up_to_a_bound() -> None:
    lines = table(HEADS, [("a" * 150, "n" * 1_000_000, "id")], None)
    assert "a" * 150 in lines[1]
    assert len(lines[1]) < 400


def test_an_escape_in_a_cell_takes_the_room_it_is_shown_in() -> None:
    lines = table((Column("NAME", flexible=True), Column("ID")), [("\x1b[31mred", "1"), ("plain...", "2")], None)
    assert lines[1] == "␛[31mred  1"
    assert lines[2] == "plain...  2"

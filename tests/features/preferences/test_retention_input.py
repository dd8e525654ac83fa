"""What may be typed as limits of retention."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.features.preferences.retention_input import RetentionInput, gb_text, read_retention
from junjo_desktop.settings import Settings, load_settings, save_settings


@pytest.mark.parametrize(
    ("days", "gb", "expected"),
    [("30", "10", (30, 10.0)), (" 0 ", "0", (0, 0.0)), ("36500", "0,5", (36_500, 0.5)), ("1", "100000", (1, 1e5))],
)
def test_whole_days_and_gigabytes_are_read(days: str, gb: str, expected: tuple[int, float]) -> None:
    assert read_retention(days, gb) == RetentionInput(*expected, "", "")


@pytest.mark.parametrize("days", ["", "-1", "1.5", "36501", "٣", "1e3", "many", "9" * 30])
def test_other_ages_say_what_is_wanted(days: str) -> None:
    read = read_retention(days, "10")
    assert "days" in read.days_problem
    assert not read.usable


@pytest.mark.parametrize("gb", ["", "-1", "0.05", "100001", "1e3", "nan", "inf", "1.2.3", "٣", "."])
def test_other_sizes_say_what_is_wanted(gb: str) -> None:
    read = read_retention("30", gb)
    assert "GB" in read.gb_problem
    assert not read.usable


@given(st.text(max_size=12) | st.integers().map(str), st.text(max_size=12) | st.floats().map(str))
def test_what_is_usable_can_be_saved(days: str, gb: str) -> None:
    read = read_retention(days, gb)
    if read.usable:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "settings.toml"
            save_settings(path, Settings(retention_days=read.days, retention_gb=read.gb))
            saved, warnings = load_settings(path)
        assert (saved.retention_days, saved.retention_gb, warnings) == (read.days, read.gb, ())


@given(st.floats(0.1, 100_000))
def test_a_size_stands_in_the_field_as_it_can_be_read_back(gb: float) -> None:
    read = read_retention("30", gb_text(gb))
    assert read.usable
    assert read.gb == pytest.approx(gb, rel=1e-5)

"""What the user typed as limits of retention: which of it can be used, and why the rest cannot. Qt-free."""

from __future__ import annotations

import math
from dataclasses import dataclass

from junjo_desktop.settings import LEAST_RETENTION_GB, MOST_RETENTION_DAYS, MOST_RETENTION_GB


@dataclass(frozen=True, slots=True)
class RetentionInput:
    """The typed limits as numbers (0: no limit), with one problem for each field ("" when there is none)."""

    days: int
    gb: float
    days_problem: str
    gb_problem: str

    @property
    def usable(self) -> bool:
        """Whether both can be applied."""
        return not self.days_problem and not self.gb_problem


def read_retention(days: str, gb: str) -> RetentionInput:
    """Read the fields for age and size. A decimal comma is a decimal point."""
    days_number, days_problem = _days(days.strip())
    gb_number, gb_problem = _gb(gb.strip().replace(",", "."))
    return RetentionInput(days_number, gb_number, days_problem, gb_problem)


def gb_text(gb: float) -> str:
    """Return a size as it stands in the field: `10`, `0.5`."""
    return f"{gb:g}" if gb < 1e6 else f"{gb:.0f}"


def _days(text: str) -> tuple[int, str]:
    if not text:
        return 0, "Enter a number of days, or 0 for no limit."
    # str.isdigit accepts figures of other scripts that a number cannot be read from with certainty.
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_RETENTION_DAYS:
        return 0, f"A whole number of days from 1 to {MOST_RETENTION_DAYS:,}, or 0 for no limit."
    return int(text), ""


def _gb(text: str) -> tuple[float, str]:
    if not text:
        return 0.0, "Enter a size in GB, or 0 for no limit."
    problem = f"A number of GB from {LEAST_RETENTION_GB:g} to {MOST_RETENTION_GB:,.0f}, or 0 for no limit."
    if not text.isascii() or any(letter not in "0123456789." for letter in text):
        return 0.0, problem
    try:
        number = float(text)
    except ValueError:
        return 0.0, problem
    if not math.isfinite(number) or number > MOST_RETENTION_GB or 0 < number < LEAST_RETENTION_GB:
        return 0.0, problem
    return number, ""

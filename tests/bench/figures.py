"""Figures with their goals, as a table for people and as JSON for comparison."""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.calibration import Calibration, calibrate

_MS = {"ns": 1e-6, "µs": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `goal` is the most it should be (`at_least`: the least), None: for information."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Whether the goal is reached; empty without one."""
        if self.goal is None:
            return ""
        reached = self.value >= self.goal if self.at_least else self.value <= self.goal
        return "holds" if reached else "MISSED"

    @property
    def goal_text(self) -> str:
        """The goal as a condition; empty without one."""
        return "" if self.goal is None else f"{'≥' if self.at_least else '≤'} {_number(self.goal)} {self.unit}".rstrip()

    def in_loops(self, loop_ms: float) -> float | None:
        """Return a time in calibration loops, or a rate a loop: comparable between machines. None for other units."""
        if self.unit in _MS:
            return self.value * _MS[self.unit] / loop_ms
        return self.value * loop_ms / 1e3 if self.unit == "/s" else None


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` % of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options that every measurement has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


def show(
    title: str,
    figures: Sequence[Figure],
    json_file: Path | None,
    before: Calibration | None = None,
    *,
    goals_only: bool = False,
) -> None:
    """Print the table with this machine's calibration, the mean of `before` and now; write the JSON when asked to.

    `goals_only`: the other figures were printed already, and are only in the JSON.
    """
    after = calibrate()
    loop_ms = (after.python_loop_ms + (before or after).python_loop_ms) / 2
    print(f"\n{title}\n{'-' * len(title)}")
    for figure in figures:
        if goals_only and figure.goal is None:
            continue
        loops = figure.in_loops(loop_ms)
        relative = "" if loops is None else f"{_number(loops)} {'a loop' if figure.unit == '/s' else 'loops'}"
        value = f"{_number(figure.value):>12} {figure.unit:<3}"
        print(f"{figure.name:<84}{value} {relative:>16}   {figure.goal_text:<14} {figure.verdict}".rstrip())
    for name, calibration in (("before", before), ("after", after)):
        if calibration:
            print(f"calibration {name}: {calibration}")
    if json_file:
        document = {
            "title": title,
            "figures": [
                {**asdict(figure), "verdict": figure.verdict, "in_loops": figure.in_loops(loop_ms)}
                for figure in figures
            ],
            "calibration": {"before": asdict(before) if before else None, "after": asdict(after)},
            "python": sys.version.split()[0],
            "machine": f"{platform.system()} {platform.machine()}",
            "packages": {name: version(name) for name in ("duckdb", "PySide6-Essentials", "grpcio")},
        }
        json_file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    """Three significant digits or more, thousands apart."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"

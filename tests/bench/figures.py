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

from tests.bench.calibration import calibrate


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `goal` is the most it should be, None when it is for information."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "holds" if self.value <= self.goal else "MISSED"


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` % of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options that every measurement has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


def show(title: str, figures: Sequence[Figure], json_file: Path | None) -> None:
    """Print the table with this machine's calibration; write the JSON when asked to."""
    machine = calibrate()
    print(f"\n{title}\n{'-' * len(title)}")
    for figure in figures:
        goal = "" if figure.goal is None else f"goal ≤ {figure.goal:g} {figure.unit}"
        print(f"{figure.name:<58}{figure.value:>10.2f} {figure.unit:<6} {goal:<20} {figure.verdict}")
    print("calibration: " + ", ".join(f"{name} {value:.2f}" for name, value in machine.items()))
    if json_file:
        document = {
            "title": title,
            "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in figures],
            "calibration": machine,
            "python": sys.version.split()[0],
            "machine": f"{platform.system()} {platform.machine()}",
            "packages": {name: version(name) for name in ("duckdb", "PySide6-Essentials", "grpcio")},
        }
        json_file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")

"""What the user typed as ports: which of it can be used, and why the rest cannot. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_HIGHEST = 65535
_FIRST_UNPRIVILEGED = 1024


@dataclass(frozen=True, slots=True)
class PortsInput:
    """The typed ports as numbers, with one problem for each field ("" when there is none)."""

    otlp_ports: tuple[int, ...]
    validator_port: int
    otlp_problems: tuple[str, ...]
    validator_problem: str

    @property
    def usable(self) -> bool:
        """Whether everything can be applied."""
        return not any(self.otlp_problems) and not self.validator_problem


def read_ports(otlp: Sequence[str], validator: str) -> PortsInput:
    """Read the fields of the port list and of the validator."""
    texts = [*otlp, validator]
    numbers = [_number(text) for text in texts]
    problems = [_problem(text, number) for text, number in zip(texts, numbers, strict=True)]
    for place, number in enumerate(numbers):
        if number and not problems[place] and number in numbers[:place]:
            twice = place == len(otlp)
            problems[place] = "This port is already used for OTLP." if twice else "This port is in the list already."
    found = tuple(number or 0 for number in numbers)
    return PortsInput(found[:-1], found[-1], tuple(problems[:-1]), problems[-1])


def _number(text: str) -> int | None:
    stripped = text.strip()
    # str.isdigit accepts figures of other scripts that a port cannot be read from with certainty.
    if not stripped.isascii() or not stripped.isdigit() or len(stripped) > 5:
        return None
    return int(stripped)


def _problem(text: str, number: int | None) -> str:
    if not text.strip():
        return "Enter a port, or 0 for any free one."
    if number is None or number > _HIGHEST:
        return f"A port is a whole number from 0 to {_HIGHEST}."
    if 0 < number < _FIRST_UNPRIVILEGED:
        return f"Ports below {_FIRST_UNPRIVILEGED} are reserved for the system."
    return ""

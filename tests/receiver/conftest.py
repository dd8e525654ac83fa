"""A receiver with everything it needs, on ports of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.receiver.intake import Intake


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    """A running receiver that asks for keys, with one key made."""
    running = Intake(tmp_path)
    yield running
    running.close()

"""The common options, with their types."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from junjo_desktop.paths import DataDir, default_data_dir


@dataclass(frozen=True, slots=True)
class Options:
    """What every command may be told; None leaves it to the settings."""

    data_dir: DataDir
    otlp_ports: tuple[int, ...] | None = None
    validator_port: int | None = None
    keys_required: bool | None = None

    @classmethod
    def of(cls, found: Namespace) -> Options:
        """Return the common options among parsed arguments."""
        return cls(
            data_dir=DataDir(Path(found.data_dir).expanduser().absolute()) if found.data_dir else default_data_dir(),
            otlp_ports=tuple(found.otlp_ports) or None,
            validator_port=found.validator_port,
            keys_required=False if found.no_auth else None,
        )

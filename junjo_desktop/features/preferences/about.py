"""What this program is made of, for a bug report. Qt-free; nothing heavy is imported to learn its version."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from junjo_desktop import __version__

_PARTS = (("Qt (PySide6)", "PySide6-Essentials"), ("DuckDB", "duckdb"), ("gRPC", "grpcio"))


def about() -> tuple[tuple[str, str], ...]:
    """Return names and versions, our own first."""
    return (
        ("Junjo Desktop", __version__),
        ("Python", platform.python_version()),
        *((name, _version(package)) for name, package in _PARTS),
        ("System", f"{platform.system()} {platform.release()} {platform.machine()}".strip()),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"

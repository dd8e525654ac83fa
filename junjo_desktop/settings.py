"""User settings: one TOML file, one dataclass. Type, default and meaning stand at the field."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junjo_desktop.errors import UserError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

THEMES = ("system", "light", "dark")
MOST_RETENTION_DAYS = 36_500
LEAST_RETENTION_GB = 0.1
MOST_RETENTION_GB = 100_000.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the Preferences page can change."""

    otlp_ports: tuple[int, ...] = (26155, 50051, 4317)
    """Ports for OTLP over gRPC: the Junjo SDK's, its older one, OpenTelemetry's. Loopback only; 0 is any free port."""
    validator_port: int = 50053
    """Port of the background key validator."""
    theme: str = "system"
    """`system`, `light` or `dark`."""
    accept_without_key: bool = False
    """Accept telemetry without a key from this computer."""
    retention_days: int = 30
    """Remove whole traces that have received nothing for this long; 0 keeps them whatever their age."""
    retention_gb: float = 10.0
    """Remove the oldest traces when more than this many gigabytes (10⁹ bytes) are taken on disk; 0 is no limit."""


def load_settings(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """Read `path`; return the settings and one warning for each entry that was not understood (its default is used)."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return Settings(), (f"{path} cannot be read ({error}); the defaults are used.",)
    accepted: dict[str, Any] = {}
    warnings: list[str] = []
    known = {field.name for field in fields(Settings)}
    for key, value in found.items():
        problem = _problem(key, value) if key in known else "is not a setting"
        if problem:
            warnings.append(f"{path}: {key} {problem}.")
        else:
            accepted[key] = _typed(value, getattr(Settings(), key))
    return Settings(**accepted), tuple(warnings)


def save_settings(path: Path, settings: Settings) -> None:
    """Write `settings`, keeping comments and unknown entries of the file; one that is not TOML is kept beside it.

    Raises `UserError`.
    """
    for key, value in asdict(settings).items():
        problem = _problem(key, value)
        if problem:
            raise UserError(f"The setting {key} {problem}.", "Correct it and save again.")
    try:
        document = _document(path)
        for key, value in asdict(settings).items():
            document[key] = list(value) if isinstance(value, tuple) else value
        staged = path.with_suffix(".toml.new")
        staged.write_text(document.as_string(), encoding="utf-8")
        staged.replace(path)
    except OSError as error:
        raise UserError(
            f"The settings file {path} cannot be written ({error.strerror}).",
            "Free some space or correct the permissions of its folder.",
        ) from error


def _document(path: Path) -> TOMLDocument:
    # Loaded where it is needed: every start reads settings, few change them.
    import tomlkit

    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (tomlkit.exceptions.ParseError, UnicodeDecodeError):
        path.replace(path.with_suffix(".toml.unreadable"))
        return tomlkit.document()


def _typed(value: Any, default: object) -> Any:
    """Return a value of TOML that has no problem as the field's own type: a list as a tuple, `10` as `10.0`."""
    if isinstance(value, list):
        return tuple(value)
    return float(value) if isinstance(default, float) else value


def _problem(key: str, value: object) -> str:
    is_right, rule = _RULES[key]
    return "" if is_right(value) else rule


def _is_number(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and _is_number(value, 0, most)


def _is_port(value: object) -> bool:
    return _is_whole(value, 65_535)


def _are_ports(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(_is_port(port) for port in value)


_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "otlp_ports": (_are_ports, "must be a list of ports from 0 to 65535"),
    "validator_port": (_is_port, "must be a port from 0 to 65535"),
    "theme": (lambda value: value in THEMES, f"must be one of {', '.join(THEMES)}"),
    "accept_without_key": (lambda value: isinstance(value, bool), "must be true or false"),
    "retention_days": (
        lambda value: _is_whole(value, MOST_RETENTION_DAYS),
        f"must be a whole number of days up to {MOST_RETENTION_DAYS}, or 0 for no limit",
    ),
    "retention_gb": (
        lambda value: _is_number(value, 0, 0) or _is_number(value, LEAST_RETENTION_GB, MOST_RETENTION_GB),
        f"must be a number of gigabytes from {LEAST_RETENTION_GB} to {MOST_RETENTION_GB:.0f}, or 0 for no limit",
    ),
}

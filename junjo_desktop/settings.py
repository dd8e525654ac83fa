"""User settings: one TOML file, one dataclass. Type, default and meaning stand at the field."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junjo_desktop.errors import UserError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

THEMES = ("system", "light", "dark")


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
            accepted[key] = tuple(value) if isinstance(value, list) else value
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


def _problem(key: str, value: object) -> str:
    if key == "otlp_ports":
        if isinstance(value, list | tuple) and value and all(_is_port(port) for port in value):
            return ""
        return "must be a list of ports from 0 to 65535"
    if key == "validator_port":
        return "" if _is_port(value) else "must be a port from 0 to 65535"
    if key == "theme":
        return "" if value in THEMES else f"must be one of {', '.join(THEMES)}"
    return "" if isinstance(value, bool) else "must be true or false"


def _is_port(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 65535

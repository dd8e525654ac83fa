"""Every file and folder the app touches, in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from junjo_desktop.errors import DataFolderError

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """Return a file of `resources/`: beside the package in a checkout and a bundle, inside it in a wheel."""
    # Inside first: beside an installed package stand other people's folders.
    inside = _PACKAGE / "_resources"
    return (inside if inside.is_dir() else _PACKAGE.parent / "resources").joinpath(*parts)


@dataclass(frozen=True, slots=True)
class DataDir:
    """The one folder that holds a user's telemetry, state, settings and logs."""

    root: Path

    @property
    def telemetry(self) -> Path:
        """The DuckDB file: spans, logs, metrics and everything derived from them."""
        return self.root / "telemetry.duckdb"

    @property
    def journal(self) -> Path:
        """The SQLite intake journal: what is acknowledged and not yet indexed."""
        return self.root / "intake.sqlite3"

    @property
    def state(self) -> Path:
        """The SQLite file for what must survive 'delete all telemetry': key hashes, saved views."""
        return self.root / "state.sqlite3"

    @property
    def settings(self) -> Path:
        """The user's settings, in TOML."""
        return self.root / "settings.toml"

    @property
    def window_state(self) -> Path:
        """Window geometry, splitters and column widths: harmless to lose."""
        return self.root / "window.ini"

    @property
    def lock(self) -> Path:
        """Held by the one process that has the stores open."""
        return self.root / "workbench.lock"

    @property
    def endpoint(self) -> Path:
        """Owner-only file that says where the running app's private socket is, with its token."""
        return self.root / "workbench.json"

    @property
    def logs(self) -> Path:
        """Folder of log files."""
        return self.root / "logs"

    @property
    def log_file(self) -> Path:
        """The rotating log."""
        return self.logs / "junjo-desktop.log"

    @property
    def crash_file(self) -> Path:
        """Where a fatal crash leaves its stack, offered at the next start."""
        return self.logs / "crash.txt"

    def prepare(self) -> None:
        """Create the folder, owner-only, and check that it can be written. Raises `DataFolderError`."""
        try:
            # `parents=True` would give the folder itself the mode of any other.
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            # One by one: the mode of `mkdir` holds for the last folder it makes, not for that folder's parents.
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            probe = self.root / f".write-test-{os.getpid()}"
            probe.write_bytes(b"ok")
            probe.unlink()
        except OSError as error:
            reason = error.strerror or str(error)
            raise DataFolderError(
                f"The data folder {self.root} cannot be written ({reason}).",
                "Free some space or correct its permissions, or name another folder with --data-dir.",
            ) from error


def default_data_dir() -> DataDir:
    """Return the platform's own place for user data (`JUNJO_DESKTOP_DATA_DIR` overrides it)."""
    override = os.environ.get("JUNJO_DESKTOP_DATA_DIR")
    if override:
        return DataDir(Path(override).expanduser())
    import platformdirs

    return DataDir(Path(platformdirs.user_data_dir("junjo-desktop", appauthor=False)))

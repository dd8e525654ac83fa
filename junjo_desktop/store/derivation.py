"""Of which version the derived data is, and how far a rebuild has come: both kept in the database itself."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from junjo_desktop.telemetry.semantics import DERIVED_VERSION

if TYPE_CHECKING:
    import duckdb

MIXED = 0


class Step(StrEnum):
    """The steps of a rebuild, in their order."""

    RESOURCES = "resources"
    SPANS = "spans"
    TRACES = "traces"
    EXECUTIONS = "executions"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a rebuild has come: the fields are the columns of its row, in order."""

    version: int
    step: Step
    first_row: int
    below_row: int
    """While executions are rebuilt: traces first received before this time are still to be read."""
    part: int
    parts: int
    spans: int
    spans_changed: int
    spans_unreadable: int
    summaries_changed: int
    started_ns: int

    @property
    def fraction(self) -> float:
        """Which part of its step is done, from 0 to 1."""
        match self.step:
            case Step.SPANS:
                return 1 - self.below_row / self.first_row if self.first_row else 1.0
            case Step.TRACES | Step.EXECUTIONS:
                return min(self.part / self.parts, 1.0) if self.parts else 0.0
            case _:
                return 0.0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How a rebuild ended."""

    is_finished: bool
    """False: it was stopped, and the next one goes on where it was."""
    is_resumed: bool
    """Whether it went on where another one was stopped; the counts have what that one did."""
    position: Position

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Rebuilt:
        """Return what `asdict` and JSON were made of."""
        position = document["position"]
        return cls(**{**document, "position": Position(**{**position, "step": Step(position["step"])})})


_COLUMNS = ", ".join(field.name for field in fields(Position))
_VALUES = ", ".join("?" for _ in fields(Position))


@dataclass(frozen=True, slots=True)
class Derivation:
    """What the database says of its derived data."""

    version: int
    """What is stored was read with this version's meaning, or a newer one; 0: with several."""
    rebuild: Position | None = None
    """A rebuild that has begun and not ended."""

    @property
    def is_current(self) -> bool:
        """Whether this version of the program would derive the same."""
        return self.version == DERIVED_VERSION


def derivation_of(cursor: duckdb.DuckDBPyConnection) -> Derivation:
    """Read it."""
    [(version,)] = cursor.execute("SELECT version FROM derivation").fetchall()
    found = cursor.execute(f"SELECT {_COLUMNS} FROM rebuild").fetchone()  # noqa: S608 - our own column names
    return Derivation(version, None if found is None else Position(found[0], Step(found[1]), *found[2:]))


def derivation_json(found: Derivation) -> dict[str, Any]:
    """Return it ready for JSON, with the version that this program derives."""
    rebuild = None if found.rebuild is None else {**asdict(found.rebuild), "fraction": found.rebuild.fraction}
    return {"version": found.version, "current_version": DERIVED_VERSION, "rebuild": rebuild}


def adopt(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that this version of the program will write now. Called when the database is opened for it.

    What an older one adds to the work of a newer one makes both mixed; where no span is stored, nothing is old.
    """
    known = derivation_of(connection)
    if known.rebuild is not None and known.rebuild.version != DERIVED_VERSION:
        connection.execute("DELETE FROM rebuild")
    if known.is_current:
        return
    if connection.execute("SELECT 1 FROM spans LIMIT 1").fetchone() is None:
        connection.execute("UPDATE derivation SET version = ?", [DERIVED_VERSION])
    elif known.version > DERIVED_VERSION:
        connection.execute("UPDATE derivation SET version = ?", [MIXED])


def save(writer: duckdb.DuckDBPyConnection, position: Position) -> None:
    """Remember how far the rebuild is, within the transaction of its work."""
    writer.execute("DELETE FROM rebuild")
    writer.execute(f"INSERT INTO rebuild VALUES ({_VALUES})", list(astuple(position)))  # noqa: S608 - nothing but question marks


def finish(writer: duckdb.DuckDBPyConnection) -> None:
    """Remember that all is rebuilt."""
    writer.execute("DELETE FROM rebuild")
    writer.execute("UPDATE derivation SET version = ?", [DERIVED_VERSION])
    # The calls of models are made of what was rebuilt: they are read again, in the background.
    writer.execute("UPDATE call_traces SET version = 0")
    writer.execute("DELETE FROM call_looks")

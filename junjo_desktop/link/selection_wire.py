"""A selection and its toll as messages of the private socket, there and back."""

from __future__ import annotations

from dataclasses import asdict, fields

from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.wire import workbench_pb2 as wire


def selection_to_wire(selection: Selection) -> wire.Selection:
    """Return the message that says the same."""
    return wire.Selection(**asdict(selection))


def selection_from_wire(found: wire.Selection) -> Selection:
    """Return what `selection_to_wire` was given. Raises `ValueError` when the message is of no kind or of several."""
    return Selection(
        trace_ids=tuple(found.trace_ids),
        service=found.service if found.HasField("service") else None,
        before_ns=found.before_ns if found.HasField("before_ns") else None,
        everything=found.everything,
        starred_too=found.starred_too,
    )


def toll_to_wire(toll: Toll, *, finished: bool = False) -> wire.Toll:
    """Return the message that says the same; `finished`: nothing is left to delete."""
    return wire.Toll(**asdict(toll), finished=finished)


def toll_from_wire(found: wire.Toll) -> Toll:
    """Return what `toll_to_wire` was given."""
    return Toll(**{field.name: getattr(found, field.name) for field in fields(Toll)})

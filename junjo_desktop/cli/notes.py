"""`note`, `tag`, `untag`: what is written on traces and spans. Beside the telemetry: a running app sees it."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark
from junjo_desktop.errors import NotFoundError
from junjo_desktop.state.notes import Note, NotedPlace, Notes, checked_tag
from junjo_desktop.store.keyset import span_id_of, trace_id_of

_NEXT_STEP = "Is it this data folder? `junjo-desktop traces` lists what is stored."


def change_note(options: Options, found: Namespace) -> int:
    """Write on a stored trace or span, or take something off it. Raises `NotFoundError`, `UsageError`, `UserError`."""
    place = NotedPlace(trace_id_of(found.trace_id), span_id_of(found.span_id) if found.span_id else "")
    what = f"span {place.span_id}" if place.span_id else f"trace {place.trace_id}"
    # Taking something off must go on when the trace is no longer stored.
    if found.command == "tag" or (found.command == "note" and found.text.strip()):
        _require_stored(options, place)
    with closing(Notes(options.data_dir.state)) as notes:
        before = notes.of(place)
        match found.command:
            case "note":
                after = notes.write(place, Note(before.tags, found.text))
                said = f"A note stands on {what}." if after.comment else f"No note stands on {what} any more."
            case "tag":
                after = notes.write(place, Note((*before.tags, found.text), before.comment))
                said = f"Tags of {what}: {', '.join(after.tags)}."
            case _:
                said = _untag(notes, place, before, found.text, what)
    remark(said)
    return 0


def _untag(notes: Notes, place: NotedPlace, before: Note, tag: str, what: str) -> str:
    key = checked_tag(tag).casefold()
    left = tuple(one for one in before.tags if one.casefold() != key)
    if left == before.tags:
        told = f"It has: {', '.join(before.tags)}." if before.tags else "It has none."
        raise NotFoundError(f"The {what} has no tag {tag.strip()}.", told)
    notes.write(place, Note(left, before.comment))
    return f"Tags of {what}: {', '.join(left)}." if left else f"No tag stands on {what} any more."


def _require_stored(options: Options, place: NotedPlace) -> None:
    name, params = ("span", place._asdict()) if place.span_id else ("trace", {"trace_id": place.trace_id, "limit": 1})
    with open_access(options.data_dir) as access:
        answer = orjson.loads(access.query(name, params))
    if place.span_id and answer["span"] is None:
        raise NotFoundError(f"No span {place.span_id} is stored in trace {place.trace_id}.", _NEXT_STEP)
    if not place.span_id and not answer["rows"]:
        raise NotFoundError(f"No trace {place.trace_id} is stored.", _NEXT_STEP)


def noted(options: Options, trace_id: str) -> dict[str, Note]:
    """Return the notes on a trace by span id, that of the trace itself under "". Raises `UserError`."""
    if not options.data_dir.state.exists():
        return {}
    with closing(Notes(options.data_dir.state)) as notes:
        return {place.span_id: note for place, note in notes.all().items() if place.trace_id == trace_id}

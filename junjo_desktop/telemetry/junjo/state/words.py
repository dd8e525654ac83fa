"""Sentences about certainty, for people."""

from __future__ import annotations

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadMode
from junjo_desktop.telemetry.junjo.store_record import StoreRecord

NO_EFFECT = "They changed nothing: the revisions go on without a gap."
SDK_LIMIT = "the SDK keeps 128 events a span"
"""What OpenTelemetry keeps by default; the oldest are dropped."""

NOT_PROVEN = "Replaying the updates that arrived does not give the end state: some are missing, or changed on the way."
CONTRADICTION = "Replaying all updates does not give the end state: something was changed on the way."
NO_END = "The end state has not arrived, so nothing proves that no update is missing."
SOME_UNNUMBERED = "Some updates carry no number, so nothing proves that none is missing."
REPEATS_ITSELF = "An update sets a value that is already there: one before it is missing."
NOT_REPLAYABLE = "The SDK says that this store cannot be replayed."
LATER_MISFIT = "A later update does not fit, so some may be missing."
SAME_TIME = "Two spans made updates in the same nanosecond: which came first is open"
CONTRADICTS = "Its revisions and its patch contradict each other"

_WITHHELD = {
    PayloadMode.REDACTED: "was redacted by the producer",
    PayloadMode.EXCLUDED: "was left out by the producer",
    PayloadMode.REFERENCE: "was stored elsewhere; only a reference was sent",
}


def counted_updates(count: int) -> str:
    """Return "1 update" or "2,000 updates"."""
    return f"{count:,} update{'' if count == 1 else 's'}"


def why_missing(record: StoreRecord, lost: int, *, was_dropped: bool) -> str:
    """Say why updates are missing."""
    is_one = lost == 1
    if was_dropped:
        return f"{'It was' if is_one else 'They were'} dropped: {SDK_LIMIT}."
    if record.owner_span_id is None or not record.is_ended:
        return f"{'It has' if is_one else 'They have'} not arrived."
    return f"{'It' if is_one else 'They'} did not arrive."


def lost_before(lost: int, *, was_dropped: bool) -> str:
    """Say what is missing before an update, without a full stop."""
    were = "was" if lost == 1 else "were"
    if was_dropped:
        return f"{counted_updates(lost)} before this one {were} dropped: {SDK_LIMIT}"
    return f"{counted_updates(lost)} before this one {were} not received"


def events_dropped(count: int) -> str:
    """Say that events, perhaps updates, are missing before an update, without a full stop."""
    events = f"{count:,} event{'' if count == 1 else 's'}"
    return f"{events} of its span, perhaps updates, {'was' if count == 1 else 'were'} dropped before it: {SDK_LIMIT}"


def dropped_somewhere(count: int) -> str:
    """Say that spans lost events of which nobody can tell where they belong."""
    events = f"{count:,} event{'' if count == 1 else 's'} {'was' if count == 1 else 'were'}"
    return f"{events} dropped on spans that may have updated this store: {SDK_LIMIT}."


def spans_missing(count: int) -> str:
    """Say that spans are missing which may have carried updates."""
    return f"{count:,} span{'' if count == 1 else 's'} that may have updated this store did not arrive."


def misfit_before(sequence: int) -> str:
    """Say that an earlier update could not be used, without a full stop."""
    return f"What update {sequence:,} changed is not known"


def owner_word(record: StoreRecord) -> str:
    """Return what the owner of a store is."""
    return "owner" if record.owner_type is None else record.owner_type.value.replace("_", " ")


def why_unknown(record: StoreRecord, payload: Payload, which: str) -> str:
    """Say why the state at the start or the end ("start", "end") is not known."""
    if record.owner_span_id is None:
        return f"The span of the {owner_word(record)} has not arrived, so the state at the {which} is not known."
    if payload.mode in _WITHHELD:
        return f"The state at the {which} {_WITHHELD[payload.mode]}."
    if payload.mode is PayloadMode.MISSING:
        return f"The state at the {which} was not sent."
    return f"The state at the {which} is no readable JSON."

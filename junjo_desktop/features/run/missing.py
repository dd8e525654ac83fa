"""What of a run did not arrive, in sentences that count it and say why. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.telemetry.junjo.state import StoreHistory
from junjo_desktop.widgets.figures import counted


@dataclass(frozen=True, slots=True)
class Missing:
    """Sentences, the gravest first; none when everything is there. `is_loss` is false while more is still to come."""

    sentences: tuple[str, ...] = ()
    is_loss: bool = False


def what_is_missing(run: Run, histories: Mapping[str, StoreHistory]) -> Missing:
    """Return what is missing of a run."""
    updates, dropped = tuple(_updates(histories)), tuple(_dropped(run))
    if run.state is ExecutionState.RUNNING:
        # What has not arrived is not missed yet.
        return Missing((*dropped, *dict.fromkeys(run.notes), *updates), is_loss=bool(dropped))
    sentences = (*updates, *dropped, *dict.fromkeys(run.notes))
    return Missing(sentences, is_loss=bool(sentences))


def _updates(histories: Mapping[str, StoreHistory]) -> Iterator[str]:
    for history in histories.values():
        count = sum(gap.to_sequence - gap.from_sequence + 1 for gap in history.missing)
        if count:
            reasons = " ".join(dict.fromkeys(gap.reason for gap in history.missing))
            yield f"{counted(count, 'state update')} of {history.record.name or 'a store'} missing. {reasons}"


def _dropped(run: Run) -> Iterator[str]:
    dropped = run.dropped
    for count, noun, limit in (
        (dropped.events, "event", "of the events of a span it keeps the newest 128 by default"),
        (dropped.attributes, "attribute", "of the attributes of a span it keeps 128 by default"),
        (dropped.links, "link", "of the links of a span it keeps 128 by default"),
    ):
        if count:
            yield f"{counted(count, noun)} dropped by OpenTelemetry before they were sent: {limit}."

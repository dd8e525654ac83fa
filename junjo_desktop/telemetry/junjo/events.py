"""What happened within spans: updates of stores, failures, errors of hooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.attributes import int_of, text_of, to_int
from junjo_desktop.telemetry.junjo.payload import Payload, payload_of
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_by_key
from junjo_desktop.telemetry.semantics import EXCEPTION_EVENT
from junjo_desktop.telemetry.span import Span

SET_STATE = "set_state"
HOOK_ERROR = "junjo.hook_error"


@dataclass(frozen=True)
class StateEvent:
    """A `set_state` event, on whatever span it sits. The sequence (from 1) and the revisions are G2's, else None.

    `arrival` is that of its span, `index` its place among the events of that span.
    """

    event_id: str | None
    store_id: str
    store_name: str
    action: str
    patch: Payload
    sequence: int | None
    revision_before: int | None
    revision_after: int | None
    time_ns: int
    span_id: str
    arrival: int
    index: int


@dataclass(frozen=True)
class Failure:
    """A span that failed: by `error.type`, an `exception` event, or status ERROR. A failing hook is none.

    `cause` is the innermost exception of the stack trace ("ValueError: boom"), "" where nothing is behind the failure
    itself. `is_origin` marks the span where a failure arose; spans around it only pass it on.
    """

    span_id: str
    name: str
    type: str
    message: str
    stacktrace: str
    escaped: bool
    time_ns: int
    cause: str
    is_origin: bool


@dataclass(frozen=True)
class HookError:
    """A user's hook that raised, on the span that it observed. It does not fail the run."""

    span_id: str
    hook_event: str
    callback: str
    type: str
    message: str
    stacktrace: str
    time_ns: int


@dataclass(frozen=True)
class SpanEvents:
    """The events of one span that mean something here, each kind in the order of the span."""

    state: tuple[StateEvent, ...] = ()
    exceptions: tuple[tuple[int, Attributes], ...] = ()
    """(time in ns, attributes) of each `exception` event."""
    hook_errors: tuple[HookError, ...] = ()
    without_store: int = 0
    """Updates that do not say of which store."""


NO_EVENTS = SpanEvents()
_KNOWN = (f'"{SET_STATE}"', f'"{EXCEPTION_EVENT}"', f'"{HOOK_ERROR}"')


def events_of(span: Span) -> SpanEvents:
    """Read the events of a span. Those of other names are passed over, mostly without being parsed."""
    if not span.event_count or not any(name in span.events for name in _KNOWN):
        return NO_EVENTS
    state: list[StateEvent] = []
    exceptions: list[tuple[int, Attributes]] = []
    hook_errors: list[HookError] = []
    without_store = 0
    for index, name, time_ns, attributes in _events(span):
        if name == SET_STATE:
            event = _state_event(span, index, time_ns, attributes)
            if event is None:
                without_store += 1
            else:
                state.append(event)
        elif name == EXCEPTION_EVENT:
            exceptions.append((time_ns, attributes))
        elif name == HOOK_ERROR:
            hook_errors.append(_hook_error(span, time_ns, attributes))
    return SpanEvents(tuple(state), tuple(exceptions), tuple(hook_errors), without_store)


def _events(span: Span) -> Iterator[tuple[int, str, int, Attributes]]:
    for index, event in enumerate(span.events_json):
        time_ns = to_int(event.get("timeUnixNano")) or 0
        yield index, event["name"], time_ns, attributes_by_key(event["attributes"])


def _state_event(span: Span, index: int, time_ns: int, attributes: Attributes) -> StateEvent | None:
    store_id = text_of(attributes, "junjo.store.id")
    if store_id is None:
        return None
    return StateEvent(
        event_id=text_of(attributes, "id"),
        store_id=store_id,
        store_name=text_of(attributes, "junjo.store.name") or "",
        action=text_of(attributes, "junjo.store.action") or "",
        patch=payload_of(attributes, "junjo.state_json_patch"),
        sequence=int_of(attributes, "junjo.store.transition.sequence"),
        revision_before=int_of(attributes, "junjo.store.revision.before"),
        revision_after=int_of(attributes, "junjo.store.revision.after"),
        time_ns=time_ns,
        span_id=span.span_id,
        arrival=span.arrival,
        index=index,
    )


def _hook_error(span: Span, time_ns: int, attributes: Attributes) -> HookError:
    return HookError(
        span_id=span.span_id,
        hook_event=text_of(attributes, "junjo.hook.event") or "",
        callback=text_of(attributes, "junjo.hook.callback") or "",
        type=text_of(attributes, "junjo.hook.error.type", "exception.type") or "",
        message=text_of(attributes, "junjo.hook.error.message", "exception.message") or "",
        stacktrace=text_of(attributes, "exception.stacktrace") or "",
        time_ns=time_ns,
    )

"""Failures: which spans failed, with what, where it arose, and what was behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from junjo_desktop.telemetry.junjo.attributes import attributes_of, text_of, to_int
from junjo_desktop.telemetry.junjo.events import Failure, SpanEvents
from junjo_desktop.telemetry.junjo.executable import ExecutionState, state_of
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree
from junjo_desktop.telemetry.junjo.traceback_text import RaisedException, raised_exceptions
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.semantics import ERROR_TYPE
from junjo_desktop.telemetry.span import Span

_FAR = 16  # spans that pass a failure on; who stands still further up learns it from those


@dataclass(frozen=True)
class _Found:
    """A failure with all exceptions behind it, itself last; (short type, message) of each."""

    failure: Failure
    chain: tuple[RaisedException, ...]


def failures_of(tree: TraceTree, ids: Iterable[str], events: Mapping[str, SpanEvents]) -> tuple[Failure, ...]:
    """All failures of these spans, in their order (parents before what is under them).

    A span passes a failure on when one below it failed with the same exception, or with one that is behind its own. The
    lowest is the origin. What an origin's own span does not tell, those that pass it on may: an agent's tool span says
    that the tool failed, and only the agent's stack trace says why.
    """
    found: dict[str, list[_Found]] = {}
    above: dict[str, str | None] = {}
    for id_ in ids:
        parent = tree.parents.get(id_)
        above[id_] = parent if parent in found else above.get(parent or "")
        span = tree.spans.get(id_)
        if span is not None:
            of_span = _of_span(span, events[id_].exceptions)
            if of_span:
                found[id_] = of_span
    origins = _Origins(found, above)
    return tuple(origins.told(one) for of_span in found.values() for one in of_span)


class _Origins:
    """Which failures are passed on, and what those that pass them on know of them."""

    def __init__(self, found: Mapping[str, Sequence[_Found]], above: Mapping[str, str | None]) -> None:
        """Compare each failing span with the next failing ones around it; `above` has the first of them, by span id."""
        self._passed_on: set[int] = set()
        self._causes: dict[int, str] = {}
        for id_, of_span in found.items():
            upper_id, steps = above[id_], 0
            while upper_id is not None and steps < _FAR:
                for lower, upper in product(of_span, found[upper_id]):
                    if _passes_on(upper, lower):
                        self._passed_on.add(id(upper))
                        self._learn(lower, upper)
                upper_id, steps = above[upper_id], steps + 1

    def _learn(self, lower: _Found, upper: _Found) -> None:
        place = _place_in(upper.chain, lower.failure)
        if place and not lower.failure.cause:
            self._causes.setdefault(id(lower), str(upper.chain[0]))

    def told(self, found: _Found) -> Failure:
        """The failure with what is known of it now."""
        cause = found.failure.cause or self._causes.get(id(found), "")
        return replace(found.failure, cause=cause, is_origin=id(found) not in self._passed_on)


def _of_span(span: Span, exceptions: Sequence[tuple[int, Attributes]]) -> list[_Found]:
    if not exceptions and not span.is_error:
        return []
    if state_of(span) is ExecutionState.CANCELLED:
        return []
    if not exceptions:
        return [_without_event(span)]
    found: dict[tuple[str, str], _Found] = {}
    for time_ns, attributes in exceptions:
        one = _by_event(span, time_ns, attributes)
        # G0 records each exception twice, and so does OpenTelemetry where a program does it, too.
        found.setdefault((one.failure.type, one.failure.message), one)
    return list(found.values())


def _by_event(span: Span, time_ns: int, attributes: Attributes) -> _Found:
    type_ = text_of(attributes, "exception.type") or text_of(attributes_of(span), ERROR_TYPE) or ""
    stacktrace = text_of(attributes, "exception.stacktrace") or ""
    message = text_of(attributes, "exception.message") or ""
    chain = raised_exceptions(stacktrace)
    return _Found(
        Failure(
            span_id=span.span_id,
            name=span.name,
            type=type_,
            message=message,
            stacktrace=stacktrace,
            escaped=attributes.get("exception.escaped") in (True, "True", "true"),
            time_ns=time_ns,
            cause=str(chain[0]) if len(chain) > 1 else "",
            is_origin=True,
        ),
        chain or (RaisedException(type_, message),),
    )


def _without_event(span: Span) -> _Found:
    type_ = text_of(attributes_of(span), ERROR_TYPE) or ""
    failure = Failure(
        span_id=span.span_id,
        name=span.name,
        type=type_,
        message=span.status_message,
        stacktrace="",
        escaped=False,
        time_ns=to_int(span.end_ns) or span.start_ns,
        cause="",
        is_origin=True,
    )
    return _Found(failure, (RaisedException(type_, span.status_message),))


def _passes_on(upper: _Found, lower: _Found) -> bool:
    return _is_same(upper.failure, lower.failure) or _place_in(upper.chain, lower.failure) is not None


def _place_in(chain: Sequence[RaisedException], failure: Failure) -> int | None:
    """Where a failure stands in a chain of exceptions; None if it does not."""
    for place, exception in enumerate(chain):
        starts = exception.message.startswith(f"{failure.message}\n")  # what follows are the notes of the exception
        if _short(exception.type) == _short(failure.type) and (exception.message == failure.message or starts):
            return place
    return None


def _is_same(upper: Failure, lower: Failure) -> bool:
    if upper.type and lower.type:
        return _short(upper.type) == _short(lower.type) and upper.message == lower.message
    # Without a type there is only the status, which may have the type before the message, as OpenTelemetry writes it.
    said = {lower.message, f"{_short(lower.type)}: {lower.message}"}
    return bool(lower.message) and (upper.message in said or f"{_short(upper.type)}: {upper.message}" in said)


def _short(type_: str) -> str:
    return type_.rpartition(".")[2]

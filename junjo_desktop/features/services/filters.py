"""What narrows the Services page, and how it asks elsewhere for what it counted. Qt-free and free of SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from junjo_desktop.store.service_figures import Stretch
from junjo_desktop.store.service_map import OTHERS, NodeKey, NodeKind
from junjo_desktop.store.service_targets import ADDRESSES, BETWEEN, DATABASES, HOSTS, PEER, QUEUES
from junjo_desktop.telemetry.query.lexicon import is_bare_value
from junjo_desktop.telemetry.query.printing import text_of
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Field,
    Operator,
    Or,
    Path,
    Relation,
    Scope,
    Value,
)
from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.time_range import PRESETS, TimeRange

DEFAULT_RANGE = PRESETS["Last 24 hours"]
_MINUTE_NS, _HOUR_NS = 60 * 10**9, 3600 * 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesFilter(ListFilter):
    """A time, one service or all, and a text that names of services, operations and types must hold."""

    time_range: TimeRange = DEFAULT_RANGE

    def stretch(self, now_ns: int) -> Stretch:
        """Return what the store is asked for."""
        since_ns, until_ns = self.time_range.bounds(now_ns)
        return Stretch(since_ns, until_ns, self.service)

    def passes(self, *texts: str) -> bool:
        """Whether all words of the text are found in these together."""
        whole = "\n".join(texts).lower()
        return all(word in whole for word in self.text.lower().split())


def spans_query(
    time_range: TimeRange, service: str, name: str | None = None, span_type: str | None = None, *, failed: bool = False
) -> str:
    """Return the query that finds the traces of such spans."""
    return text_of(Path((_all(_span(service, name, span_type, failed=failed), time_range),)))


def calls_query(time_range: TimeRange, caller: str, callee: str, *, failed: bool = False) -> str:
    """Return the query that finds the traces in which one service called another."""
    head = _all(_span(callee, failed=failed), time_range)
    return text_of(Path((_span(caller)[0], head), (Relation.CHILD,)))


def messages_query(time_range: TimeRange, consumer: str, *, failed: bool = False) -> str:
    """Return the query that finds the traces in which a service took messages: those who sent them have their own."""
    parts = [*_span(consumer, failed=failed), Comparison(Field(Scope.KNOWN, "kind"), Operator.EQUAL, Value("consumer"))]
    return text_of(Path((_all(parts, time_range),)))


def outside_query(time_range: TimeRange, caller: str | None, target: NodeKey, *, failed: bool = False) -> str | None:
    """Return the query that finds the traces in which a service, or any, called something outside.

    None where no attribute tells it: for several that were put together.
    """
    told = _target(target)
    if told is None:
        return None
    parts = _span(caller, failed=failed)
    return text_of(Path((_all([*parts, *told], time_range),)))


def _target(target: NodeKey) -> list[Condition] | None:
    if target.name.endswith(OTHERS):
        return None
    match target.kind:
        case NodeKind.MODEL:
            return [_equal("provider", target.name)]
        case NodeKind.DATABASE:
            system, _, place = target.name.partition(BETWEEN)
            return [_any(DATABASES, system), *([_any((PEER, *HOSTS), place)] if place else [])]
        case NodeKind.MESSAGES:
            return [_any(QUEUES, target.name)]
        case _:
            return [_any((PEER, *HOSTS, *ADDRESSES), target.name)]


def _any(keys: Sequence[str], value: str) -> Condition:
    """One of these attributes has a value; of an address it is a part."""
    return Or(
        tuple(
            Comparison(
                Field(Scope.ATTRIBUTE, key),
                Operator.CONTAINS if key in ADDRESSES else Operator.EQUAL,
                _value(value),
            )
            for key in keys
        )
    )


def _span(
    service: str | None, name: str | None = None, span_type: str | None = None, *, failed: bool = False
) -> list[Condition]:
    parts = [] if service is None else [_equal("service", service)]
    if name is not None:
        parts.append(_equal("name", name))
    if span_type is not None:
        parts.append(_equal("type", span_type))
    if failed:
        parts.append(Comparison(Field(Scope.KNOWN, "error"), Operator.EQUAL, Value("true")))
    return parts


def _all(parts: Sequence[Condition], time_range: TimeRange) -> Condition:
    parts = [*parts, *_times(time_range)]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _equal(field: str, value: str) -> Condition:
    known = field in {"service", "name", "type", "provider"}
    return Comparison(Field(Scope.KNOWN if known else Scope.ATTRIBUTE, field), Operator.EQUAL, _value(value))


def _value(text: str) -> Value:
    return Value(text, is_quoted=not is_bare_value(text))


def _times(time_range: TimeRange) -> list[Condition]:
    field = Field(Scope.KNOWN, "time")
    if (last_ns := time_range.last_ns) is not None:
        age = f"{last_ns // _HOUR_NS}h" if last_ns % _HOUR_NS == 0 else f"{max(1, last_ns // _MINUTE_NS)}m"
        return [Comparison(field, Operator.AT_LEAST, Value(f"{age} ago"))]
    ends = ((Operator.AT_LEAST, time_range.since_ns, 0), (Operator.AT_MOST, time_range.until_ns, 999))
    # A query knows microseconds: the last one belongs to the range as a whole.
    return [
        Comparison(field, operator, Value((_EPOCH + timedelta(microseconds=(at_ns + over) // 1000)).isoformat(), True))
        for operator, at_ns, over in ends
        if at_ns is not None
    ]

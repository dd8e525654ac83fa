"""What a reader of a convention reads from: one span with its attributes, its events and its log records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from junjo_desktop.telemetry.llm.values import as_count, as_number, as_object, as_text, cut_off, plain
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.otlp_json import Attributes, Plain, attributes_by_key
from junjo_desktop.telemetry.span import Span

CUT_OFF = "The end of {key} is missing: what was sent of it is shown."


@dataclass(frozen=True)
class Event:
    """A span event, or a log record of the span. `body` is the record's; a span event has none. Times in ns."""

    name: str
    time_ns: int
    attributes: Attributes
    body: Plain = None
    is_log: bool = False


@dataclass(frozen=True)
class Source:
    """A span with what belongs to it. `keys` and `notes` fill while it is read."""

    span: Span
    logs: Sequence[LogRecord] = ()
    keys: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def attributes(self) -> Attributes:
        """The attributes by key; of a key that was sent twice, the last value. Nothing where they are damaged."""
        try:
            return attributes_by_key(self.span.attributes_json)
        except (ValueError, TypeError, AttributeError):
            return {}

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events of the span, then its log records, each by time."""
        return (*sorted(self._span_events(), key=_time), *sorted(self._log_events(), key=_time))

    @property
    def scope_name(self) -> str:
        """The instrumentation that sent the span."""
        return self.span.scope.name

    def events_named(self, *names: str) -> list[Event]:
        """Return the events of these names, and note that they were read."""
        found = [event for event in self.events if event.name in names]
        self.keys.update((f"event:{event.name}", None) for event in found)
        return found

    def value(self, *keys: str) -> Plain:
        """Return the first of these attributes that is there."""
        for key in keys:
            if (found := self.attributes.get(key)) is not None:
                self.keys[key] = None
                return plain(found)
        return None

    def text(self, *keys: str) -> str | None:
        """Return the first of these attributes that is a filled text."""
        for key in keys:
            if (sent := self.attributes.get(key)) is not None and (found := as_text(sent)) is not None:
                self.keys[key] = None
                return found
        return None

    def count(self, *keys: str) -> int | None:
        """Return the first of these attributes that can be a count of tokens."""
        for key in keys:
            if (sent := self.attributes.get(key)) is not None and (found := as_count(sent)) is not None:
                self.keys[key] = None
                return found
        return None

    def number(self, *keys: str) -> float | None:
        """Return the first of these attributes that is a number."""
        for key in keys:
            if (sent := self.attributes.get(key)) is not None and (found := as_number(sent)) is not None:
                self.keys[key] = None
                return found
        return None

    def structure(self, *keys: str) -> Plain:
        """Return the first of these attributes, parsed where it is the text of an object or an array."""
        return self.structure_of(self.value(*keys), *keys)

    def structure_of(self, value: Plain, *keys: str) -> Plain:
        """Return a value, parsed where it is the text of an object or an array; a note tells where its end is cut."""
        if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
            return value
        try:
            found, is_cut = cut_off(value)
        except ValueError:
            return value
        if is_cut:
            key = next((key for key in keys if key in self.attributes), keys[0] if keys else "a value")
            self.notes.append(CUT_OFF.format(key=key))
        return found

    def object(self, *keys: str) -> Attributes:
        """Return the first of these attributes as an object; an empty one where it is none."""
        return as_object(self.structure(*keys))

    @cached_property
    def key_text(self) -> str:
        """The keys of all attributes, each on a line of its own: looking for some in one text is quick."""
        return "\n" + "\n".join(self.attributes)

    def indexed(self, prefix: str) -> list[Attributes]:
        """Return what keys like `PREFIX.0.name` say, in order of their number, which may have gaps."""
        by_number: dict[int, Attributes] = {}
        if f"\n{prefix}." not in self.key_text:
            return []
        start = len(prefix) + 1
        for key, value in self.attributes.items():
            if key.startswith(prefix + "."):
                number, _, rest = key[start:].partition(".")
                if number.isascii() and number.isdigit() and len(number) < 10 and rest:
                    by_number.setdefault(int(number), {})[rest] = plain(value)
                    self.keys[key] = None
        return [by_number[number] for number in sorted(by_number)]

    def _span_events(self) -> Iterator[Event]:
        try:
            listed: list[Any] = self.span.events_json
        except (ValueError, TypeError):
            return
        for event in listed if isinstance(listed, list) else ():
            if isinstance(event, dict):
                attributes = event.get("attributes")
                yield Event(
                    str(event.get("name") or ""),
                    as_count_of_ns(event.get("timeUnixNano")),
                    attributes_by_key(attributes) if isinstance(attributes, dict) else {},
                )

    def _log_events(self) -> Iterator[Event]:
        for record in self.logs:
            if record.span_id != self.span.span_id or record.trace_id != self.span.trace_id:
                continue
            attributes = attributes_by_key(record.attributes_json)
            name = record.event_name or as_text(attributes.get("event.name")) or ""
            time_ns = record.time_unix_nano or record.observed_time_unix_nano
            yield Event(name, time_ns, attributes, plain(record.body_json), is_log=True)


def within(flat: Attributes, prefix: str) -> list[Attributes]:
    """Return what the keys of one indexed item say about items within it: `PREFIX.0.name`, in order of the number."""
    by_number: dict[int, Attributes] = {}
    start = len(prefix) + 1
    for key, value in flat.items():
        if key.startswith(prefix + "."):
            number, _, rest = key[start:].partition(".")
            if number.isascii() and number.isdigit() and len(number) < 10 and rest:
                by_number.setdefault(int(number), {})[rest] = value
    return [by_number[number] for number in sorted(by_number)]


def as_count_of_ns(value: object) -> int:
    """Return a time, sent as an int or a decimal text; 0 for all else."""
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20 else 0


def _time(event: Event) -> int:
    return event.time_ns

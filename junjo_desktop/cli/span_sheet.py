"""One span, whole, on as many lines as it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from junjo_desktop.cli.listings import Row
from junjo_desktop.cli.text import harmless
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, offset_text

_LONGEST_VALUE = 2_000
_STATUS = {"0": "unset", "1": "ok", "2": "error"}


def span_sheet(span: Row) -> list[str]:
    """Return the lines; a very long value is cut and says so."""
    return [harmless(line) for line in _lines(span)]


def _lines(span: Row) -> Iterator[str]:
    start_ns = int(span["start_time_unix_nano"])
    status = _STATUS.get(span["status_code"], str(span["status_code"]))
    said = f"{status}: {span['status_message']}" if span["status_message"] else status
    yield f"{'name':<10}{_short(span['name'])}"
    yield f"{'type':<10}{span['span_type']}, {span['kind'].lower()}"
    yield f"{'service':<10}{_short(span['service_name'])}"
    yield f"{'trace':<10}{span['trace_id']}"
    yield f"{'span':<10}{span['span_id']}"
    yield f"{'parent':<10}{span['parent_span_id'] or 'none: a root'}"
    yield f"{'started':<10}{iso_text(start_ns)}"
    yield f"{'duration':<10}{duration_text(span['duration_ns'])}"
    yield f"{'status':<10}{_short(said)}"
    yield f"{'scope':<10}{_short(span['scope']['name'] + ' ' + span['scope']['version'])}".rstrip()
    yield from _section("attributes", span["attributes_json"], span["dropped_attributes_count"])
    for event in span["events_json"]:
        heading = f"event {offset_text(int(event['timeUnixNano']) - start_ns)} {_short(event['name'])}"
        yield from _section(heading, event["attributes"], event["droppedAttributesCount"], always=True)
    yield from _dropped("events", span["dropped_events_count"])
    for link in span["links_json"]:
        heading = f"link to span {link['spanId']} of trace {link['traceId']}"
        yield from _section(heading, link["attributes"], link["droppedAttributesCount"], always=True)
    yield from _dropped("links", span["dropped_links_count"])
    yield from _section("resource", span["resource_attributes_json"], span["resource_dropped_attributes_count"])


def _section(heading: str, attributes: Mapping[str, Any] | Any, dropped: int, *, always: bool = False) -> Iterator[str]:
    if not attributes and not dropped and not always:
        return
    yield ""
    yield heading
    # Attributes that no plain object can say come as one of the escapes of `otlp_json`.
    plain = attributes if isinstance(attributes, Mapping) else {"": attributes}
    for key, value in plain.items():
        lines = _short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).splitlines()
        if len(lines) > 1:
            yield f"  {_short(key)} ="
            yield from (f"    {line}" for line in lines)
        else:
            yield f"  {_short(key)} = {''.join(lines)}"
    yield from _dropped("attributes", dropped)


def _dropped(what: str, count: int) -> Iterator[str]:
    if count:
        yield f"  ({count_text(count)} {what} dropped by the sender)"


def _short(text: str) -> str:
    if len(text) <= _LONGEST_VALUE:
        return text
    return f"{text[:_LONGEST_VALUE]}… ({count_text(len(text) - _LONGEST_VALUE)} more characters; --json shows all)"

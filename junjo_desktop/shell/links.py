"""Stable links to places: `junjo://…`, written here and read here. Qt-free; the command line and pages share it.

| Link | Place |
|---|---|
| `junjo://trace/TRACE_ID` | one trace |
| `junjo://trace/TRACE_ID/span/SPAN_ID` | one of its spans |
| `junjo://run/TRACE_ID/SPAN_ID` | the run whose owner is that span |
| `junjo://run/RUNTIME_ID` | the run to which its SDK gave that id |
| `junjo://run?trace_id=TRACE_ID` | the run of that trace |
| `junjo://execution?runtime_id=…&service_name=…` | the same as `junjo://run/…`, in the words of Junjo AI Studio |

A run takes `?store=STORE_ID&step=N` (the state update to select, from 1), `trace_id` and `runtime_id` where its path
does not say them. An execution also takes `service_namespace`, `executable_type` and `destination`, which say nothing
that the runtime id does not. Ids of traces and spans are hexadecimal; any other text is percent-encoded UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from junjo_desktop.errors import UsageError
from junjo_desktop.shell.destinations import OpenRun, OpenTrace

SCHEME = "junjo"
LONGEST_LINK = 2_000
"""Characters; longer ones are refused."""

_TRACE_ID = re.compile("[0-9a-f]{32}")
_SPAN_ID = re.compile("[0-9a-f]{16}")
_LINK = re.compile(r"junjo://([a-z]+)((?:/[^/?#]+)*)/?(?:\?([^?#]*))?", re.ASCII)
_PLAIN = re.compile("[!-~]*")
_ENCODED = re.compile("(?:[^%]|%[0-9A-Fa-f]{2})*")
_STEP = re.compile("[1-9][0-9]{0,8}")
_RUN_FIELDS = frozenset({"trace_id", "runtime_id", "store", "step"})
_EXECUTION_FIELDS = frozenset({"runtime_id", "service_namespace", "service_name", "executable_type", "destination"})
_FORMS = "A link looks like junjo://trace/TRACE_ID, junjo://run/RUNTIME_ID or junjo://run/TRACE_ID/SPAN_ID."

Place = OpenTrace | OpenRun


def link_to(place: Place) -> str:
    """Return the link that `place_of` reads as the same place (hexadecimal ids in lower case)."""
    if isinstance(place, OpenTrace):
        span = f"/span/{_said(place.span_id)}" if place.span_id else ""
        return f"{SCHEME}://trace/{_said(place.trace_id.lower())}{span}"
    fields = {"trace_id": place.trace_id, "runtime_id": place.runtime_id}
    path = ""
    if place.trace_id and place.span_id:
        path = f"/{_said(place.trace_id)}/{_said(place.span_id)}"
        del fields["trace_id"]
    elif place.runtime_id:
        path = f"/{_said(place.runtime_id)}"
        del fields["runtime_id"]
    if place.step is not None and place.step[0]:
        fields |= {"store": place.step[0], "step": str(place.step[1] + 1)}
    query = "&".join(f"{name}={_said(value)}" for name, value in fields.items() if value)
    return f"{SCHEME}://run{path}{'?' if query else ''}{query}"


def place_of(link: str) -> Place:
    """Return the place that a link names. Raises `UsageError` for anything that is no link of ours."""
    if len(link) > LONGEST_LINK:
        raise UsageError(f"The link is too long: {len(link):,} characters of at most {LONGEST_LINK:,}.", _FORMS)
    if not _PLAIN.fullmatch(link):
        raise UsageError("The link holds characters that no link can hold.", "Copy it again, whole and alone.")
    scheme, colon, rest = link.partition(":")
    found = _LINK.fullmatch(scheme.lower() + colon + rest)
    if found is None or not _ENCODED.fullmatch(link):
        raise UsageError(f"The link {link} cannot be understood.", _FORMS)
    parts = [_decoded(part, link) for part in found[2].split("/")[1:]]
    fields = _fields(found[3] or "", link)
    match found[1], parts:
        case "trace", [trace_id]:
            _refuse_others(fields, frozenset(), link)
            return OpenTrace(_trace_id(trace_id))
        case "trace", [trace_id, "span", span_id]:
            _refuse_others(fields, frozenset(), link)
            return OpenTrace(_trace_id(trace_id), _span_id(span_id))
        case "run", _:
            return _run(parts, fields, link)
        case "execution", []:
            _refuse_others(fields, _EXECUTION_FIELDS, link)
            return OpenRun(None, None, _required(fields, "runtime_id", link))
        case _:
            raise UsageError(f"The link {link} names no place that this version knows.", _FORMS)


def _run(parts: list[str], fields: Mapping[str, str], link: str) -> OpenRun:
    match parts:
        case []:
            _refuse_others(fields, _RUN_FIELDS - {"runtime_id"}, link)
            return OpenRun(_trace_id(_required(fields, "trace_id", link)), step=_step(fields, link))
        case [runtime_id]:
            _refuse_others(fields, _RUN_FIELDS - {"runtime_id"}, link)
            trace_id = _trace_id(fields["trace_id"]) if "trace_id" in fields else None
            return OpenRun(trace_id, None, runtime_id, _step(fields, link))
        case [trace_id, span_id]:
            _refuse_others(fields, _RUN_FIELDS - {"trace_id"}, link)
            return OpenRun(_trace_id(trace_id), _span_id(span_id), fields.get("runtime_id"), _step(fields, link))
        case _:
            raise UsageError(f"The link {link} names no place that this version knows.", _FORMS)


def _step(fields: Mapping[str, str], link: str) -> tuple[str, int] | None:
    if "store" not in fields and "step" not in fields:
        return None
    number = _required(fields, "step", link)
    if not _STEP.fullmatch(number):
        raise UsageError(f"The link {link} names a step that is no number from 1.", "Copy it again.")
    return _required(fields, "store", link), int(number) - 1


def _fields(query: str, link: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        name, equals, value = pair.partition("=")
        if not (name and equals and value) or name in found:
            raise UsageError(f"The link {link} cannot be understood.", _FORMS)
        found[name] = _decoded(value, link)
    return found


def _decoded(text: str, link: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise UsageError(f"The link {link} is not UTF-8.", "Copy it again.") from None
    if any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in decoded):
        raise UsageError(f"The link {link} holds control characters.", "No run has such an id.")
    return decoded


def _refuse_others(fields: Mapping[str, str], known: frozenset[str], link: str) -> None:
    if not fields.keys() <= known:
        raise UsageError(f"The link {link} says something that this version does not know.", _FORMS)


def _required(fields: Mapping[str, str], name: str, link: str) -> str:
    if name not in fields:
        raise UsageError(f"The link {link} does not say its {name}.", _FORMS)
    return fields[name]


def _trace_id(text: str) -> str:
    if not _TRACE_ID.fullmatch(text.lower()):
        raise UsageError(f"{_short(text)!r} is no trace id.", "A trace id has 32 hexadecimal digits.")
    return text.lower()


def _span_id(text: str) -> str:
    if not _SPAN_ID.fullmatch(text.lower()):
        raise UsageError(f"{_short(text)!r} is no span id.", "A span id has 16 hexadecimal digits.")
    return text.lower()


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"


def _said(text: str) -> str:
    return quote(text, safe="", errors="replace")

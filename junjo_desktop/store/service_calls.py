"""Reads calls between services from their spans, in parts of a bounded number of spans.

A call is a span whose parent is of another service. A span that calls something outside (kinds client and producer, and
model calls) is one where no other service answers; within such a call, further ones are its own doing and count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.service_figures import Stretch
from junjo_desktop.store.service_map import STEPS_IN_DOUBLING, EdgeKind, NodeKey, NodeKind, ServiceMap
from junjo_desktop.store.service_targets import ADDRESSES, KEYS, target_of

PART_SPANS = 60_000
"""So many spans are read at a time, some 100 ms."""
LOOK_BACK_NS = 600 * 10**9
"""A caller that began longer before its call than this, and in another part, is not found."""
_MOST_TARGETS = 5_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stretch: spans that start in it are counted, and callers looked for around it. Nanoseconds."""

    first_ns: int
    last_ns: int
    around_first_ns: int
    around_last_ns: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a stretch, the newest first, and how many spans they hold."""

    parts: tuple[Part, ...]
    spans: int


def parts_of(cursor: DuckDBPyConnection, stretch: Stretch, part_spans: int = PART_SPANS) -> Parts:
    """Divide a stretch into parts of about `part_spans` spans."""
    where, values = stretch.condition()
    [(spans, first_ns, last_ns)] = cursor.execute(
        f"SELECT count(*), min(start_ns), max(start_ns) FROM spans WHERE {where}",  # noqa: S608 - our own names
        values,
    ).fetchall()
    if not spans:
        return Parts((), 0)
    count = -(-spans // part_spans)
    cuts: list[int] = []
    if count > 1:
        shares = [number / count for number in range(1, count)]
        [(found,)] = cursor.execute(
            f"SELECT quantile_disc(start_ns, {shares}) FROM spans WHERE {where}",  # noqa: S608 - our own numbers
            values,
        ).fetchall()
        cuts = sorted(set(found) - {first_ns})
    return Parts(tuple(reversed(_between([first_ns, *cuts], last_ns))), spans)


def _between(firsts: Sequence[int], last_ns: int) -> list[Part]:
    """Return parts that begin at `firsts`. Around each, no more than its neighbours are looked through."""
    parts = []
    for number, first_ns in enumerate(firsts):
        ends = [*(first - 1 for first in firsts[number + 1 :]), last_ns]
        before = firsts[number - 1] if number else first_ns - LOOK_BACK_NS
        after = ends[1] if len(ends) > 1 else ends[0] + LOOK_BACK_NS
        parts.append(Part(first_ns, ends[0], max(before, first_ns - LOOK_BACK_NS), min(after, ends[0] + LOOK_BACK_NS)))
    return parts


_OUTGOING = "(kind IN (3, 4) OR llm_provider IS NOT NULL OR span_type IN ('llm', 'embedding', 'database'))"
_BUCKET = f"CASE WHEN duration_ns >= 0 THEN floor(log2(greatest(duration_ns, 1)) * {STEPS_IN_DOUBLING})::INTEGER END"
_PATHS = [f'$."{key}"' for key in KEYS]
_ADDRESS = ", ".join(f"attributes->>'$.\"{key}\"'" for key in ADDRESSES)
_SCHEME_AND_USER = r"^[a-zA-Z][a-zA-Z0-9+.\-]*://([^/?#@]*@)?"
_HOST = rf"nullif(regexp_extract(coalesce({_ADDRESS}), '{_SCHEME_AND_USER}(\[[^\]]*\]|[^/?#:]+)', 2), '')"
_WHERETO = f"list_append(json_extract_string(attributes, {_PATHS}), {_HOST})"

# Ids become numbers: joining texts takes five times as long, and that two of some 100,000 ids get one number is as
# likely as one in a billion.
_NEAR = f"""
near AS MATERIALIZED (
    SELECT hash(trace_id, span_id) AS me, hash(trace_id, parent_span_id) AS up, service_name, is_error,
        {_BUCKET} AS bucket, {_OUTGOING} AS goes_out, start_ns BETWEEN $first AND $last AS counts,
        parent_span_id IS NULL OR kind IN (2, 5) AS is_request
    FROM spans WHERE start_ns BETWEEN $around_first AND $around_last
), crossing AS MATERIALIZED (
    SELECT c.me, c.up, p.service_name AS caller, c.service_name AS callee, c.counts, c.bucket, c.is_error
    FROM near c JOIN near p ON c.up = p.me AND p.service_name <> c.service_name
), linked AS (
    SELECT hash(trace_id, span_id) AS me, service_name, is_error, {_BUCKET} AS bucket,
        unnest(json_extract_string(links, '$[*].traceId')) AS trace_id,
        unnest(json_extract_string(links, '$[*].spanId')) AS span_id
    FROM spans WHERE kind = 5 AND links <> '[]' AND start_ns BETWEEN $first AND $last
)"""  # noqa: S608 - our own names
_COUNTS = "count(*), count(*) FILTER (is_error)"
_INSIDE = f"""
SELECT CASE WHEN is_request THEN 'request' ELSE 'span' END AS what, service_name, '', NULL::VARCHAR[],
    CASE WHEN is_request THEN bucket END AS took, {_COUNTS} FROM near WHERE counts GROUP BY ALL
UNION ALL
SELECT 'call', caller, callee, NULL, bucket, {_COUNTS} FROM crossing WHERE counts GROUP BY ALL
UNION ALL
SELECT 'message', p.service_name, l.service_name, NULL, l.bucket, count(*), count(*) FILTER (l.is_error)
FROM linked l JOIN near p ON hash(l.trace_id, l.span_id) = p.me AND p.service_name <> l.service_name
WHERE l.me NOT IN (SELECT me FROM crossing) GROUP BY ALL"""  # noqa: S608 - our own names
_OUTGOING_ONES = """, outgoing AS MATERIALIZED (
    SELECT o.me FROM near o LEFT JOIN near p ON o.up = p.me
    WHERE o.counts AND o.goes_out AND NOT coalesce(p.goes_out AND p.service_name = o.service_name, false)
      AND o.me NOT IN (SELECT up FROM crossing)
)"""


def _outside(provider: str, whereto: str, known: str) -> str:
    # Attributes are read only of those whose provider is not known: unpacking them is what takes longest.
    return f"""
UNION ALL
(SELECT 'outside', service_name, {provider} AS provider, {whereto} AS whereto, {_BUCKET} AS bucket, {_COUNTS} FROM spans
WHERE start_ns BETWEEN $first AND $last AND {_OUTGOING} AND llm_provider IS {known}
  AND hash(trace_id, span_id) IN (SELECT me FROM outgoing)
GROUP BY ALL ORDER BY count(*) DESC LIMIT {_MOST_TARGETS})"""  # noqa: S608 - our own names


_ALL_INSIDE = f"WITH {_NEAR} {_INSIDE}"
_ALL = (
    f"WITH {_NEAR}{_OUTGOING_ONES} {_INSIDE}"
    + _outside("llm_provider", "NULL", "NOT NULL")
    + _outside("''", _WHERETO, "NULL")
)


def read_part(cursor: DuckDBPyConnection, part: Part, *, with_outside: bool) -> ServiceMap:
    """Return what one part of a stretch tells."""
    rows = cursor.execute(
        _ALL if with_outside else _ALL_INSIDE,
        {
            "first": part.first_ns,
            "last": part.last_ns,
            "around_first": part.around_first_ns,
            "around_last": part.around_last_ns,
        },
    ).fetchall()
    found = ServiceMap()
    for row in rows:
        _add(found, row)
    return found


def _add(found: ServiceMap, row: Sequence[Any]) -> None:
    what, service_name, other, whereto, bucket, count, errors = row
    here = NodeKey(NodeKind.SERVICE, service_name)
    match what:
        case "call":
            found.edge(here, NodeKey(NodeKind.SERVICE, other), EdgeKind.CALL).tally.add(bucket, count, errors)
        case "message":
            found.edge(here, NodeKey(NodeKind.SERVICE, other), EdgeKind.LINK).tally.add(bucket, count, errors)
        case "outside":
            target = target_of(whereto or (None,) * (len(KEYS) + 1), other)
            if target is None:
                found.untold += count
            else:
                found.edge(here, target, EdgeKind.OUTSIDE).tally.add(bucket, count, errors)
        case _:
            node = found.node(here)
            node.spans += count
            node.errors += errors
            found.spans += count
            if what == "request":
                node.requests.add(bucket, count, errors)

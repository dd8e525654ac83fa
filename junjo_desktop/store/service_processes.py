"""The processes that a service was run as, one after the other: cut by its restarts.

A process is told by its resource (`service_identity`). Where the resource does not tell one process from the next, what
came after a pause of `PAUSE_NS` counts as another one, and says so: many SDKs name the service alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from duckdb import DuckDBPyConnection

from junjo_desktop.store.service_figures import Stretch
from junjo_desktop.store.service_identity import KEYS, Identity, Sign, identity_of

PAUSE_NS = 60 * 10**9
MOST_PROCESSES = 100
"""Of more, the newest are told."""
_STEP_NS = 10 * 10**9


@dataclass(frozen=True, slots=True)
class ProcessFigures:
    """What a process did. Requests are spans without a parent, and those that serve a call; durations are theirs."""

    spans: int
    errors: int
    traces: int
    requests: int
    failed_requests: int
    p50_ns: int | None
    p95_ns: int | None
    tokens: int | None


_NONE = ProcessFigures(0, 0, 0, 0, 0, None, None, None)


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a service, from its first span to its last: starts, nanoseconds since the epoch.

    `end_ns` is when its last span ended. `pause_ns` lies between it and the one before, below 0 when both ran at the
    same time, None for the first. `new_version`: it is of another version than the one before.
    """

    service_name: str
    resource_ids: tuple[str, ...]
    first_ns: int
    last_ns: int
    end_ns: int
    identity: Identity
    sign: Sign
    pause_ns: int | None = None
    new_version: bool = False
    figures: ProcessFigures = _NONE

    @property
    def key(self) -> str:
        """What tells it from all others: the same as long as its first span is the same."""
        return f"{self.service_name}\n{self.resource_ids[0]}\n{self.first_ns}"


@dataclass(frozen=True, slots=True)
class Processes:
    """Newest first. `hidden` older ones were left out; `untold` services do not say which process they are."""

    processes: tuple[Process, ...]
    hidden: int = 0
    untold: frozenset[str] = frozenset()

    def before(self, process: Process) -> Process | None:
        """Return the process of the same service that began last before this one."""
        return next(
            (
                other
                for other in self.processes
                if other.service_name == process.service_name
                and (other.first_ns, other.key) < (process.first_ns, process.key)
            ),
            None,
        )


# Stretches without a pause, of one resource of one service. Steps of time keep what is sorted small.
_BURSTS = f"""
WITH steps AS (
    SELECT service_name, resource_id, start_ns // {_STEP_NS} AS step, min(start_ns) AS first_ns,
        max(start_ns) AS last_ns, max(greatest(start_ns, end_ns)) AS end_ns
    FROM spans WHERE start_ns > 0 AND {{where}} GROUP BY ALL
), gaps AS (
    SELECT *, first_ns - max(end_ns) OVER (
        PARTITION BY service_name, resource_id ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) >= {PAUSE_NS} AS is_cut FROM steps
), bursts AS (
    SELECT *, count(*) FILTER (is_cut) OVER (PARTITION BY service_name, resource_id ORDER BY step) AS burst FROM gaps
)
SELECT service_name, resource_id, min(first_ns), max(last_ns), max(end_ns) FROM bursts
GROUP BY service_name, resource_id, burst
"""  # noqa: S608 - our own names and numbers
_FIGURES = """
SELECT p.number, count(*), count(*) FILTER (is_error), count(DISTINCT hash(s.trace_id)), count(*) FILTER (is_request),
    count(*) FILTER (is_request AND is_error),
    quantile_disc(duration_ns, [0.5, 0.95]) FILTER (is_request AND duration_ns >= 0),
    sum(input_tokens), sum(output_tokens)
FROM (
    SELECT service_name, resource_id, start_ns, trace_id, is_error, duration_ns, input_tokens, output_tokens,
        parent_span_id IS NULL OR kind IN (2, 5) AS is_request
    FROM spans WHERE start_ns BETWEEN ? AND ? AND service_name IN (SELECT unnest(?::VARCHAR[]))
) s ASOF JOIN (
    SELECT unnest(?::INTEGER[]) AS number, unnest(?::VARCHAR[]) AS service_name, unnest(?::VARCHAR[]) AS resource_id,
        unnest(?::BIGINT[]) AS first_ns
) p ON s.service_name = p.service_name AND s.resource_id = p.resource_id AND s.start_ns >= p.first_ns
GROUP BY ALL
"""


def processes_of(cursor: DuckDBPyConnection, stretch: Stretch, most: int = MOST_PROCESSES) -> Processes:
    """Return the processes that sent spans in `stretch`, of one service or of all, with what they did in it."""
    where, values = stretch.condition()
    found = cursor.execute(_BURSTS.format(where=where), values).fetchall()
    identities = _identities(cursor, {resource_id for _, resource_id, *_ in found})
    cut = sorted(_put_together(found, identities), key=lambda process: (-process.first_ns, process.key))
    shown = _compared(cut)
    return Processes(
        _with_figures(cursor, shown[:most]),
        max(0, len(shown) - most),
        frozenset(process.service_name for process in shown if not process.identity.process),
    )


def _identities(cursor: DuckDBPyConnection, resource_ids: set[str]) -> dict[str, Identity]:
    asked = [f'$."{key}"' for key in KEYS]
    found = cursor.execute(
        f"SELECT resource_id, json_extract(attributes, {asked}) FROM resources "  # noqa: S608 - our own names
        "WHERE resource_id IN (SELECT unnest(?::VARCHAR[]))",
        [list(resource_ids)],
    ).fetchall()
    identities = {
        resource_id: identity_of(
            {key: orjson.loads(value) for key, value in zip(KEYS, told, strict=True) if value is not None}
        )
        for resource_id, told in found
    }
    return {resource_id: identities.get(resource_id, identity_of({})) for resource_id in resource_ids}


@dataclass(slots=True)
class _Growing:
    service_name: str
    identity: Identity
    first_ns: int
    last_ns: int
    end_ns: int
    resource_ids: dict[str, None] = field(default_factory=dict)

    def take(self, resource_id: str, first_ns: int, last_ns: int, end_ns: int) -> None:
        self.resource_ids[resource_id] = None
        self.first_ns = min(self.first_ns, first_ns)
        self.last_ns = max(self.last_ns, last_ns)
        self.end_ns = max(self.end_ns, end_ns)


def _put_together(
    bursts: Iterable[tuple[str, str, int, int, int]], identities: Mapping[str, Identity]
) -> Iterable[Process]:
    """Put the bursts of one process together; a process that is not told has only one."""
    known: dict[tuple[str, tuple[str, ...]], _Growing] = {}
    growing: list[_Growing] = []
    for service_name, resource_id, first_ns, last_ns, end_ns in sorted(bursts, key=lambda burst: burst[2]):
        identity = identities[resource_id]
        mine = known.get((service_name, identity.process)) if identity.process else None
        if mine is None:
            mine = _Growing(service_name, identity, first_ns, last_ns, end_ns)
            growing.append(mine)
            if identity.process:
                known[service_name, identity.process] = mine
        mine.take(resource_id, first_ns, last_ns, end_ns)
    for mine in growing:
        sign = Sign.PROCESS if mine.identity.process else Sign.PAUSE
        yield Process(
            mine.service_name,
            tuple(mine.resource_ids),
            mine.first_ns,
            mine.last_ns,
            mine.end_ns,
            mine.identity,
            sign,
        )


def _compared(newest_first: Sequence[Process]) -> list[Process]:
    """Say of each process what is other than in the one before."""
    before: dict[str, Process] = {}
    found = []
    for process in reversed(newest_first):
        found.append(_beside(process, before.get(process.service_name)))
        before[process.service_name] = process
    return found[::-1]


def _beside(process: Process, last: Process | None) -> Process:
    if last is None:
        return process
    is_other = not process.identity.process and process.resource_ids != last.resource_ids
    return replace(
        process,
        pause_ns=process.first_ns - last.end_ns,
        new_version=process.identity.version != last.identity.version,
        sign=Sign.RESOURCE if is_other else process.sign,
    )


def _with_figures(cursor: DuckDBPyConnection, processes: Sequence[Process]) -> tuple[Process, ...]:
    if not processes:
        return ()
    parts = [
        (number, process.service_name, resource_id, process.first_ns)
        for number, process in enumerate(processes)
        for resource_id in process.resource_ids
    ]
    found = cursor.execute(
        _FIGURES,
        [
            min(process.first_ns for process in processes),
            max(process.last_ns for process in processes),
            list({process.service_name for process in processes}),
            *(list(column) for column in zip(*parts, strict=True)),
        ],
    ).fetchall()
    figures = {number: _figures(rest) for number, *rest in found}
    return tuple(replace(process, figures=figures.get(number, _NONE)) for number, process in enumerate(processes))


def _figures(row: Sequence[Any]) -> ProcessFigures:
    spans, errors, traces, requests, failed, quantiles, input_tokens, output_tokens = row
    p50_ns, p95_ns = quantiles or (None, None)
    told = [int(tokens) for tokens in (input_tokens, output_tokens) if tokens is not None]
    return ProcessFigures(spans, errors, traces, requests, failed, p50_ns, p95_ns, sum(told) if told else None)

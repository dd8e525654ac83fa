"""What the calls of models of some time add up to: in all, over time, by what they share, and those that stand out.

Read from `calls`: some ms for each 100,000. Calls that another span tells of, too, enter once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.call_lookup import GROUPS
from junjo_desktop.store.call_rows import unread_count

BARS = 60
"""How many bars the time is cut into, at most."""
SERIES = 5
"""How many models have a part of their own in bars; the others share one."""
RANKED = 50
STANDING_OUT = 8

_SUMS = """count(*) AS calls, count(*) FILTER (is_error) AS failed,
    sum(input_tokens)::BIGINT AS input_tokens, sum(output_tokens)::BIGINT AS output_tokens,
    sum(cache_read_tokens)::BIGINT AS cache_read_tokens, sum(cost) AS cost,
    count(*) FILTER (cost IS NULL) AS unpriced,
    count(*) FILTER (input_tokens IS NULL AND output_tokens IS NULL) AS without_usage,
    quantile_disc(duration_ns, 0.5) AS p50_ns, quantile_disc(duration_ns, 0.95) AS p95_ns,
    quantile_disc(time_to_first_token_ns, 0.5) AS first_token_ns"""
_PARAMETERS = {
    "temperature": "temperature",
    "max tokens": "max_tokens",
    "reasoning effort": "reasoning_effort",
    "prompt": "nullif(concat_ws(' ', prompt_name, prompt_version), '')",
}
_NOT_RANKED = frozenset(("day", "conversation"))
_MODEL = GROUPS["model"]
_STEPS_NS = tuple(
    seconds * 10**9
    for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)
)
_DAY_NS = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class Sums:
    """What some calls add up to. Durations in ns; None: nothing told it."""

    calls: int = 0
    failed: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cost: float | None = None
    unpriced: int = 0
    without_usage: int = 0
    p50_ns: int | None = None
    p95_ns: int | None = None
    first_token_ns: int | None = None

    @property
    def error_rate(self) -> float:
        """Share of calls that failed, from 0 to 1."""
        return self.failed / self.calls if self.calls else 0.0

    @property
    def tokens(self) -> int | None:
        """Input and output together."""
        known = [count for count in (self.input_tokens, self.output_tokens) if count is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the calls add up to that share a value; "" is what has none."""

    value: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """What the calls of one model add up to that were asked with one value of a parameter."""

    parameter: str
    value: str
    model: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class NotableCall:
    """A call that stands out."""

    trace_id: str
    span_id: str
    model: str
    service_name: str
    start_ns: int
    duration_ns: int
    cost: float | None
    first_words: str


@dataclass(frozen=True, slots=True)
class FailingWorkflow:
    """A workflow or agent of which runs failed."""

    name: str
    service_name: str
    type: str
    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class OverTime:
    """Parts of time of equal length; `by_model` has the same of each part by model ("": all others)."""

    first_ns: int = 0
    step_ns: int = 1
    parts: tuple[Sums, ...] = ()
    models: tuple[str, ...] = ()
    by_model: tuple[Mapping[str, Sums], ...] = ()

    def ends(self, place: int) -> tuple[int, int]:
        """Return the first and the last nanosecond of a part."""
        from_ns = self.first_ns + place * self.step_ns
        return from_ns, from_ns + self.step_ns - 1


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything; `stored` calls there are at any time, `repeated` of this time are told by other spans, too."""

    stored: int = 0
    unread_traces: int = 0
    repeated: int = 0
    sums: Sums = Sums()
    over_time: OverTime = OverTime()
    rankings: Mapping[str, tuple[Ranked, ...]] = field(default_factory=dict)
    parameters: tuple[ParameterRow, ...] = ()
    slowest: tuple[NotableCall, ...] = ()
    costliest: tuple[NotableCall, ...] = ()
    failing: tuple[FailingWorkflow, ...] = ()
    services: Mapping[str, int] = field(default_factory=dict)


def read_overview(
    cursor: DuckDBPyConnection, since_ns: int | None, until_ns: int | None, service: str | None, now_ns: int
) -> Overview:
    """Read everything that the Overview shows of a time and of one service, or of all."""
    where, values = _condition(since_ns, until_ns, service)
    counted = f"FROM calls WHERE is_counted AND {where}"
    [(stored,)] = cursor.execute("SELECT count(*) FROM calls").fetchall()
    ends = f"""
        SELECT min(start_ns) FILTER (start_ns > 0), max(start_ns), count(*) FILTER (NOT is_counted)
        FROM calls WHERE {where}
    """  # noqa: S608 - our own names; values are parameters
    [(first_ns, last_ns, repeated)] = cursor.execute(ends, values).fetchall()
    return Overview(
        stored=stored,
        unread_traces=unread_count(cursor),
        repeated=repeated,
        sums=Sums(*cursor.execute(f"SELECT {_SUMS} {counted}", values).fetchall()[0]),
        over_time=_over_time(cursor, counted, values, since_ns or first_ns, min(until_ns or now_ns, last_ns or now_ns)),
        rankings={group: _ranking(cursor, counted, values, group) for group in GROUPS if group not in _NOT_RANKED},
        parameters=_parameters(cursor, counted, values),
        slowest=_notable(cursor, counted, values, "duration_ns"),
        costliest=_notable(cursor, f"{counted} AND cost > 0", values, "cost"),
        failing=_failing(cursor, since_ns, until_ns, service),
        services=dict(
            cursor.execute(
                "SELECT service_name, count(*) FROM calls GROUP BY 1 ORDER BY lower(service_name)"
            ).fetchall()
        ),
    )


def _condition(since_ns: int | None, until_ns: int | None, service: str | None) -> tuple[str, list[Any]]:
    candidates = ((since_ns, "start_ns >= ?"), (until_ns, "start_ns <= ?"), (service, "service_name = ?"))
    clauses = [clause for value, clause in candidates if value is not None]
    return " AND ".join(clauses) or "true", [value for value, _ in candidates if value is not None]


def step_of(length_ns: int) -> int:
    """Return how long a part of the time is: a round number, and no more than `BARS` parts."""
    least = max(1, -(-length_ns // BARS))
    days = -(-least // _DAY_NS) * _DAY_NS
    return next((step for step in _STEPS_NS if step >= least), days)


def _over_time(
    cursor: DuckDBPyConnection, counted: str, values: Sequence[Any], first_ns: int | None, last_ns: int
) -> OverTime:
    if first_ns is None or last_ns < first_ns:
        return OverTime()
    step_ns = step_of(last_ns - first_ns + 1)
    first_ns -= first_ns % step_ns
    count = (last_ns - first_ns) // step_ns + 1
    part = f"(start_ns - {first_ns:d}) // {step_ns:d}"
    within = f"{counted} AND start_ns BETWEEN {first_ns:d} AND {first_ns + count * step_ns - 1:d}"
    parts = {
        row[0]: Sums(*row[1:])
        for row in cursor.execute(f"SELECT {part} AS part, {_SUMS} {within} GROUP BY 1", values).fetchall()
    }
    order = "sum(calls.cost) DESC NULLS LAST, 2 DESC, 1"
    query = f"SELECT {_MODEL}, count(*) {within} GROUP BY 1 ORDER BY {order} LIMIT {SERIES}"
    top = cursor.execute(query, values).fetchall()
    models = [model for model, _ in top]
    shown = f"if({_MODEL} IN (SELECT unnest(?::VARCHAR[])), {_MODEL}, '')"
    by_model: list[dict[str, Sums]] = [{} for _ in range(count)]
    query = f"SELECT {part} AS part, {shown} AS model, {_SUMS} {within} GROUP BY 1, 2"
    for place, model, *sums in cursor.execute(query, [models, *values]).fetchall():
        by_model[place][model] = Sums(*sums)
    return OverTime(
        first_ns, step_ns, tuple(parts.get(place, Sums()) for place in range(count)), tuple(models), tuple(by_model)
    )


def _ranking(cursor: DuckDBPyConnection, counted: str, values: Sequence[Any], group: str) -> tuple[Ranked, ...]:
    query = f"""
        SELECT {GROUPS[group]} AS value, {_SUMS} {counted} GROUP BY 1
        ORDER BY sum(calls.cost) DESC NULLS LAST, calls DESC, value LIMIT {RANKED}
    """
    return tuple(Ranked(row[0], Sums(*row[1:])) for row in cursor.execute(query, values).fetchall())


def _parameters(cursor: DuckDBPyConnection, counted: str, values: Sequence[Any]) -> tuple[ParameterRow, ...]:
    found: list[ParameterRow] = []
    for name, column in _PARAMETERS.items():
        query = f"""
            SELECT {column}::VARCHAR AS value, {_MODEL} AS model, {_SUMS} {counted} AND {column} IS NOT NULL
            GROUP BY {column}, model ORDER BY model, {column} LIMIT {RANKED}
        """
        found += [
            ParameterRow(name, row[0], row[1], Sums(*row[2:])) for row in cursor.execute(query, values).fetchall()
        ]
    return tuple(found)


def _notable(cursor: DuckDBPyConnection, counted: str, values: Sequence[Any], by: str) -> tuple[NotableCall, ...]:
    query = f"""
        SELECT trace_id, span_id, {_MODEL}, service_name, start_ns, duration_ns, cost, first_words {counted}
        ORDER BY {by} DESC, start_ns DESC LIMIT {STANDING_OUT}
    """
    return tuple(NotableCall(*row) for row in cursor.execute(query, values).fetchall())


def _failing(
    cursor: DuckDBPyConnection, since_ns: int | None, until_ns: int | None, service: str | None
) -> tuple[FailingWorkflow, ...]:
    where, values = _condition(since_ns, until_ns, service)
    query = f"""
        SELECT name, service_name, type, count(*), count(*) FILTER (outcome = 'failed') AS failed
        FROM executions WHERE span_id IS NOT NULL AND type IN ('workflow', 'agent') AND {where}
        GROUP BY 1, 2, 3 HAVING failed > 0 ORDER BY failed DESC, name LIMIT {STANDING_OUT}
    """  # noqa: S608 - our own names; values are parameters
    return tuple(FailingWorkflow(*row) for row in cursor.execute(query, values).fetchall())

"""A query asked of traces, as a condition on the `trace_id` of a row; conditions side by side are met in one scan."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import TypeGuard

from junjo_desktop.store.query_columns import ColumnValues
from junjo_desktop.store.query_marks import TRACE_MARKS
from junjo_desktop.store.query_paths import spans_of_path
from junjo_desktop.store.query_reach import Among
from junjo_desktop.store.query_rows import Asked, Parameters, log_has
from junjo_desktop.store.query_spans import SpanConditions
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Leaf,
    Not,
    OneOf,
    Or,
    Path,
    Scope,
    Text,
)

_TRACE_ID = Field(Scope.KNOWN, "trace_id")


class _Scan(Enum):
    """What conditions read; those that read the same can be met in one scan."""

    PARTS = auto()
    """Texts of few spans."""
    TEXTS = auto()
    COLUMNS = auto()


class TraceConditions:
    """Makes conditions. A leaf is met by any span of a trace, a word also by any of its log records."""

    def __init__(self, parameters: Parameters, now_ns: int, among: Among) -> None:
        """Spans are looked for `among` these."""
        self._bound = parameters.bound
        self._among = among
        self._spans = SpanConditions(parameters, now_ns, among)
        self._marks = ColumnValues(TRACE_MARKS, self._bound, now_ns)

    def of(self, condition: Condition) -> str:
        """Return the condition that a row with a `trace_id` meets."""
        match condition:
            case And():
                return self._all(condition.operands)
            case Or():
                return self._any(condition.operands)
            case Not():
                return f"({self.of(condition.operand)}) IS NOT TRUE"
            case Path():
                return self._path(condition)
            case _ if _is_of_the_row(condition):
                return self._of_row(condition)
            case _:
                return f"trace_id IN ({self._evidence([condition], 'met_0')})"

    def _of_row(self, leaf: Asked) -> str:
        return self._marks.condition(leaf) if leaf.field.name in self._marks else self._spans.of(leaf)

    def _all(self, conditions: Sequence[Condition]) -> str:
        """Return the condition that all are met, each by any span; those that read the same in one scan."""
        scans: dict[_Scan, tuple[list[Leaf], list[Leaf]]] = {}
        others = []
        for each in conditions:
            leaf = each.operand if isinstance(each, Not) else each
            if _is_scanned(leaf):
                scans.setdefault(self._scan_of(leaf), ([], []))[isinstance(each, Not)].append(leaf)
            else:
                others.append(self.of(each))
        return f"({' AND '.join([*(self._scanned(*leaves) for leaves in scans.values()), *others])})"

    def _scan_of(self, leaf: Leaf) -> _Scan:
        if self._among.narrows(leaf):
            return _Scan.PARTS
        return _Scan.COLUMNS if not isinstance(leaf, Text) and leaf.field.scope is Scope.KNOWN else _Scan.TEXTS

    def _scanned(self, met: Sequence[Leaf], missed: Sequence[Leaf]) -> str:
        """Return the condition that any span meets each of `met`, and none any of `missed`."""
        if not met:
            either = " OR ".join(f"met_{place}" for place in range(len(missed)))
            return f"trace_id NOT IN ({self._evidence(missed, either)})"
        leaves = [*met, *missed]
        if len(leaves) == 1:
            return f"trace_id IN ({self._evidence(leaves, 'met_0')})"
        having = [f"bool_or(met_{place})" for place in range(len(met))]
        having += [f"NOT coalesce(bool_or(met_{place}), false)" for place in range(len(met), len(leaves))]
        either = " OR ".join(f"met_{place}" for place in range(len(leaves)))
        return f"trace_id IN ({self._evidence(leaves, either, f'GROUP BY trace_id HAVING {_and(having)}')})"

    def _any(self, conditions: Sequence[Condition]) -> str:
        leaves = [each for each in conditions if _is_scanned(each)]
        if len(leaves) < 2:
            return f"({' OR '.join(map(self.of, conditions))})"
        either = " OR ".join(f"met_{place}" for place in range(len(leaves)))
        others = [self.of(each) for each in conditions if not _is_scanned(each)]
        found = f"trace_id IN ({self._evidence(leaves, either)})"
        return f"({' OR '.join([found, *others])})"

    def _evidence(self, leaves: Sequence[Leaf], where: str, grouped: str = "") -> str:
        """Return a query for the traces of what meets `where`, an expression of `met_0`, `met_1`, …"""
        met = [self._spans.says(leaf.text) if isinstance(leaf, Text) else self._spans.of(leaf) for leaf in leaves]
        among = self._among.any_of(*leaves, in_logs=False)
        found = f"SELECT trace_id, {_named(met)} FROM spans WHERE {among}true"  # noqa: S608 - put together from constants; values are parameters
        if any(isinstance(leaf, Text) for leaf in leaves):
            met = [log_has(leaf.text, self._bound) if isinstance(leaf, Text) else "false" for leaf in leaves]
            found += f" UNION ALL SELECT trace_id, {_named(met)} FROM logs WHERE trace_id IS NOT NULL"  # noqa: S608 - put together from constants; values are parameters
        return f"SELECT trace_id FROM ({found}) WHERE {where} {grouped}"  # noqa: S608 - put together from constants; values are parameters

    def _path(self, path: Path) -> str:
        if len(path.spans) > 1:
            return f"hash(trace_id) IN ({spans_of_path(path, self._spans, self._among, 'trace')})"
        [inside] = path.spans
        where = f"{self._among.all()}true" if inside is None else self._among.any_of(inside) + self._spans.of(inside)
        return f"trace_id IN (SELECT trace_id FROM spans WHERE {where})"  # noqa: S608 - put together from constants; values are parameters


def _named(met: Sequence[str]) -> str:
    return ", ".join(f"{condition} AS met_{place}" for place, condition in enumerate(met))


def _is_of_the_row(condition: Condition) -> TypeGuard[Asked]:
    if not isinstance(condition, Comparison | OneOf | Exists) or condition.field.scope is not Scope.KNOWN:
        return False
    return condition.field == _TRACE_ID or condition.field.name in TRACE_MARKS


def _and(conditions: Sequence[str]) -> str:
    return " AND ".join(conditions)


def _is_scanned(condition: Condition) -> TypeGuard[Leaf]:
    return isinstance(condition, Text | Comparison | OneOf | Exists) and not _is_of_the_row(condition)

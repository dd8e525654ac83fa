"""Traces to compare, written as trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson

from junjo_desktop.telemetry.trace_comparison.model import ComparedSpan, ComparedTrace, TraceFacts

START_NS = 1_790_000_000_000_000_000
MS = 1_000_000


@dataclass(frozen=True)
class Tree:
    """A span and what is below it; children follow each other, the parent lasts as long as they do and its own time."""

    name: str
    children: tuple[Tree, ...] = ()
    own_ms: int = 10
    is_error: bool = False
    attributes: dict[str, Any] = field(default_factory=dict)
    service: str = "shop"
    tokens: int | None = None

    @property
    def lasted_ms(self) -> int:
        """How long it takes with everything below it."""
        return self.own_ms + sum(child.lasted_ms for child in self.children)


def tree(name: str, *children: Tree | str, **more: Any) -> Tree:
    """A span with children, which may be given by their names."""
    return Tree(name, tuple(Tree(child) if isinstance(child, str) else child for child in children), **more)


def trace_of(root: Tree | str, key: str = "a", *, is_told: bool = True) -> ComparedTrace:
    """A trace of one tree; `key` begins all its ids. Without `is_told` no span tells its times."""
    top = Tree(root) if isinstance(root, str) else root
    spans = tuple(_spans(top, None, 0, key, count(1)))
    if not is_told:
        spans = tuple(span._replace(start_ns=0, end_ns=0) for span in spans)
    facts = TraceFacts(
        trace_id=key * 32,
        name=top.name,
        service_name=top.service,
        is_root_missing=False,
        is_error=top.is_error,
        start_ns=START_NS,
        duration_ns=top.lasted_ms * MS if is_told else None,
        span_count=len(spans),
        error_count=sum(span.is_error for span in spans),
        llm_count=0,
        input_tokens=None,
        output_tokens=None,
        first_received_ns=1,
        last_received_ns=2,
        replaced_count=0,
    )
    return ComparedTrace(facts, spans)


def _spans(one: Tree, parent: str | None, at_ms: int, key: str, ids: Iterator[int]) -> Iterator[ComparedSpan]:
    span_id = f"{key}{next(ids):015x}"
    start_ns = START_NS + at_ms * MS
    yield ComparedSpan(
        span_id=span_id,
        parent_span_id=parent,
        service_name=one.service,
        name=one.name,
        span_type="span",
        start_ns=start_ns,
        end_ns=start_ns + one.lasted_ms * MS,
        is_error=one.is_error,
        input_tokens=one.tokens,
        attributes=orjson.dumps(one.attributes).decode(),
    )
    at_ms += one.own_ms
    for child in one.children:
        yield from _spans(child, span_id, at_ms, key, ids)
        at_ms += child.lasted_ms

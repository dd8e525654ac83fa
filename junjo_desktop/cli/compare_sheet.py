"""Two runs beside each other for a terminal: what differs in words, both runs, the steps, the states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from junjo_desktop.cli.listings import Row
from junjo_desktop.cli.table import Column, table
from junjo_desktop.cli.text import cut, harmless
from junjo_desktop.telemetry.junjo.comparison_model import (
    ComparisonFacts,
    Divergence,
    FailureFacts,
    PathPlace,
    PathVerdict,
    RunFacts,
    StateFacts,
    TimeShare,
)
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, offset_text

_RUNS = (
    Column(""),
    Column("STATE"),
    Column("STARTED", spare=1),
    Column("DURATION", right=True),
    Column("STEPS", right=True, spare=2),
    Column("LLM", right=True, spare=3),
    Column("TOKENS", right=True, spare=4),
    Column("VERSION", flexible=True, spare=5),
    Column("CORRELATION", flexible=True, spare=6),
)
_STEPS = (
    Column("STEP", flexible=True),
    Column("TYPE", spare=1),
    Column("LEFT", right=True),
    Column("RIGHT", right=True),
    Column("DIFFERENCE", right=True),
)
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_DEEPEST = 40
_MOST_CHANGES = 40
_VALUE_CHARACTERS = 80
_WIDEST_IN_A_PIPE = 400


def facts_of(document: Row) -> ComparisonFacts:
    """Return what a document says as a whole."""
    facts = dict(document["facts"])
    divergence, slowest = facts["divergence"], facts["slowest"]
    return ComparisonFacts(
        **{
            **facts,
            "left": _run(facts["left"]),
            "right": _run(facts["right"]),
            "path": PathVerdict(facts["path"]),
            "divergence": None if divergence is None else _divergence(divergence),
            "slowest": None if slowest is None else TimeShare(**slowest),
            "start": None if facts["start"] is None else StateFacts(**facts["start"]),
            "end": None if facts["end"] is None else StateFacts(**facts["end"]),
            "unknown": tuple(facts["unknown"]),
        }
    )


def _run(found: Row) -> RunFacts:
    failure = found["failure"]
    known = {"state": ExecutionState(found["state"]), "failure": None if failure is None else FailureFacts(**failure)}
    return RunFacts(**{**found, **known})


def _divergence(found: Row) -> Divergence:
    places = {key: None if found[key] is None else PathPlace(**found[key]) for key in ("after", "left", "right")}
    states = {key: ExecutionState(found[key]) for key in ("left_state", "right_state")}
    return Divergence(**{**found, **places, **states})


def comparison_sheet(document: Row, sentences: Sequence[str], width: int | None) -> list[str]:
    """Return the lines; all text is harmless, and none of it that others wrote begins a line."""
    facts = facts_of(document)
    return [
        *(harmless(sentence) for sentence in sentences),
        "",
        *table(_RUNS, (_run_row("left", facts.left), _run_row("right", facts.right)), width),
        "",
        *_steps(document["steps"], facts, width),
        *_section("state at the start", _states(document, "start", width)),
        *_section("state at the end", _states(document, "end", width)),
        *_section("graph", _graphs(document["graphs"])),
        *_section("not known", [f"  {harmless(sentence)}" for sentence in facts.unknown]),
    ]


def _run_row(which: str, run: RunFacts) -> tuple[str, ...]:
    tokens = [count for count in (run.input_tokens, run.output_tokens) if count is not None]
    return (
        which,
        run.state.value,
        iso_text(run.start_ns) if run.start_ns else "",
        duration_text(run.duration_ns) if run.duration_ns is not None else "",
        count_text(run.step_count),
        count_text(run.model_calls),
        count_text(sum(tokens)) if tokens else "",
        run.service_version or "",
        f"{run.correlation_type or ''} {run.correlation_id or ''}".strip(),
    )


def _steps(rows: Sequence[Row], facts: ComparisonFacts, width: int | None) -> list[str]:
    divergence = facts.divergence
    heading, *lines = table(_STEPS, (_step_row(row) for row in rows), width)
    if divergence is not None and 0 <= divergence.position < len(lines):
        words = "known so far" if facts.path is PathVerdict.OPEN else "first difference"
        mark = f"{'  ' * min(rows[divergence.position]['depth'], _DEEPEST)}--- {words} ---"
        lines.insert(divergence.position, mark)
    return [heading, *lines]


def _step_row(row: Row) -> tuple[str, ...]:
    left, right = row["left"], row["right"]
    one = left or right
    turn = f" ({one['iteration']} of {one['iterations']})" if one["iterations"] > 1 else ""
    difference = row["difference_ns"]
    alone = "" if left and right else "only left" if left else "only right"
    return (
        "  " * min(row["depth"], _DEEPEST) + row["name"] + turn,
        row["span_type"],
        _side(left),
        _side(right),
        alone or (offset_text(difference) if difference is not None else ""),
    )


def _side(step: Row | None) -> str:
    if step is None:
        return "-"
    lasted = "" if step["duration_ns"] is None else duration_text(step["duration_ns"])
    return lasted if step["state"] == "done" else f"{step['state']} {lasted}".strip()


def _states(document: Row, when: str, width: int | None) -> list[str]:
    found: list[str] = []
    for store in document["stores"]:
        difference = store[when]
        owner = "" if not store["position"] else f" of {document['steps'][store['position']]['name']}"
        name = harmless(f"{store['name'] or '(unnamed store)'}{owner}")
        if difference["count"] is None:
            found.append(f"  {name}: {harmless(difference['reason'])}")
        elif difference["count"]:
            found.append(f"  {name}: {difference['count']:,} different")
            shown = difference["changes"][:_MOST_CHANGES]
            found.extend(cut(f"    {_change(change)}", width or _WIDEST_IN_A_PIPE) for change in shown)
            if difference["count"] > len(shown):
                found.append(f"    and {difference['count'] - len(shown):,} more; --json has all")
    return found


def _change(change: Row) -> str:
    pointer = harmless(change["pointer"] or "(the whole state)")
    values = {"added": ("right",), "removed": ("left",)}.get(change["kind"], ("left", "right"))
    shown = " -> ".join(_value(change[side]) for side in values)
    return f"{_SIGNS[change['kind']]} {pointer}  {shown}"


def _value(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return harmless(text if len(text) <= _VALUE_CHARACTERS else f"{text[:_VALUE_CHARACTERS]}…")


def _graphs(graphs: Sequence[Row]) -> list[str]:
    return [f"  {line}" for graph in graphs for line in _graph(graph)]


def _graph(graph: Row) -> Iterator[str]:
    name = harmless(graph["name"])
    if graph["is_order_only"]:
        yield f"{name}: the same nodes and edges in another order"
        return
    for sign, nodes, edges in (("+", "new_nodes", "new_edges"), ("-", "gone_nodes", "gone_edges")):
        for node in graph[nodes]:
            yield f"{sign} {name}: {node['kind']} {harmless(node['label'])}"
        for edge in graph[edges]:
            condition = f" if {harmless(edge['condition'])}" if edge["condition"] else ""
            yield f"{sign} {name}: {harmless(edge['tail'])} -> {harmless(edge['head'])}{condition}"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *lines] if lines else []

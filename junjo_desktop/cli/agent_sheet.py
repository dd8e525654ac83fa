"""What an agent was asked, how far it went, and its operations in order, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from junjo_desktop.cli.listings import Row
from junjo_desktop.cli.text import cut, harmless
from junjo_desktop.widgets.figures import count_text, duration_text

_WIDEST_IN_A_PIPE = 400


def agent_lines(run: Row, width: int | None) -> list[str]:
    """Return the lines, each cut to `width`; none of them begins with what others wrote."""
    lines = ["", "agent", *_summary(run), "", "operations", *_operations(run)]
    return [cut(harmless(line), width or _WIDEST_IN_A_PIPE) for line in lines]


def _summary(run: Row) -> Iterator[str]:
    yield f"  {'key':<10}{run['agent_key'] or 'not known'}"
    if run["termination_reason"]:
        exceeded = f" ({run['limit_exceeded']})" if run["limit_exceeded"] else ""
        yield f"  {'ended by':<10}{run['termination_reason']}{exceeded}"
    counts, limits = run["counts"], run["limits"]
    requests = _of(counts["model_requests"], limits["model_requests"])
    calls = _of(counts["tool_calls"]["admitted"], limits["tool_calls"])
    if requests or calls:
        yield f"  {'used':<10}{requests or '?'} model requests, {calls or '?'} tool calls"
    tokens = [f"{count_text(field['sum'] or 0)} {name}" for name, field in run["usage"]["fields"].items()]
    if tokens:
        yield f"  {'usage':<10}{', '.join(tokens).replace('_', ' ')}"
    yield f"  {'input':<10}{_payload(run['input'])}"
    if run["outcome"] == "completed":
        yield f"  {'output':<10}{_payload(run['output'])}"
    for name in ("input_candidate", "history_candidate"):
        if run[name] is not None:
            yield f"  rejected {name.partition('_')[0]}: {_payload(run[name]['payload'])}"


def _operations(run: Row) -> Iterator[str]:
    for operation in run["operations"]:
        number = f"  {operation['sequence'] if operation['sequence'] is not None else '?':>3}  "
        end = f"{operation['outcome']}, {duration_text(operation['duration_ns'])}, span {operation['span_id']}"
        if operation["type"] == "tool":
            yield f"{number}tool {operation['tool_name']}: {end}"
            asked = operation["arguments"] if operation["arguments"]["value"] else operation["requested_arguments"]
            yield f"       {_payload(asked)} → {_result(operation)}"
        else:
            yield f"{number}model request {operation['ordinal'] or ''}: {end}{_model(operation)}"
            yield from (f"       {line}" for line in _answer(operation, run))


def _model(operation: Row) -> str:
    usage = operation["usage"]
    found = [(usage[f"{kind}_tokens"], kind) for kind in ("input", "output")]
    tokens = [f"{count_text(count)} {kind}" for count, kind in found if count]
    return "".join(f", {words}" for words in (operation["model_name"], " and ".join(tokens)) if words)


def _answer(operation: Row, run: Row) -> Iterator[str]:
    if operation["error"] is not None:
        yield _error(operation["error"])
    response = operation["response"]["value"]
    if isinstance(response, dict) and "output" in response:
        yield f"answers {_json(response['output'])}"
    for call in run["tool_calls"]:
        if call["requested_by_span_id"] == operation["span_id"]:
            refused = f" ({call['admission'].replace('_', ' ')}: {call['reason']})" if call["reason"] else ""
            yield f"asks for {call['tool_name']}{refused} {_json(call['arguments'])}"


def _result(operation: Row) -> str:
    return _payload(operation["result"]) if operation["error"] is None else _error(operation["error"])


def _error(error: Row) -> str:
    cause = f" Because of {error['cause']}" if error["cause"] else ""
    return f"✗ {error['message'] or error['type']}{cause}"


def _payload(payload: Row) -> str:
    return f"({payload['reason']})" if payload["value"] is None and payload["reason"] else _json(payload["value"])


def _json(value: Any) -> str:
    # A terminal shows a few hundred signs; making all of a large value would only take time.
    return json.dumps(value, ensure_ascii=False)[:_WIDEST_IN_A_PIPE]


def _of(count: int | None, limit: int | None) -> str:
    if count is None:
        return ""
    return count_text(count) if limit is None else f"{count_text(count)} of {count_text(limit)}"

"""`calls`, `call` and `usage`: the calls of models, one of them whole, and what they add up to.

`calls --json` is an array, newest first. Of each call: `trace_id`, `span_id`, `start_time_unix_nano`, `duration_ns`,
`service_name`, `operation`, `provider`, `request_model`, `response_model`, `usage` (`input_tokens`, `output_tokens`,
`cache_read_tokens`, `cache_write_tokens`, `reasoning_tokens`; null where the call told none), `cost` (US dollars; null
is unknown), `cost_origin`, `counted` (false: another span tells of the same call, and its usage enters the sums),
`time_to_first_token_ns`, `finish_reason`, `is_error`, `error_type`, `conversation_id`, `agent_name`, `workflow_name`,
`node_name`, `first_words`, `cursor`. Input tokens include those of a cache, output tokens those of reasoning.

`call --json` is one document: what `telemetry.llm.call_json` makes of the call, and `cost`, `cost_origin`, `priced_as`,
`price_table`, `counted`. `usage --json` is an array with a row for each model, provider, service, workflow, node,
conversation or day: `calls`, `failed`, `without_usage`, `unpriced`, the tokens, `cost`.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.call_sheet import call_lines, call_sheet, usage_lines
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.table import terminal_width
from junjo_desktop.errors import NotFoundError

_FILTERS = ("service", "model", "provider", "trace_id", "failed", "since_ns", "until_ns", "limit", "before")


def calls(options: Options, found: Namespace) -> int:
    """Print a list of calls. Raises `UserError`."""
    answer = _ask(options, "calls", {name: getattr(found, name) for name in _FILTERS if getattr(found, name)})
    rows = answer["rows"]
    if found.json:
        write_json(rows)
    elif rows:
        write_lines(call_lines(rows, terminal_width()))
    else:
        remark("No call matches." if answer["stored"] else "No call of a model has been received yet.")
    if answer["more"]:
        remark(f"There is more: go on with --before {rows[-1]['cursor']}, or ask for more at once with --limit.")
    _say_unread(answer)
    return 0


def call(options: Options, found: Namespace) -> int:
    """Print one call, whole. Raises `NotFoundError`, `UserError`."""
    answer = _ask(options, "call", {"trace_id": found.trace_id, "span_id": found.span_id})
    if found.json:
        write_json(answer["call"])
    if answer["call"] is None:
        raise NotFoundError(
            f"No call of a model is stored at {found.trace_id} {found.span_id}.", "`junjo-desktop calls` lists them."
        )
    if not found.json:
        write_lines(call_sheet(answer["call"]))
    return 0


def usage(options: Options, found: Namespace) -> int:
    """Print what calls add up to. Raises `UserError`."""
    params = {name: getattr(found, name) for name in ("by", "service", "since_ns", "until_ns") if getattr(found, name)}
    answer = _ask(options, "usage", params)
    if found.json:
        write_json(answer["rows"])
    elif answer["rows"]:
        write_lines(usage_lines(found.by, answer["rows"], terminal_width()))
    else:
        remark("No call of a model has been received yet.")
    _say_unread(answer)
    return 0


def _ask(options: Options, name: str, params: dict[str, Any]) -> dict[str, Any]:
    with open_access(options.data_dir, reads_calls=True) as access:
        answer: dict[str, Any] = orjson.loads(access.query(name, params))
    return answer


def _say_unread(answer: dict[str, Any]) -> None:
    if answer["unread_traces"]:
        remark(f"Calls of {answer['unread_traces']:,} traces are still being read: ask again in a moment.")

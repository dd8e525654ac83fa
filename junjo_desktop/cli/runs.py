"""`workflow` and `agent`: one run, whole.

With `--json` a workflow, subflow or agent is one document (times also as exact nanoseconds, in decimal strings):

    trace_id, span_id (null: the owner's span has not arrived), type (workflow, subflow, agent), name, runtime_id,
    definition_id, structural_id, service_name, service_version, contract_version
    state           running, done, failed, cancelled, lost (not ended, and silent for a minute)
    start_time, end_time, start_time_unix_nano, end_time_unix_nano, duration_ns     the end is null while it runs
    error           {type, message} or null;  cancelled_reason: text or null;  correlation: {type, id} or null
    parent, nested  runs around and inside it: {trace_id, span_id, runtime_id, type, name}
    graph           null, or its graph: owner_span_id, version, structural_id, notes,
                    nodes: id, structural_id, type (class), label, kind (node, concurrent, subflow), children (ids of a
                    concurrent group), executions (span ids in order of start), subflow_executions (span ids of owners)
                    edges: id, tail, head (node ids), condition (text or null), count (how often taken),
                    inferred (whether the telemetry allows another count)
    subflow_graphs  graphs of the subflows in it, each like `graph`
    steps           every span in it, in order of the tree: span_id, parent_span_id, depth, name, span_type, state,
                    times as above, iteration (from 1) of iterations, updates: [{store_id, sequence}]
    stores          id, name, owner_span_id, owner_type, parent_store_id, is_outside (belongs to a run around this one),
                    status (exact, partial, unknown, empty), summary (a sentence),
                    start, end (states; null when unknown: start_certainty, start_reason, end_certainty, end_reason),
                    revision_start, revision_end, transition_count (as the SDK says),
                    missing: [{from_sequence, to_sequence, reason}], notes,
                    transitions: sequence (from 1), span_id, event_id, action, time_unix_nano, revision_before,
                    revision_after, patch (RFC 6902; null with patch_mode and patch_reason when it was not sent),
                    before, after (whole states; null when unknown), before_certainty, before_reason,
                    certainty (of `after`: exact, inferred, unknown), reason
    failures        span_id, name, type, message, cause (the innermost exception, "" for none), is_origin (false: only
                    passed on), escaped, time_unix_nano, stacktrace
    hook_errors     span_id, hook_event, callback, type, message, time_unix_nano, stacktrace; they fail no run
    dropped         {attributes, events, links} that the sender's limits cost;  notes: sentences

An agent has beside that, named as Junjo AI Studio's AgentExecutionSummary (each null when its span has not arrived):

    agent_span_id, agent_key, agent_name, service {namespace, name, version}, outcome (completed, failed, cancelled),
    termination_reason, limits {model_requests, tool_calls}, limit_exceeded (which),
    counts {operations, model_requests, tool_calls {requested, admitted, started, completed}},
    usage {model_responses, fields {input_tokens …: {sum, observations}}}
    definition, input, output       payloads: {mode (full, redacted, excluded, reference, missing), policy, value,
                    reference, reason};  input_candidate, history_candidate: null, or a rejected value: {available,
                    payload, unavailable_reason}
    operations      in order: type (model_request, tool), sequence, span_id, times as above, outcome, error {type,
                    message, cause, stacktrace}, cancellation {reason}; and
                    of a model request: ordinal, state_revision, driver_key, provider, model_name, request,
                    response_candidate, response_type, response, usage {input_tokens, output_tokens, …}
                    of a tool: call_id, ordinal, tool_name, tool_structural_id, state_revision_before and _after,
                    requested_arguments, arguments, result_candidate, result
    tool_calls      every call that a model asked for: call_id, ordinal, tool_name, arguments, requested_by_span_id,
                    operation_sequence (null: it never began), admission (admitted, not_admitted, unknown), reason

`--no-states` leaves out `before` and `after` with their certainty, not `certainty`.
"""

from __future__ import annotations

from argparse import Namespace

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.listings import Row
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import write_json, write_lines
from junjo_desktop.cli.run_sheet import run_sheet
from junjo_desktop.cli.table import terminal_width
from junjo_desktop.errors import NotFoundError


def show_run(options: Options, found: Namespace) -> int:
    """Print one run. Raises `NotFoundError` when it is not stored or of the other kind, `UserError`."""
    params = {
        "trace_id": found.trace_id,
        "span_id": found.span_id,
        # A terminal is shown patches.
        "states": found.json and not found.no_states,
    }
    with open_access(options.data_dir) as access:
        run: Row = orjson.loads(access.query("run", params))
    _require_kind(found.command, run)
    if found.json:
        write_json(run)
    else:
        write_lines(run_sheet(run, terminal_width()))
    return 0


def _require_kind(command: str, run: Row) -> None:
    kind = run["type"]
    if kind is not None and (kind == "agent") != (command == "agent"):
        other = "agent" if kind == "agent" else "workflow"
        raise NotFoundError(
            f"Span {run['span_id']} is no run of {'an agent' if command == 'agent' else 'a workflow'}.",
            f"`junjo-desktop {other} {run['trace_id']} {run['span_id']}` shows it.",
        )

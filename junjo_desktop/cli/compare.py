"""`compare`: two runs of a workflow or an agent beside each other; for traces see `compare_traces`.

With `--json` it is one document; differences are those of the right run against the left one:

    summary         sentences, what matters most first
    facts           left, right: trace_id, span_id, name, type, state, failure {step, name, type, message} or null,
                    failure_count, hook_error_count, start_ns, duration_ns, step_count, model_calls, tool_calls,
                    input_tokens, output_tokens, service_name, service_version, correlation_type, correlation_id,
                    generation (which telemetry its SDK sends)
                    path (same, different, open: as far as both are known), divergence (null, or where the paths part:
                    position of the row, within, after, left and right {name, iteration}, left_state, right_state),
                    duration_difference_ns, slowest (a row of `times`), start and end {count, reason} (in how many
                    places the states differ; null with the reason when one is not known), is_graph_same (null when one
                    is not known), new_nodes, gone_nodes, unknown (sentences: what may make the comparison wrong)
    steps           rows in order of the tree: name, span_type, depth, parent (position of the row around it), is_path,
                    left, right {span_id, name, state, start_time_unix_nano, duration_ns, iteration, iterations} or
                    null, difference_ns
    times           by name of step, without the steps inside: name, span_type, left_count, right_count, left_ns,
                    right_ns, difference_ns, position; the largest difference first
    stores          name, position (row of the owner), left_store_id, right_store_id, start and end: left_certainty,
                    right_certainty, count, reason, changes: kind (added, removed, changed), pointer, left, right
    graphs          of the run and of its subflows, where they differ: name, position, new_nodes, gone_nodes {id, label,
                    kind, structural_id}, new_edges, gone_edges {tail, head, condition}, is_order_only
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.compare_sheet import comparison_sheet, facts_of
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import write_json, write_lines
from junjo_desktop.cli.table import terminal_width
from junjo_desktop.shell.comparison_words import summary

_RUN_IDS = 4


def compare(options: Options, found: Namespace) -> int:
    """Print two runs or two traces beside each other. Raises `NotFoundError` when one is not stored, `UserError`."""
    if len(found.ids) != _RUN_IDS or found.median:
        from junjo_desktop.cli.compare_traces import compare_traces

        return compare_traces(options, found)
    params = {"left": tuple(found.ids[:2]), "right": tuple(found.ids[2:])}
    with open_access(options.data_dir) as access:
        document: dict[str, Any] = orjson.loads(access.query("comparison", params))
    sentences = summary(facts_of(document))
    if found.json:
        write_json({"summary": sentences, **document})
    else:
        write_lines(comparison_sheet(document, sentences, terminal_width()))
    return 0

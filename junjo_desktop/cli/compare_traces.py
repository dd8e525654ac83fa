"""`compare` with traces: two of them beside each other, or (`--median`) one beside the others of its name.

With `--json` it is one document; differences are those of the right trace against the left one, or of the trace
against the median; times and durations are nanoseconds, null where they were not told.

Two traces:

    summary       sentences, what matters most first
    left, right   trace_id, name, service_name, is_root_missing, is_error (of its root), start_time_unix_nano,
                  duration_ns, span_count, error_count, llm_count, input_tokens, output_tokens, cost (dollars),
                  unpriced (calls whose cost is not known)
    counts        rows by what they say: same, changed, added (only at the right), removed (only at the left)
    divergence    null, or the first row that one trace alone has: position, within, after, left, right (names)
    rows          in order of the tree: name, span_type, depth, parent (position of the row around it), change, changed
                  (what is another: failed, status, name, model, tokens, events, order, and keys of attributes),
                  left, right {span_id, name, service_name, start_time_unix_nano, duration_ns, is_error,
                  status_message, llm_model, input_tokens, output_tokens} or null, difference_ns
    times         own time by service, name and type: left_count, right_count, left_ns, right_ns, difference_ns,
                  position; the largest difference first

A trace beside those of its name:

    summary       sentences
    trace         as `left` above
    others        how many traces it is compared with, the newest ones; `stored` of them there are
    median_ns, p95_ns, failed, median_spans, median_model_calls, median_tokens, median_cost   of the others as a whole
    rows          name, service_name, span_type, depth, parent, verdict (usual, slower than 95 %, new, more often than
                  ever, failed unlike the others, missing), span (as above, null where it is missing),
                  usual {seen, failed, median_ns, p95_ns, offset_ns} or null, slower_than (share), difference_ns
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.compare_traces_sheet import trace_comparison_sheet, usual_comparison_sheet
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import write_json, write_lines
from junjo_desktop.cli.table import terminal_width
from junjo_desktop.errors import UsageError
from junjo_desktop.shell.trace_comparison_words import trace_summary, usual_summary
from junjo_desktop.telemetry.trace_comparison.comparison_json import trace_comparison_of, usual_comparison_of


def compare_traces(options: Options, found: Namespace) -> int:
    """Print the comparison. Raises `UsageError`, `NotFoundError` when a trace is not stored, `UserError`."""
    if len(found.ids) != (1 if found.median else 2):
        raise UsageError(
            "Compare takes two traces, two runs (each a trace and a span), or one trace with --median.",
            "`junjo-desktop compare --help` has examples.",
        )
    with open_access(options.data_dir) as access:
        params = dict(zip(("left", "right"), found.ids, strict=False))
        document: dict[str, Any] = orjson.loads(access.query("trace_comparison", params))
    if found.median:
        usual = usual_comparison_of(document)
        sentences = usual_summary(usual)
        lines = usual_comparison_sheet(usual, sentences, terminal_width())
    else:
        comparison = trace_comparison_of(document)
        sentences = trace_summary(comparison)
        lines = trace_comparison_sheet(comparison, sentences, terminal_width())
    if found.json:
        write_json({"summary": sentences, **document})
    else:
        write_lines(lines)
    return 0

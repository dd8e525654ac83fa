"""`services` and `restarts`: which services there are, how they do, who calls whom, and what a restart changed.

`services --json` is Junjo AI Studio's array of names. With `--figures --json` it is one document; times are nanoseconds
since 1970, durations nanoseconds, rates shares from 0 to 1, null is unknown:

    since_ns, until_ns, span_ns   the time that was asked for (null: open) and how long it is
    spans, hidden_operations      spans in all; operations beyond 2,000, which are only counted
    services        those with the most spans first: service_name, spans, errors, has_requests, requests (figures of
                    its spans without a parent and of those that serve a call; of all when it has none), operations:
                    name, span_type and figures
                    figures: spans, per_minute, errors, error_rate, p50_ns, p95_ns, p99_ns, input_tokens,
                    output_tokens, first_ns, last_ns (starts)

With `--map --json`:

    spans, calls_without_target   spans in all; calls to the outside that do not say whereto
    nodes           kind (service, model provider, database, message queue, host), name, spans, span_errors, calls,
                    errors, error_rate, p50_ns_about, p95_ns_about (within 2 %)
    edges           from and to {kind, name}, kind (call, message, outside call), and the same counts

`restarts --json`:

    service_name, older_runs      runs beyond --limit
    tells_processes               false: its resource does not say which process it is, and pauses of a minute count
    runs            newest first: first_ns, last_ns, end_ns, service_version, revision, process, seen_by (another
                    process, another description, a pause), pause_ns (below 0: at the same time as the one before),
                    new_version, spans, errors, traces, requests, failed_requests, p50_ns, p95_ns (of requests), tokens
    comparison      with --compare, the newest run against the one before: left, right (runs), counts (operations by
                    verdict), requests (all together), operations: name, span_type, verdicts (more errors, slower, more
                    tokens, gone, new, fewer errors, faster, fewer tokens, not sure, no difference seen), notes,
                    duration_change (of the median), left, right {spans, errors, error_rate, measured, p50_ns, p95_ns,
                    tokens, tokens_each} or null
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import orjson

from junjo_desktop.cli.access import open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.errors import UsageError

_PARAMETERS = ("service", "since_ns", "until_ns")


def services(options: Options, found: Namespace) -> int:
    """Print names, figures or the map. Raises `UserError`."""
    narrowed = {name: getattr(found, name) for name in _PARAMETERS if getattr(found, name) is not None}
    if not found.figures and not found.map:
        if narrowed:
            raise UsageError("--service, --since and --until narrow figures or the map.", "Add --figures or --map.")
        from junjo_desktop.cli.queries import query

        return query(options, found)
    if found.limit is not None or found.before is not None:
        raise UsageError("--limit and --before are for the list of names.", "Leave them out.")
    document = _asked(options, "service_map" if found.map else "service_figures", narrowed)
    if found.json:
        write_json(document)
        return 0
    from junjo_desktop.cli.services_sheet import figures_sheet, map_sheet
    from junjo_desktop.cli.table import terminal_width

    lines = (map_sheet if found.map else figures_sheet)(document, terminal_width())
    if lines:
        write_lines(lines)
    else:
        remark("Nothing matches.")
    return 0


def restarts(options: Options, found: Namespace) -> int:
    """Print the runs of a service, or what the newest does differently. Raises `NotFoundError`, `UserError`."""
    params = {name: getattr(found, name) for name in _PARAMETERS if getattr(found, name) is not None}
    document = _asked(options, "restarts", {**params, "limit": found.limit, "compare": found.compare})
    if found.json:
        write_json(document)
        return 0
    from junjo_desktop.cli.services_sheet import comparison_sheet, restarts_sheet
    from junjo_desktop.cli.table import terminal_width

    write_lines((comparison_sheet if found.compare else restarts_sheet)(document, terminal_width()))
    if not document["tells_processes"]:
        remark(
            "It does not say which process sent a span: a pause of a minute counts as a restart. "
            "Set service.instance.id to a random text at each start."
        )
    return 0


def _asked(options: Options, name: str, params: dict[str, Any]) -> dict[str, Any]:
    with open_access(options.data_dir) as access:
        document: dict[str, Any] = orjson.loads(access.query(name, params))
    return document

"""Runs of real Junjo SDKs: what each sent, and beside it what its program really did.

`load.recordings()` gives them. `data/VERSION/SCENARIO.otlp` holds the export requests (format: `junjo_desktop.samples`)
and `SCENARIO.expected.json` the page that they must lead to; `data/VERSION/missing.json` says which scenarios that SDK
cannot run, and why; `untold.json` what of a page its telemetry does not tell. All of it is made again by
`python -m tests.recordings.record` (see there).

An expected page is noted by the running program itself (`programs/truth.py`), never read from telemetry. It has no ids:
an execution is its number, counted from 0 in the order of starts; recording again gives the same page.

    service         service.name of the program
    correlation     {type, id} that the program gave to its run, and the SDK to all within it; or null
    executions      one for each start of a workflow, subflow, node, RunConcurrent or agent:
                    name; type (as `junjo.span_type`); parent: the execution in which it was started, or null;
                    outcome: completed, failed, cancelled, or running (the process was killed);
                    error: {type, message, cause, is_origin} of a failed one: cause is "Type: message" at the root of it
                    (its first line), is_origin false when it only passes on what failed inside it;
                    reason of a cancelled one
    graphs          the graph of each workflow and subflow that ran:
                    owner: its execution; nodes: label, type (class), kind (node, concurrent, subflow), executions:
                    those that this owner made of the node, children: places in `nodes` (of a RunConcurrent);
                    edges: tail, head (places in `nodes`), condition (label or null), taken: how often
    stores          in the order in which they were made: name (class), owner: execution, start and end: whole states
                    (end is null when the process was killed), transitions: every call of `set_state` in order, with
                    action, execution and span (name) in which it was called, is_change, and state: the whole state
                    after it; lost: places of those that OpenTelemetry's limit of events a span has dropped
    hook_errors     execution, event (name of the hook), type, message, in order
    foreign_spans   names of spans that are not Junjo's, in the order of starts
    agents          execution, outcome, termination_reason, limits, counts and usage (of the agent's own store), output
                    (null when there is none), operations in order: model_request (ordinal, message_count,
                    response_type, error) or tool_call that was started (id, name, arguments, result, error);
                    error: "Type: message", "cancelled" or null
"""

"""What the help of a command says below its options: examples, and what is not obvious."""

from __future__ import annotations

DELETE = """\
WHEN is an ISO date or date and time (local unless it has a zone), or an age: 30d, 12h, 90m, 2w.
API keys, settings and stars are never deleted. Ctrl-C stops after the step under way and says what is deleted.
"""
REBUILD = """\
What spans mean (types, models, tokens, errors), and what traces and services add up to, is read again from what was
sent. Worth it when `junjo-desktop doctor` says so, after an update for example. It can be stopped at any time, and goes
on there; the app may run and receive meanwhile.
"""
OPEN = """\
examples:
  junjo-desktop open junjo://run/TRACE_ID/SPAN_ID
  junjo-desktop open --execution RUNTIME_ID        a run by the id that its SDK gave it
  junjo-desktop open --trace TRACE_ID --span SPAN_ID

Links: junjo://trace/TRACE_ID[/span/SPAN_ID], junjo://run/RUNTIME_ID, junjo://run/TRACE_ID/SPAN_ID; with
?store=STORE_ID&step=N a run opens at one update of its state. A run that has not arrived yet is waited for.
"""
RUN = """\
It is read from whatever has arrived, also while it runs. Each update of the state says how sure it is: exact, inferred
or unknown, and why. With --json: `graph`, `subflow_graphs`, `steps`, `stores`, `failures`, `hook_errors` and what the
run is; `python -m pydoc junjo_desktop.cli.runs` describes every field.
"""
COMPARE = """\
examples:
  junjo-desktop compare TRACE_ID TRACE_ID                    any two traces
  junjo-desktop compare TRACE_ID --median                    a trace and what is usual for its name
  junjo-desktop compare TRACE_ID SPAN_ID TRACE_ID SPAN_ID    two runs of a workflow or an agent, with their states

Spans and steps are laid beside each other by their structure; differences are those of the right against the left.
`python -m pydoc junjo_desktop.cli.compare` (runs) and `junjo_desktop.cli.compare_traces` describe the fields of --json.
"""
TAIL = """\
A trace is told once, when its root has arrived (or 5 s after its first matching span); a span or a log record when it
arrives. The app or `serve` must be running.
"""
FIND = """\
examples:
  junjo-desktop find refund                              the word in any name, status, attribute or event
  junjo-desktop find 'service:shop duration > 2s'        a span of that service, and a span that took so long
  junjo-desktop find '{type:llm model:gpt tokens > 10k}' all of it about one span
  junjo-desktop find '{type:workflow} >> {error = true}' a span with a failed one anywhere below it; > is right below
  junjo-desktop find 'http.response.status_code >= 500 -name:health'
  junjo-desktop find --in logs 'severity >= warn body:timeout'
  junjo-desktop find --in calls 'cost > $0.05 finish:length'
  junjo-desktop find --in runs 'outcome:failed model:gpt' what a run does not tell itself is asked of its trace
  junjo-desktop find --view 'Failed checkouts' 'time > 1h ago'

Words and "phrases" ignore case. Fields: service name type kind status message error duration time model provider
tokens input_tokens output_tokens trace_id span_id, tag note starred (what you wrote on traces and spans), any attribute
by its key, resource.KEY, event.KEY.
Compare with : (contains) = != > >= < <= ~ (regular expression), in (a, b), exists. Combine with AND, OR, NOT or -, ( ).
"""
SERVICES = """\
examples:
  junjo-desktop services                          names alone
  junjo-desktop services --figures --since 15m    rate, errors and durations of the last quarter of an hour
  junjo-desktop services --map --json             nodes and edges

`python -m pydoc junjo_desktop.cli.services` describes every field of the documents.
"""
RESTARTS = """\
examples:
  junjo-desktop restarts --service shop
  junjo-desktop restarts --service shop --compare     did the last change help?

A run is told by its resource (service.instance.id, process.pid, container); where it says nothing, by a pause of a
minute. `python -m pydoc junjo_desktop.cli.services` describes every field.
"""
PRICES = """\
Without an action: the prices that are set, and the models of stored calls whose price is not known. Those that are set
go before those of LiteLLM's table; their calls are priced again in the background.
`python -m pydoc junjo_desktop.cli.prices` describes the JSON.
"""
CALLS = """\
Tokens and cost come from what the spans tell, whoever instrumented the program; each call counts once, also where two
spans tell of it. Prices are those of the table in LiteLLM's package, for tokens read from and written to a cache, too.
What is not known is unknown, never 0. `python -m pydoc junjo_desktop.cli.calls` describes the JSON.
"""

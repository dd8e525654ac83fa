"""Random traces with log records and runs, which speak of what `tests.telemetry.query.trees` asks for."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, SeverityNumber
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support import otlp
from tests.support.stored import StoredTelemetry
from tests.telemetry.query.trees import KEYS, MODELS, NAMES, SERVICES, TEXTS

NOW = 1_795_183_378_000_000_000  # 2026-11-20T14:02:58Z
MINUTE = 60 * 10**9

_KINDS = (
    Span.SPAN_KIND_UNSPECIFIED,
    Span.SPAN_KIND_INTERNAL,
    Span.SPAN_KIND_CLIENT,
    Span.SPAN_KIND_CONSUMER,
)
_MOMENTS = (0, NOW, NOW - 20 * MINUTE, NOW - 2 * 60 * MINUTE)
_SCALARS: tuple[otlp.Value, ...] = (*TEXTS, 0, 1, 500, -3, 1.5, 0.25, True, None, b"\x00\xff", "1.5", "500")
_SEVERITIES: Sequence[SeverityNumber.ValueType] = (
    SeverityNumber.SEVERITY_NUMBER_UNSPECIFIED,
    SeverityNumber.SEVERITY_NUMBER_DEBUG,
    SeverityNumber.SEVERITY_NUMBER_INFO2,
    SeverityNumber.SEVERITY_NUMBER_WARN4,
    SeverityNumber.SEVERITY_NUMBER_ERROR,
)

_moments = itertools.count()

scalars = st.sampled_from(_SCALARS)
values: st.SearchStrategy[otlp.Value] = st.one_of(
    scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from(KEYS), scalars, max_size=2)
)
pairs = st.lists(st.tuples(st.sampled_from(KEYS), values), max_size=4)
llm = st.fixed_dictionaries(
    {"gen_ai.operation.name": st.just("chat"), "gen_ai.request.model": st.sampled_from(MODELS)},
    optional={"gen_ai.usage.input_tokens": st.sampled_from((1, 500)), "gen_ai.usage.output_tokens": st.just(1)},
)
run = st.fixed_dictionaries(
    {
        "junjo.span_type": st.sampled_from(("workflow", "subflow", "node")),
        "junjo.executable_definition_id": st.just("definition"),
        "junjo.executable_runtime_id": st.sampled_from(("chat", "runtime")),
        "junjo.enclosing_graph_structural_id": st.just("graph"),
    },
    optional={
        "junjo.parent_executable_runtime_id": st.just("runtime"),
        "junjo.correlation.id": st.sampled_from(TEXTS),
        "junjo.correlation.type": st.just("order"),
    },
)


class Made(NamedTuple):
    """What one new trace is made of: spans with their service and what their resource says, and log records."""

    trace_id: bytes
    spans: list[tuple[Span, str, dict[str, otlp.Value]]]
    logs: list[tuple[LogRecord, str]]

    def add_to(self, telemetry: StoredTelemetry) -> None:
        """Store it, each span and record received a little after the one before."""
        for span, service, resource in self.spans:
            request = otlp.trace_request(span, service=service, resource=resource)
            telemetry.add(request, received_ns=NOW + next(_moments))
        for log, service in self.logs:
            telemetry.add(otlp.log_request(log, service=service), received_ns=NOW + next(_moments))


@st.composite
def _spans(draw: st.DrawFn, trace_id: bytes, number: int) -> Span:
    """A span of a trace; its parent is any span of the first six, itself included, or one that never came."""
    parent = draw(st.sampled_from((0, 1, 2, 3, 4, 5, 6, 99)))
    start_ns = draw(st.sampled_from(_MOMENTS))
    found = otlp.span(
        draw(st.sampled_from(NAMES)),
        trace=trace_id,
        id=otlp.span_id(number),
        parent=otlp.span_id(parent) if parent else b"",
        start_ns=start_ns,
        duration_ns=draw(st.sampled_from((0, 1_000_000, 2 * 10**9, 90 * 10**9))),
        attributes=draw(st.just({}) | llm | run),
        error=draw(st.sampled_from((None, None, "", "GET failed"))),
    )
    found.kind = draw(st.sampled_from(_KINDS))
    for key, value in draw(pairs):
        found.attributes.extend(otlp.key_values({key: value}))
    for name, more in draw(st.lists(st.tuples(st.sampled_from((*NAMES, "exception")), pairs), max_size=2)):
        event = found.events.add(name=name, time_unix_nano=start_ns)
        for key, value in more:
            event.attributes.extend(otlp.key_values({key: value}))
    return found


@st.composite
def _logs(draw: st.DrawFn, trace_id: bytes) -> LogRecord:
    """A record of a span of the trace, of one that never came, of none, or outside of any trace."""
    span = draw(st.sampled_from((0, 1, 2, 3, 99)))
    found = otlp.log(
        draw(values),
        trace=draw(st.sampled_from((trace_id, trace_id, b""))),
        span=otlp.span_id(span) if span else b"",
        time_ns=draw(st.sampled_from(_MOMENTS)),
        observed_ns=draw(st.sampled_from(_MOMENTS)),
        severity=draw(st.sampled_from(_SEVERITIES)),
        severity_text=draw(st.sampled_from(("", "warning", "ERROR2", "chat"))),
        event=draw(st.sampled_from(NAMES)),
    )
    for key, value in draw(pairs):
        found.attributes.extend(otlp.key_values({key: value}))
    return found


@st.composite
def traces(draw: st.DrawFn) -> Made:
    """A new trace."""
    trace_id = otlp.trace_id()
    spans = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        resource = draw(st.dictionaries(st.sampled_from(KEYS), scalars, max_size=2))
        spans.append((draw(_spans(trace_id, number)), draw(st.sampled_from(SERVICES)), resource))
    logs = draw(st.lists(st.tuples(_logs(trace_id), st.sampled_from(SERVICES)), max_size=2))
    return Made(trace_id, spans, logs)

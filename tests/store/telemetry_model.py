"""What a store should hold, kept in plain Python: sent and deleted as the real one, and compared with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from junjo_desktop.store.batch import Batch
from junjo_desktop.store.database import Store
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.store.summaries import SUMMARY_COLUMNS, SpanFacts, TraceSummary, summarize
from junjo_desktop.store.writer import BatchWriter
from junjo_desktop.telemetry.columns import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.support.otlp import key_values, logs_request, span, span_id, trace_id, trace_request

STORED = ("spans", "logs", "metrics", "traces", "trace_services", "services", "resources", "scopes")

Row = dict[str, Any]


class SentSpan(NamedTuple):
    """A span of trace 1, 2 …; the same one may be sent again, each time otherwise. Start 0: it has no times."""

    trace: int
    span: int
    service: str
    is_root: bool = True
    start_ns: int = 1
    name: str = "work"
    failed: bool = False
    operation: str = ""
    tokens: int | None = None

    def entry(self, seq: int, received_ns: int) -> IntakeEntry:
        attributes: dict[str, Any] = {"junjo.span_type": self.name}
        if self.operation:
            attributes["gen_ai.operation.name"] = self.operation
        if self.tokens is not None:
            attributes["gen_ai.usage.input_tokens"] = self.tokens
        sent = span(
            self.name,
            trace=trace_id(self.trace),
            id=span_id(self.span),
            parent=b"" if self.is_root else span_id(99),
            start_ns=self.start_ns,
            duration_ns=1 if self.start_ns else 0,
            attributes=attributes,
            error="failed" if self.failed else None,
        )
        sent.dropped_events_count = self.start_ns % 3
        return _entry(seq, Signal.TRACES, received_ns, trace_request(sent, service=self.service))


class SentLog(NamedTuple):
    """A log record, of a trace or of none (0)."""

    trace: int
    service: str

    def entry(self, seq: int, received_ns: int) -> IntakeEntry:
        trace = trace_id(self.trace) if self.trace else b""
        return _entry(seq, Signal.LOGS, received_ns, logs_request("said", service=self.service, trace=trace))


class SentMetric(NamedTuple):
    """A metric."""

    service: str

    def entry(self, seq: int, received_ns: int) -> IntakeEntry:
        request = ExportMetricsServiceRequest()
        resource = request.resource_metrics.add()
        resource.resource.attributes.extend(key_values({"service.name": self.service}))
        metric = resource.scope_metrics.add().metrics.add(name="load")
        metric.gauge.data_points.add(as_int=1)
        return _entry(seq, Signal.METRICS, received_ns, request)


Sent = SentSpan | SentLog | SentMetric


def _entry(seq: int, signal: Signal, received_ns: int, request: Any) -> IntakeEntry:
    return IntakeEntry(seq, signal, received_ns, request.SerializeToString())


def hex_id(trace: int) -> str:
    """The stored id of a trace of these tests."""
    return trace_id(trace).hex()


@dataclass
class Model:
    """What should be stored in `store`, which is written through here only."""

    store: Store
    seq: int = 0
    spans: dict[tuple[str, str], Row] = field(default_factory=dict)
    logs: list[Row] = field(default_factory=list)
    metrics: list[Row] = field(default_factory=list)
    last_received: dict[str, int] = field(default_factory=dict)
    """Of each trace, by `remember_received`: a version of a span that was replaced counts, too, and no row tells it."""

    def remember_received(self) -> None:
        """Note when something of each stored trace was last received; to be called before the real deletion."""
        query = "SELECT trace_id, last_received_ns FROM traces"
        self.last_received = self.store.read(lambda cursor: dict(cursor.execute(query).fetchall()))

    def send(self, sent: Sequence[Sent], clock: Callable[[], int]) -> None:
        """Store all of it as one batch."""
        batch = Batch()
        for one in sent:
            self.seq += 1
            decoded = decode(one.entry(self.seq, clock()))
            batch.add(self.seq, decoded)
            for row in decoded.spans:
                self.spans[str(row[0]), str(row[1])] = dict(zip(SPAN_COLUMNS, row, strict=True))
            self.logs += [dict(zip(LOG_COLUMNS, row, strict=True)) for row in decoded.logs]
            self.metrics += [dict(zip(METRIC_COLUMNS, row, strict=True)) for row in decoded.metrics]
        BatchWriter(self.store, "journal").write(batch)

    def delete(self, selection: Selection, kept: frozenset[str]) -> Toll:
        """Delete from the model alone; return what the real deletion should take."""
        traces_before = self._traces()
        selected = {name for name in traces_before if self._is_selected(name, selection)}
        spared = frozenset() if selection.trace_ids else kept
        gone = selected - spared
        spans = {
            key: row
            for key, row in self.spans.items()
            if key[0] not in gone or selection.service not in {None, row["service_name"]}
        }
        logs = [row for row in self.logs if not self._takes_log(row, selection, gone, spared)]
        metrics = [row for row in self.metrics if not _takes_metric(row, selection)]
        taken = (len(self.spans) - len(spans), len(self.logs) - len(logs), len(self.metrics) - len(metrics))
        self.spans, self.logs, self.metrics = spans, logs, metrics
        return Toll(len(traces_before) - len(self._traces()), *taken, kept=len(selected & spared))

    def _traces(self) -> dict[str, list[Row]]:
        traces: dict[str, list[Row]] = defaultdict(list)
        for (trace, _), row in self.spans.items():
            traces[trace].append(row)
        return dict(traces)

    def _is_selected(self, trace: str, selection: Selection) -> bool:
        spans = self._traces()[trace]
        if selection.trace_ids:
            return trace in selection.trace_ids
        if selection.service is not None:
            return any(row["service_name"] == selection.service for row in spans)
        if selection.before_ns is not None:
            summary = summarize(trace, [SpanFacts._make(row[column] for column in SUMMARY_COLUMNS) for row in spans])
            newest_ns = self.last_received.get(trace, max(row["received_ns"] for row in spans))
            return (summary.end_ns or newest_ns) < selection.before_ns
        return True

    def _takes_log(self, row: Row, selection: Selection, gone: set[str], spared: frozenset[str]) -> bool:
        trace = row["trace_id"]
        if selection.trace_ids:
            return trace in selection.trace_ids
        if selection.service is not None:
            return bool(row["service_name"] == selection.service) and trace not in spared
        if selection.before_ns is not None:
            is_loose = trace not in self._traces() and trace not in spared
            return trace in gone or (is_loose and row["received_ns"] < selection.before_ns)
        return trace not in spared


def _takes_metric(row: Row, selection: Selection) -> bool:
    if selection.service is not None:
        return bool(row["service_name"] == selection.service)
    if selection.before_ns is not None:
        return bool(row["received_ns"] < selection.before_ns)
    return selection.everything


def rows(store: Store, table: str) -> list[Row]:
    """Every row of a table."""

    def read(cursor: Any) -> list[Row]:
        found = cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return store.read(read)


def check_holds(model: Model) -> None:
    """Assert that exactly the model's spans, logs and metrics are stored, and what they add up to."""
    assert _sorted(rows(model.store, "spans")) == _sorted(model.spans.values())
    assert _sorted(rows(model.store, "logs")) == _sorted(model.logs)
    assert _sorted(rows(model.store, "metrics")) == _sorted(model.metrics)
    check_adds_up(model.store)


def check_adds_up(store: Store) -> None:
    """Assert that traces and services are what the stored rows add up to, and that every row has its origin."""
    found = store.read(lambda cursor: {table: _read(cursor, table) for table in STORED})
    by_trace: dict[str, list[SpanFacts]] = defaultdict(list)
    for row in found["spans"]:
        by_trace[row["trace_id"]].append(SpanFacts._make(row[column] for column in SUMMARY_COLUMNS))
    summaries = {row["trace_id"]: TraceSummary(**row) for row in found["traces"]}
    assert len(summaries) == len(found["traces"])
    assert {name: _untimed(one) for name, one in summaries.items()} == {
        name: _untimed(summarize(name, spans)) for name, spans in by_trace.items()
    }
    for name, spans in by_trace.items():
        # Whoever looks for a stored span trusts these times.
        assert summaries[name].first_received_ns <= min(one.received_ns for one in spans)
        assert summaries[name].last_received_ns >= max(one.received_ns for one in spans)
    parts = Counter((row["trace_id"], row["service_name"]) for row in found["spans"])
    assert [(row["trace_id"], row["service_name"], row["span_count"]) for row in _sorted(found["trace_services"])] == [
        (*key, count) for key, count in sorted(parts.items())
    ]
    _check_services(found)
    for table, key in (("resources", "resource_id"), ("scopes", "scope_id")):
        referred = {row[key] for name in ("spans", "logs", "metrics") for row in found[name]}
        assert referred <= {row[key] for row in found[table]}


def _check_services(found: dict[str, list[Row]]) -> None:
    counts = {name: Counter(row["service_name"] for row in found[name]) for name in ("spans", "logs", "metrics")}
    errors = Counter(row["service_name"] for row in found["spans"] if row["is_error"])
    names = sorted({name for counter in counts.values() for name in counter})
    stored = sorted(found["services"], key=lambda row: str(row["service_name"]))
    assert [tuple(row.values())[:5] for row in stored] == [
        (name, counts["spans"][name], errors[name], counts["logs"][name], counts["metrics"][name]) for name in names
    ]


def _read(cursor: Any, table: str) -> list[Row]:
    found = cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _untimed(summary: TraceSummary) -> tuple[object, ...]:
    """All but what the stored spans do not tell: how often, and when, others were received."""
    return summary.row()[:-3]


def _sorted(found: Any) -> list[Row]:
    return sorted(found, key=lambda row: [str(value) for value in row.values()])

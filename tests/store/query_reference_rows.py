"""What a query means for a log record and for a run, evaluated slowly in Python (see `query_reference`)."""

from __future__ import annotations

from typing import Any

import orjson

from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.otlp_json import attributes_by_key
from junjo_desktop.telemetry.query.fields import OWN_FIELDS
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    OneOf,
    Or,
    Path,
    Scope,
    Text,
)
from junjo_desktop.telemetry.severity import severity_of
from tests.store.query_reference import (
    ID_PREFIX,
    Stored,
    ends_of,
    holds,
    is_written_in,
    log_has_text,
    matches,
    meets,
    texts_of,
)


def log_matches(query: Condition, log: LogRecord, trace: Stored) -> bool:  # noqa: PLR0911 - one return for each kind
    """Whether a log record matches."""
    match query:
        case And():
            return all(log_matches(part, log, trace) for part in query.operands)
        case Or():
            return any(log_matches(part, log, trace) for part in query.operands)
        case Not():
            return not log_matches(query.operand, log, trace)
        case Text():
            return log_has_text(query.text, log)
        case Path():
            return any(is_written_in(log, span) for span in ends_of(query, trace))
        case _ if _is_of_log(query.field):
            return meets(query, _log_values(query.field, log), trace.now_ns, _log_exists(query.field, log))
        case _:
            return any(holds(query, span, trace) for span in trace.spans if is_written_in(log, span))


def run_matches(query: Condition, run: RunRow, trace: Stored) -> bool:
    """Whether a run matches, as its list shows it."""
    match query:
        case And():
            return all(run_matches(part, run, trace) for part in query.operands)
        case Or():
            return any(run_matches(part, run, trace) for part in query.operands)
        case Not():
            return not run_matches(query.operand, run, trace)
        case Text():
            return _run_has_text(query.text, run) or matches(query, trace)
        case Comparison() | OneOf() | Exists() if (known := _known_of_run(query.field, run)) is not None:
            return meets(query, known, trace.now_ns, any(known) if query.field.name == "error" else bool(known))
        case _:
            return matches(query, trace)


def _is_of_log(field: Field) -> bool:
    if field.scope is Scope.KNOWN:
        return field.name in OWN_FIELDS[Subject.LOGS]
    return field.scope is not Scope.EVENT


def _log_values(field: Field, log: LogRecord) -> list[Any]:
    if field.scope is not Scope.KNOWN:
        text = log.resource.attributes if field.scope is Scope.RESOURCE else log.attributes
        return texts_of([attributes_by_key(orjson.loads(text))], field.name)
    time_ns = log.time_ns if log.time_ns > 0 else log.observed_ns
    known = {
        "severity": severity_of(log.severity_number, log.severity_text) or None,
        "body": log.body_text or None,
        "scope": log.scope.name or None,
        "event": log.event_name or None,
        "service": log.service_name,
        "time": time_ns or None,
        "trace_id": log.trace_id,
        "span_id": log.span_id,
    }
    return [] if known[field.name] is None else [known[field.name]]


def _log_exists(field: Field, log: LogRecord) -> bool:
    if field.scope is Scope.KNOWN:
        return bool(_log_values(field, log))
    text = log.resource.attributes if field.scope is Scope.RESOURCE else log.attributes
    return field.name in attributes_by_key(orjson.loads(text))


def _run_has_text(text: str, run: RunRow) -> bool:
    searched = (
        *(run.name, run.error_type, run.error_message, run.service_name, run.service_version),
        *(run.correlation_id, run.correlation_type, run.agent_key, run.termination_reason),
    )
    word = text.lower()
    is_id = run.owner_span_id.startswith(word) and ID_PREFIX.fullmatch(word) is not None
    return is_id or (run.runtime_id or "").lower() == word or any(word in each.lower() for each in searched if each)


def _known_of_run(field: Field, run: RunRow) -> list[Any] | None:
    """The values of a field of the run itself; None for one of its trace."""
    if field.scope is not Scope.KNOWN or field.name not in OWN_FIELDS[Subject.RUNS]:
        return None
    counts = [count for count in (run.input_tokens, run.output_tokens) if count is not None]
    known = {
        "outcome": run.outcome.value,
        "name": run.name or None,
        "type": run.type,
        "service": run.service_name,
        "version": run.service_version,
        "duration": run.duration_ns,
        "time": run.start_ns or None,
        "tokens": sum(counts) if counts else None,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "failures": run.failure_count,
        "error": run.failure_count > 0,
        "message": run.error_message or None,
        "correlation": run.correlation_id,
        "termination": run.termination_reason,
        "trace_id": run.trace_id,
        "span_id": run.owner_span_id,
    }
    return [] if known[field.name] is None else [known[field.name]]

"""What tests of the page of a run do and look at."""

from __future__ import annotations

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.shell.commands import Command
from tests.recordings.load import Recording


def named(loaded: LoadedRun, name: str, turn: int = 0) -> str:
    """The span id of a step by its name, the `turn`-th of that name."""
    return [step.span_id for step in loaded.run.steps if step.name == name][turn]


def current_row(page: RunPage) -> str:
    """What the current row of the steps says."""
    view = page.view.lists.steps.view
    return view.rows.cells_at(view.currentIndex().row()).sentence if view.currentIndex().isValid() else ""


def command(page: RunPage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def spans_of(requests: tuple[ExportTraceServiceRequest, ...]) -> list[Span]:
    return [
        span
        for request in requests
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def only(recording: Recording, *names: str) -> list[ExportTraceServiceRequest]:
    """The requests of a recording with nothing but the spans of these names."""
    kept = []
    for request in recording.requests:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                left = [span for span in scope.spans if span.name in names]
                del scope.spans[:]
                scope.spans.extend(left)
        kept.append(request)
    return kept


def named_now(page: RunPage, name: str) -> str:
    assert page.shown is not None
    return named(page.shown, name)


def page_order(page: RunPage) -> tuple[tuple[str, int], ...]:
    assert page.shown is not None
    return page.shown.steps.order


def page_event(page: RunPage) -> tuple[str, int]:
    assert page.shown is not None
    assert page.selection.step is not None
    event = page.shown.steps.transitions[page.selection.step].event
    return event.span_id, event.index

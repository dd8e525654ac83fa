"""What the pictures show, in the order in which they are made. A scene leaves the window as the next one expects it."""

from __future__ import annotations

from functools import partial

from junjo_desktop.features.calls.page import CallsPage
from junjo_desktop.features.compare.page import ComparePage
from junjo_desktop.features.compare.traces.page import CompareTracesPage
from junjo_desktop.features.conversations.page import ConversationsPage
from junjo_desktop.features.logs.listings import LogRow
from junjo_desktop.features.logs.page import LogsPage
from junjo_desktop.features.overview.page import OverviewPage
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.features.run.run_view import RunView
from junjo_desktop.features.services.page import ServicesPage
from junjo_desktop.features.spans.page import SpansPage
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.destinations import (
    CompareRuns,
    CompareTraces,
    OpenConversation,
    OpenPage,
    OpenRun,
    OpenServices,
    OpenSpans,
    OpenTrace,
)
from junjo_desktop.shell.page import Page
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.inspector.panel import Inspector
from resources.pictures import moments
from resources.pictures.stage import Stage, divide, rest, until

_ROWS_IN_SIGHT = 30
_WIDE_PX, _HALF_PX = 790, 560
"""Of the left pane of a trace: for what is drawn in it, and for what is read beside it."""


def lists(stage: Stage) -> None:
    """The figures of all calls; the lists of traces and of workflows; and facets beside traces."""
    stage.open(OpenPage("traces"), TracesPage)
    stage.open(OpenPage("overview"), OverviewPage)
    stage.window.setFocus()
    stage.keep("overview")
    for name in ("traces", "workflows"):
        stage.open(OpenPage(name), Page)
        stage.keep(name)
    traces = stage.open(OpenPage("traces"), TracesPage)
    stage.run("traces.facets")
    traces.narrow("type:llm", wanted=True)
    stage.keep("facets")
    stage.run("traces.clear")
    stage.run("traces.facets")


def lenses(stage: Stage) -> None:
    """One trace, in each way to look at it."""
    trace_id, call = stage.ask(moments.failed_model_call)
    page = stage.open(OpenTrace(trace_id, call), TracePage)
    lenses = page.view.lenses
    stage.keep("trace")
    divide(page.view, _WIDE_PX)
    lenses.show_lens(Lens.GRAPH)
    with stage.low(700):
        lenses.show_whole()
        stage.keep("lens-graph")
    lenses.show_lens(Lens.STATISTICS)
    with stage.low(740):
        stage.keep("lens-statistics")
    lenses.show_lens(Lens.CONVERSATION)
    stage.keep("lens-conversation")
    trace_id, agent = stage.ask(partial(moments.longest_trace, name="weekly_report", inside="edit_report"))
    stage.open(OpenTrace(trace_id, agent), TracePage)
    lenses.show_lens(Lens.FLAME)
    lenses.take_focus()
    with stage.low(560):
        stage.keep("lens-flame")
        lenses.flame.toggle_order()
        lenses.flame.toggle_order()
        stage.keep("lens-sandwich")
        lenses.flame.toggle_order()
    stage.open(OpenTrace(*stage.ask(moments.most_logged)), TracePage)
    lenses.show_lens(Lens.LOGS)
    with stage.low(700):
        stage.keep("lens-logs")
    lenses.show_lens(Lens.WATERFALL)


def calls(stage: Stage) -> None:
    """One call of a model, read; all of them; and those of one conversation."""
    trace_id, asking = stage.ask(moments.call_with_tool)
    page = stage.open(OpenTrace(trace_id, asking), TracePage)
    divide(page.view, _HALF_PX)
    stage.keep("llm-call")
    stage.open(OpenPage("calls"), CallsPage)
    stage.keep("llm-calls")
    stage.open(OpenPage("conversations"), ConversationsPage)
    with stage.low(700):
        stage.keep("conversations")
    stage.open(OpenConversation(*stage.ask(moments.longest_conversation)), ConversationsPage)
    stage.keep("conversation")


def spans_and_logs(stage: Stage) -> None:
    """Where one model call stands among all of its name; and what was logged."""
    service, name = "checkout-agent", "ChatCompletion"
    trace_id, span_id = stage.ask(partial(moments.slow_span, service=service, name=name))
    stage.open(OpenSpans(service=service, name=name, trace_id=trace_id, span_id=span_id), SpansPage)
    stage.keep("spans")
    logs = stage.open(OpenPage("logs"), LogsPage)
    until(logs.table.model.rowCount, "no records are listed")
    rest(500)
    rows = [logs.table.model.row_at(place) for place in range(_ROWS_IN_SIGHT)]
    failed = next(row for row in rows if isinstance(row, LogRow) and row.severity is Severity.ERROR)
    logs.table.select_id(failed.row_id)
    logs.open_row(failed.row_id)
    stage.keep("logs")


def services(stage: Stage) -> None:
    """How services do, and who calls whom."""
    page = stage.open(OpenServices(view="figures"), ServicesPage)
    rest(500)
    for service in ("support-bot", "inventory-api", "logistics"):
        page.figures.toggle(service)
    stage.keep("services")
    stage.open(OpenServices(view="map"), ServicesPage)
    stage.keep("services-map")


def comparisons(stage: Stage) -> None:
    """Two traces; and one with the usual of its name."""
    left, right = stage.ask(partial(moments.two_traces, name="weekly_report"))
    page = stage.open(CompareTraces(left, right), CompareTracesPage)
    until(lambda: page.lists.current_row is not None, "the traces are not compared")
    page.lists.go_on(-1)
    page.lists.go_on(-1)
    stage.keep("compare-traces")
    stage.open(CompareTraces(right), CompareTracesPage)
    stage.keep("compare-usual")


def runs(stage: Stage) -> None:
    """A run that failed, its graph and its state; an agent's; and two runs side by side."""
    drafts = OpenRun(*stage.ask(partial(moments.run, condition=moments.DRAFTS)))
    page = stage.open(drafts, RunPage)
    until(lambda: page.findChildren(RunView), "the run does not come")
    [view] = page.findChildren(RunView)
    stage.settle()
    inspector = next(pane for pane in view.findChildren(Inspector) if pane.isVisible())
    inspector.tabs.setCurrentWidget(inspector.exceptions)
    stage.keep("failures")
    view.graph.toggle_current()
    view.graph.canvas.show_whole()
    store = stage.ask(partial(moments.answer_store, trace_id=str(drafts.trace_id)))
    view.selection.select_step(store, moments.SECOND_DRAFT)
    stage.keep("run")
    view.state.set_tab("diff")
    stage.keep("state")
    stage.open(OpenRun(*stage.ask(partial(moments.run, condition=moments.FAILED_AGENT))), RunPage)
    stage.keep("agent")
    answered = OpenRun(*stage.ask(partial(moments.run, condition=moments.ANSWERED)))
    stage.open(CompareRuns(answered, drafts), ComparePage)
    stage.keep("compare")


SCENES = (lists, lenses, calls, spans_and_logs, services, comparisons, runs)

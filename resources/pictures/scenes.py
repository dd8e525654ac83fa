"""What the pictures show, in the order in which they are made. A scene leaves the window as the next one expects it."""

from __future__ import annotations

from functools import partial

from junjo_desktop.features.compare.page import ComparePage
from junjo_desktop.features.compare.traces.page import CompareTracesPage
from junjo_desktop.features.logs.page import LogsPage
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
    OpenPage,
    OpenRun,
    OpenServices,
    OpenSpans,
    OpenTrace,
)
from junjo_desktop.shell.page import Page
from resources.pictures import moments
from resources.pictures.stage import Stage, until


def lists(stage: Stage) -> None:
    """The lists of traces and of workflows; and facets beside traces."""
    for name in ("traces", "workflows"):
        stage.open(OpenPage(name), Page)
        stage.keep(name)
    traces = stage.open(OpenPage("traces"), TracesPage)
    stage.run("traces.facets")
    traces.narrow("status:error", wanted=True)
    stage.keep("facets")
    stage.run("traces.clear")
    stage.run("traces.facets")


def lenses(stage: Stage) -> None:
    """One trace, in each way to look at it."""
    trace_id, call = stage.ask(moments.failed_model_call)
    page = stage.open(OpenTrace(trace_id, call), TracePage)
    stage.keep("trace")
    page.view.lenses.show_lens(Lens.FLAME)
    stage.keep("flame")
    page.view.lenses.show_lens(Lens.FLAME)
    page.view.lenses.flame.toggle_order()
    page.view.lenses.flame.toggle_order()
    stage.keep("sandwich")
    page.view.lenses.flame.toggle_order()
    page.view.lenses.show_lens(Lens.STATISTICS)
    stage.keep("statistics")
    page.view.lenses.show_lens(Lens.GRAPH)
    stage.keep("graph")
    page.view.lenses.show_lens(Lens.CONVERSATION)
    stage.keep("conversation")
    stage.open(OpenTrace(*stage.ask(moments.most_logged)), TracePage)
    page.view.lenses.show_lens(Lens.LOGS)
    stage.keep("trace-logs")
    page.view.lenses.show_lens(Lens.WATERFALL)


def spans_and_logs(stage: Stage) -> None:
    """Where one model call stands among all of its name; and what was logged."""
    trace_id, span_id = stage.ask(partial(moments.slow_span, service="checkout-agent", name="ChatCompletion"))
    stage.open(
        OpenSpans(service="checkout-agent", name="ChatCompletion", trace_id=trace_id, span_id=span_id), SpansPage
    )
    stage.keep("spans")
    stage.open(OpenPage("logs"), LogsPage)
    stage.keep("logs")


def services(stage: Stage) -> None:
    """How services do, who calls whom, and what a restart changed."""
    stage.open(OpenServices(view="figures"), ServicesPage)
    stage.keep("services")
    stage.open(OpenServices(view="map"), ServicesPage)
    stage.keep("services-map")
    stage.open(OpenServices(view="restarts"), ServicesPage)
    stage.keep("services-restarts")


def comparisons(stage: Stage) -> None:
    """Two traces; and one with the usual of its name."""
    left, right = stage.ask(partial(moments.two_traces, name="weekly_report"))
    stage.open(CompareTraces(left, right), CompareTracesPage)
    stage.keep("compare-traces")
    stage.open(CompareTraces(right), CompareTracesPage)
    stage.keep("compare-usual")


def runs(stage: Stage) -> None:
    """A run that failed, its graph and its state; an agent's; and two runs side by side."""
    drafts = OpenRun(*stage.ask(partial(moments.run, condition=moments.DRAFTS)))
    page = stage.open(drafts, RunPage)
    stage.keep("failures")
    until(lambda: page.findChildren(RunView), "the run does not come")
    [view] = page.findChildren(RunView)
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


SCENES = (lists, lenses, spans_and_logs, services, comparisons, runs)

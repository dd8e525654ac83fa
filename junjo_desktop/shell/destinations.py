"""Places a feature can ask the window to go to. Features know destinations, never each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page of the rail, by its feature's name."""

    feature: str


@dataclass(frozen=True, slots=True)
class OpenTraces:
    """The list of traces, narrowed to one service or a text when given."""

    service: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class OpenSpans:
    """The list of all spans, narrowed by a query, or to one service, name and type when given.

    With a name, the distribution of durations is shown; `trace_id` and `span_id` are the span that is marked in it:
    "where am I among all of this name".
    """

    query: str = ""
    service: str | None = None
    name: str | None = None
    span_type: str | None = None
    trace_id: str | None = None
    span_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenLogs:
    """The list of all log records, narrowed by a query, or to those of one trace or one span when given."""

    query: str = ""
    service: str | None = None
    trace_id: str | None = None
    span_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """The list of all calls of models, narrowed by a query, or to what is given; times in nanoseconds since 1970."""

    query: str = ""
    service: str | None = None
    model: str | None = None
    provider: str | None = None
    failed: bool | None = None
    since_ns: int | None = None
    until_ns: int | None = None


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """All calls of one conversation; or those of a trace that belong to none. Without either: the list of them."""

    conversation_id: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddToQuery:
    """A condition that was made by a click anywhere: it is added to the query of the list in front.

    `term` is text of the query language, made by `telemetry.query.terms`. `subject_hint` is the value of the `Subject`
    whose list is meant; where it is None, or no list is in front, the list of traces is.
    """

    subject_hint: str | None
    term: str


@dataclass(frozen=True, slots=True)
class OpenView:
    """A saved view, by its name and by the feature whose list it is a view of."""

    feature: str
    name: str


@dataclass(frozen=True, slots=True)
class OpenTrace:
    """One trace, with one of its spans selected when given. `find` is what is looked for in it."""

    trace_id: str
    span_id: str | None = None
    find: str = ""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """One run of a workflow, subflow or agent, named by its span, or by the id its SDK gave to the run.

    `trace_id` may be None when `runtime_id` is given. A run that has not arrived yet is waited for.
    `step` selects a state update: the id of its store, and its position from 0.
    """

    trace_id: str | None
    span_id: str | None = None
    runtime_id: str | None = None
    step: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OpenRuns:
    """The list of runs of workflows or of agents, narrowed to one service or one name when given."""

    kind: Literal["workflows", "agents"]
    service: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CompareRuns:
    """Two runs of the same workflow side by side; without `right`, the runs that `left` may be compared with."""

    left: OpenRun
    right: OpenRun | None = None


@dataclass(frozen=True, slots=True)
class CompareTraces:
    """Any two traces side by side; without `right_trace_id`, one beside the median of the traces of its name.

    `is_choosing`: first asks with which other trace of its name the left one is to be compared.
    """

    left_trace_id: str
    right_trace_id: str | None = None
    is_choosing: bool = False


@dataclass(frozen=True, slots=True)
class OpenServices:
    """How services do: rate, errors and durations, narrowed to one service when given; or another view of the page."""

    service: str | None = None
    view: Literal["figures", "map", "restarts"] | None = None

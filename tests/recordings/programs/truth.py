"""What a program really does, noted while it runs: the expected page comes from here and not from telemetry.

`Truth.watch` puts a note-taker around every `execute`, around the choice of the next node, and into every new store.
Calls of `set_state` are noted by `action`, which wraps the store's actions and not `set_state` itself: the SDK looks at
the frame that calls it for the name of the action.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from junjo import BaseStore, Graph
from opentelemetry import trace
from opentelemetry.sdk.trace import SpanLimits

from tests.recordings.programs import sdk
from tests.recordings.programs.drawing import Drawing

Json = dict[str, Any]

_place: ContextVar[int | None] = ContextVar("place", default=None)


class Truth:
    """The notes of one run of a program."""

    def __init__(self) -> None:
        self.executions: list[Json] = []
        self.stores: list[Json] = []
        self.hook_errors: list[Json] = []
        self.foreign_spans: list[str] = []
        self.agents: list[Json] = []
        self.correlation: Json | None = None
        self.leave: Callable[[], None] = sys.exit
        """End the process in the middle, as if it were killed; set by what started the program."""
        self._drawings: dict[int, Drawing] = {}
        self._objects: list[Any] = []
        self._raised: list[BaseException | None] = []
        self._watched_stores: list[BaseStore[Any]] = []
        self._events: dict[int, list[tuple[int, int]]] = {}

    def watch(self) -> None:
        """Begin to take notes: from now on, in this process."""
        for owner in sdk.executable_classes():
            owner.execute = self._noting_execution(owner.execute)
        agents = sdk.agent_store_class()
        for name in sdk.AGENT_ACTIONS if agents else ():
            setattr(agents, name, action(getattr(agents, name)))
        changed: Any = (Graph, BaseStore)
        changed[0].serialize_to_json_string = self._noting_graph(Graph.serialize_to_json_string)
        changed[0].get_next_node = self._noting_edge(Graph.get_next_node)
        changed[1].__init__ = self._noting_store(BaseStore.__init__)

    def page(self, service: str) -> Json:
        """Return what was noted, as described in the docstring of `tests.recordings`."""
        for number, drawing in self._drawings.items():
            for other, executable in enumerate(self._objects):
                if self._owner(other) == number:
                    drawing.executed(executable, other)
        for store, place in self._lost():
            self.stores[store]["lost"].append(place)
        return {
            "service": service,
            "correlation": self.correlation,
            "executions": self.executions,
            "graphs": [{"owner": owner, **drawing.page()} for owner, drawing in sorted(self._drawings.items())],
            "stores": self.stores,
            "hook_errors": self.hook_errors,
            "foreign_spans": self.foreign_spans,
            "agents": self.agents,
        }

    @contextmanager
    def foreign_span(self, name: str, attributes: Json | None = None) -> Iterator[trace.Span]:
        """Open a span that is not Junjo's."""
        self.foreign_spans.append(name)
        with trace.get_tracer("openinference.instrumentation.openai").start_as_current_span(
            name, attributes=attributes
        ) as span:
            yield span

    def stepped(self, store: BaseStore[Any], action: str) -> None:
        """Note a call of `set_state` that just returned. Nothing may be awaited between its return and this."""
        number = next(at for at, known in enumerate(self._watched_stores) if known is store)
        noted, span = self.stores[number], trace.get_current_span()
        state = _state(store)
        before = noted["transitions"][-1]["state"] if noted["transitions"] else noted["start"]
        noted["transitions"].append(
            {
                "action": action,
                "execution": _place.get(),
                "span": getattr(span, "name", ""),
                "is_change": state != before,
                "state": state,
            }
        )
        events = self._events.setdefault(span.get_span_context().span_id, [])
        events.append((number, len(noted["transitions"]) - 1))

    def hook_failed(self, event: str, error: Exception) -> None:
        """Note that a callback is about to raise."""
        noted = {"execution": _place.get(), "event": event, "type": type(error).__name__, "message": str(error)}
        self.hook_errors.append(noted)

    def agent_ended(self, agent: Any, limits: Json, operations: list[Json], output: Any) -> None:
        """Note how an agent ended: its outcome, and what its own store counted."""
        number = max(at for at, known in enumerate(self._objects) if known is agent)
        (counted,) = (store["end"] for store in self.stores if store["owner"] == number)
        names = ("requested", "admitted", "started", "completed")
        tool_calls = {name: counted[f"tool_call_{name}_count"] for name in names}
        own = {"execution": number, "outcome": self.executions[number]["outcome"]}
        own |= {"termination_reason": counted["terminal_reason"], "limits": limits}
        own |= {"counts": {"model_requests": counted["model_request_count"], "tool_calls": tool_calls}}
        self.agents.append(own | {"usage": counted["usage"], "output": output, "operations": operations})

    def _noting_execution(self, execute: Any) -> Any:
        @wraps(execute)
        async def noted(executable: Any, *args: Any, **more: Any) -> Any:
            number = len(self.executions)
            own: Json = {"name": executable.name, "type": sdk.type_of(executable), "parent": _place.get()}
            own |= {"outcome": "running", "error": None, "reason": None}
            self.executions.append(own)
            self._objects.append(executable)
            self._raised.append(None)
            token = _place.set(number)
            try:
                result = await execute(executable, *args, **more)
            except asyncio.CancelledError as error:
                own |= {"outcome": "cancelled", "reason": str(error.args[0]) if error.args else None}
                raise
            except Exception as error:
                own |= {"outcome": "failed", "error": self._error(number, error)}
                raise
            else:
                own["outcome"] = "completed"
                return result
            finally:
                self._ended(number)
                _place.reset(token)

        return noted

    def _error(self, number: int, raised: Exception) -> Json:
        failure = sdk.failure_of(raised)
        chain = list(_causes(raised))
        inner = [error for at, error in enumerate(self._raised) if self.executions[at]["parent"] == number]
        self._raised[number] = raised
        return {
            "type": type(failure).__name__,
            "message": str(failure),
            "cause": f"{type(chain[-1]).__name__}: {chain[-1]}".partition("\n")[0],
            "is_origin": not any(error is one for error in inner if error is not None for one in chain),
        }

    def _ended(self, number: int) -> None:
        for noted, store in zip(self.stores, self._watched_stores, strict=True):
            if noted["owner"] == number:
                noted["end"] = _state(store)

    def _noting_store(self, init: Any) -> Any:
        @wraps(init)
        def noted(store: BaseStore[Any], *args: Any, **more: Any) -> None:
            init(store, *args, **more)
            own: Json = {"name": type(store).__name__, "owner": _place.get(), "start": _state(store), "end": None}
            self.stores.append(own | {"transitions": [], "lost": []})
            self._watched_stores.append(store)

        return noted

    def _noting_graph(self, serialize: Any) -> Any:
        @wraps(serialize)
        def noted(graph: Any) -> Any:
            place = _place.get()
            if place is not None and place not in self._drawings:
                self._drawings[place] = Drawing(graph)
            return serialize(graph)

        return noted

    def _noting_edge(self, choose: Any) -> Any:
        @wraps(choose)
        async def noted(graph: Any, store: Any, current: Any) -> Any:
            chosen = await choose(graph, store, current)
            place = _place.get()
            if place is not None:
                self._drawings[place].took(await _edge(graph, store, current))
            return chosen

        return noted

    def _owner(self, number: int) -> int | None:
        """Find the workflow or subflow whose graph an execution belongs to."""
        parent: int | None = self.executions[number]["parent"]
        while parent is not None and self.executions[parent]["type"] == "run_concurrent":
            parent = self.executions[parent]["parent"]
        return parent

    def _lost(self) -> list[tuple[int, int]]:
        """OpenTelemetry keeps the newest events of a span: return store and place of each other update."""
        limit = SpanLimits().max_events or 0
        return [event for events in self._events.values() for event in events[: max(0, len(events) - limit)]]


TRUTH = Truth()
"""The notes of this process, which runs one scenario."""


def action(function: Any) -> Any:
    """Note each call of a store's action, which calls `set_state` once."""

    @wraps(function)
    async def noted(store: BaseStore[Any], *args: Any, **more: Any) -> Any:
        result = await function(store, *args, **more)
        TRUTH.stepped(store, function.__name__)
        return result

    return noted


async def _edge(graph: Any, store: Any, current: Any) -> Any:
    """Return the first edge that holds: conditions are pure, so asking them again gives the same answer."""
    for edge in graph.edges:
        if edge.tail is current and await edge.next_node(store) is not None:
            return edge
    raise LookupError("no edge was taken")


def _state(store: BaseStore[Any]) -> Json:
    # Not get_state(): it waits for the lock, and another task may change the state before it is ours.
    state: Json = store._state.model_dump(mode="json")
    return state


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__

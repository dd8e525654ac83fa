"""The differences between Junjo versions, in one place: the scenarios are written once, for all of them."""

from __future__ import annotations

import importlib
import importlib.metadata
from typing import Any

import junjo
from junjo import BaseStore, Graph, Node, RunConcurrent, Workflow
from opentelemetry.sdk.trace import SpanProcessor

VERSION: str = importlib.metadata.version("junjo")
HAS_HOOKS = hasattr(junjo, "Hooks")
HAS_AGENTS = hasattr(junjo, "Agent")
HAS_CORRELATION = hasattr(junjo, "ExecutionCorrelation")
AGENT_ACTIONS = (
    "record_model_start",
    "record_model_response",
    "admit_tool_batch",
    "record_tool_started",
    "record_tool_result",
    "commit_success",
    "set_terminal_reason",
)
"""What an agent does to its own store; each calls `set_state` once."""


class Subflow(junjo.Subflow):  # type: ignore[type-arg]  # the parameters are of no use here
    """A subflow whose actions get their own store in every version (0.62 and older: from the attribute)."""

    async def before(self, parent: Any, own: Any) -> None:
        """Do something before the first node runs."""

    async def after(self, parent: Any, own: Any) -> None:
        """Do something after the last node ran."""

    async def pre_run_actions(self, parent_store: Any, *own_store: Any) -> None:
        await self.before(parent_store, _own(self, own_store))

    async def post_run_actions(self, parent_store: Any, *own_store: Any) -> None:
        await self.after(parent_store, _own(self, own_store))


def _own(subflow: Any, given: tuple[Any, ...]) -> Any:
    return given[0] if given else subflow.store


def graph_of(source: Any, sink: Any, *edges: Any) -> Any:
    """Make a graph: 0.62 and older have one sink, newer ones a list."""
    new: Any = Graph
    try:
        return new(source=source, sinks=[sink], edges=list(edges))
    except TypeError:
        return new(source=source, sink=sink, edges=list(edges))


def workflow_of(name: str, graph_factory: Any, store_factory: Any, hooks: Any = None) -> Any:
    """Make a workflow, with hooks where the version has them."""
    more = {"hooks": hooks} if HAS_HOOKS and hooks is not None else {}
    new: Any = Workflow
    return new(name=name, graph_factory=graph_factory, store_factory=store_factory, **more)


def model_of(driver: Any) -> Any:
    """Bind a scripted model; 0.65 cannot mark it as a fixture."""
    new: Any = junjo.ModelDriverDescriptor
    named = {"driver_key": "scripted", "provider": "openai", "model": "gpt-4.1-mini"}
    try:
        descriptor = new(**named, fixture=True)
    except TypeError:
        descriptor = new(**named)
    return junjo.ModelDriverBinding.shared(descriptor=descriptor, driver=driver)


def span_processor(endpoint: str, api_key: str) -> SpanProcessor:
    """Return the span processor of the SDK's own exporter."""
    for module, name in (("junjo_otel_exporter", "JunjoOtelExporter"), ("junjo_server_otel_exporter",) * 2):
        try:
            found = importlib.import_module(f"junjo.telemetry.{module}")
        except ImportError:
            continue
        new: Any = getattr(found, name if hasattr(found, name) else "JunjoServerOtelExporter")
        try:
            exporter = new(endpoint=endpoint, api_key=api_key, insecure=True)
        except TypeError:
            host, port = endpoint.split(":")
            exporter = new(host=host, port=port, api_key=api_key, insecure=True)
        processor: SpanProcessor = exporter.span_processor
        return processor
    raise ImportError("this version of Junjo has no exporter")


def type_of(executable: Any) -> str:
    """Name the type of an executable as `junjo.span_type` does."""
    if isinstance(executable, junjo.Subflow):
        return "subflow"
    if isinstance(executable, Workflow):
        return "workflow"
    if isinstance(executable, RunConcurrent):
        return "run_concurrent"
    return "node" if isinstance(executable, Node) else "agent"


def executable_classes() -> list[Any]:
    """Return the classes that bring an `execute` of their own."""
    known: list[Any] = [Workflow.__mro__[1], Node, RunConcurrent]
    if HAS_AGENTS:
        known.append(junjo.Agent)
    return [one for one in known if "execute" in vars(one)]


def failure_of(raised: BaseException) -> BaseException:
    """Return what made an executable fail: 0.65 and newer wrap it in an error of their own."""
    wrappers = ("WorkflowExecutionError", "AgentExecutionError")
    return raised.__cause__ if type(raised).__name__ in wrappers and raised.__cause__ else raised


def agent_store_class() -> type[BaseStore[Any]] | None:
    """Return the class of an agent's own store, where there are agents."""
    if not HAS_AGENTS:
        return None
    found: type[BaseStore[Any]] = importlib.import_module("junjo.agent._state").AgentStore
    return found

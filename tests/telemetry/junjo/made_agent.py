"""Writes the spans of a made-up run of an agent, of any length and with any texts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from junjo_desktop.telemetry.junjo.run import Run, build_run
from tests.support import otlp
from tests.telemetry.junjo.program import Program, exception, id_of

AGENT = "agent"
_FULL = "full"


def slot(name: str, value: Any) -> dict[str, Any]:
    """A payload slot in full, written as `Program` wants its attributes."""
    key = f"junjo__agent__{name}"
    return {key: json.dumps(value), f"{key}__mode": _FULL, f"{key}__policy": "junjo.full.v1"}


def withheld(name: str, mode: str, **more: otlp.Value) -> dict[str, Any]:
    """A payload slot without its value."""
    key = f"junjo__agent__{name}"
    return {f"{key}__mode": mode, **{f"{key}__{what}": told for what, told in more.items()}}


@dataclass
class MadeAgent:
    """One run; requests and calls are added in order, `end` comes last."""

    instructions: str = "Be brief."
    input: Any = field(default_factory=lambda: {"question": "how far?"})
    program: Program = field(default_factory=Program)
    requests: int = 0
    calls: int = 0
    admitted: list[str] = field(default_factory=list)
    _ms: float = 1

    @property
    def sequence(self) -> int:
        """The number of the next operation."""
        return self.requests + self.calls + 1

    def ask(self, response: Any, *, key: str = "", tokens: tuple[int, int] | None = (400, 30), **more: Any) -> None:
        """A model request; `response` is that of the model, None for none."""
        sequence = self.sequence
        self.requests += 1
        said: dict[str, otlp.Value] = {
            "junjo__agent__model_request__ordinal": self.requests,
            "junjo__agent__model__provider": "openai",
            "junjo__agent__model__name": "gpt",
            **slot("model__request", self._asked()),
        }
        if response is not None:
            said |= slot("model__response", response)
            said["junjo__agent__model__response_type"] = response.get("type", "tool_calls")
        if tokens is not None:
            said["junjo__agent__model__usage"] = json.dumps({"inputTokens": tokens[0], "outputTokens": tokens[1]})
        name = f"model request {self.requests}"
        self._operation(key or f"m{self.requests}", "model_request", sequence, name, {**said, **more})

    def call(self, id_: str, name: str, arguments: Any, result: Any = None, *, key: str = "", **more: Any) -> None:
        """A call that reached its tool."""
        sequence = self.sequence
        self.calls += 1
        self.admitted.append(id_)
        said: dict[str, otlp.Value] = {
            "junjo__agent__tool_call__id": id_,
            "junjo__agent__tool_call__ordinal": self.calls,
            "junjo__agent__tool__name": name,
            **slot("tool__requested_arguments", arguments),
            **slot("tool__arguments", arguments),
        }
        if result is not None:
            said |= slot("tool__result", result)
        self._operation(key or f"t{self.calls}", "tool", sequence, f"tool {name}", {**said, **more})

    def end(self, output: Any = None, *, reason: str = "final_output", error: str | None = None, **more: Any) -> None:
        """The span of the agent itself; `error` is the stack trace of its exception."""
        said: dict[str, otlp.Value] = {
            "junjo__agent__key": "made",
            "junjo__agent__name": "made up",
            "junjo__agent__runtime_id": AGENT,
            "junjo__agent__outcome": "failed" if error else "completed",
            "junjo__agent__termination_reason": reason,
            "junjo__agent__limit__model_requests": 500,
            "junjo__agent__limit__tool_calls": 500,
            "junjo__agent__model_request__count": self.requests,
            "junjo__agent__tool_call__started_count": self.calls,
            **slot("definition_snapshot", {"instructions": self.instructions, "tools": _tools()}),
            **slot("input", self.input),
            **slot("state__end", {"admitted_tool_call_ids": self.admitted}),
        }
        if output is not None:
            said |= slot("output", output)
        events = [exception("junjo.agent.errors.AgentToolError", "It failed.", error)] if error else []
        told = {**said, **more}
        self.program.execute(
            AGENT, at=(0, self._ms + 1), type="agent", name="made up", events=events, error=error and "failed", **told
        )

    def run(self, *without: str) -> Run:
        """The run as it is read, but for the spans that did not arrive."""
        return build_run(self.program.spans(*without), runtime_id=AGENT)

    def _operation(self, key: str, type_: str, sequence: int, name: str, said: dict[str, Any]) -> None:
        self._ms += 1
        at = said.pop("at", (self._ms, self._ms + 0.5))
        self.program.span(
            key,
            AGENT,
            at,
            name=name,
            junjo__agent__operation_type=type_,
            junjo__agent__runtime_id=AGENT,
            junjo__agent__key="made",
            junjo__agent__operation__sequence=sequence,
            **said,
        )

    def _asked(self) -> dict[str, Any]:
        messages = [{"type": "agent_input", "input": self.input}]
        return {"instructions": self.instructions, "messages": messages, "tools": _tools()}


def asks(text: str, *calls: tuple[str, str, Any]) -> dict[str, Any]:
    """A response that asks for tool calls: (id, name, arguments) each."""
    told = [{"id": id_, "name": name, "arguments": arguments} for id_, name, arguments in calls]
    return {"type": "tool_calls", "assistantText": text, "calls": told}


def answers(output: Any) -> dict[str, Any]:
    """A response with the final output."""
    return {"type": "final_output", "output": output}


def span_id(key: str) -> str:
    """The span id of an operation by its key: m1, m2 … for requests, t1, t2 … for calls."""
    return id_of(key)


def _tools() -> list[dict[str, Any]]:
    schema = {"type": "object", "properties": {"town": {"type": "string"}}}
    return [{"name": "measure", "description": "Measures.", "inputSchema": schema, "outputSchema": schema}]

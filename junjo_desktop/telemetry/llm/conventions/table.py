"""Which conventions there are, in the order in which their words and numbers are trusted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from junjo_desktop.telemetry.llm.conventions import (
    gen_ai,
    gen_ai_events,
    google_adk,
    junjo,
    langfuse,
    langsmith,
    litellm,
    mlflow,
    openinference,
    openlit,
    pydantic_ai,
    strands,
    traceloop,
    vercel_ai,
)
from junjo_desktop.telemetry.llm.draft import Draft
from junjo_desktop.telemetry.llm.source import Source


@dataclass(frozen=True)
class Convention:
    """A convention: it applies where a span has an attribute that begins, or an event that is named, as it says."""

    name: str
    read: Callable[[Source], Draft]
    prefixes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @cached_property
    def _begins(self) -> re.Pattern[str]:
        return re.compile("\n(?:" + "|".join(re.escape(prefix) for prefix in self.prefixes) + ")")

    def applies(self, source: Source) -> bool:
        """Whether the span may be told in this convention."""
        if self.prefixes and self._begins.search(source.key_text):
            return True
        return bool(self.events) and any(event.name in self.events for event in source.events)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("Junjo", junjo.read, ("junjo.agent.",)),
    Convention("OpenTelemetry GenAI", gen_ai.read, ("gen_ai.",), (gen_ai.DETAILS,)),
    Convention(
        "OpenTelemetry GenAI events",
        gen_ai_events.read,
        events=(*gen_ai_events.NAMES, gen_ai_events.PROMPT, gen_ai_events.COMPLETION),
    ),
    Convention(
        "OpenInference",
        openinference.read,
        ("openinference.", "llm.input_messages.", "llm.output_messages.", "llm.token_count.", "llm.model_name"),
    ),
    Convention(
        "OpenLLMetry",
        traceloop.read,
        ("traceloop.", "gen_ai.prompt.", "gen_ai.completion.", "llm.request.", "llm.usage."),
    ),
    Convention(
        "Pydantic AI and Logfire",
        pydantic_ai.read,
        ("pydantic_ai.", "model_request_parameters", "logfire.", "events", "all_messages_events", "operation.cost"),
    ),
    Convention("Vercel AI SDK", vercel_ai.read, ("ai.",)),
    Convention("LangSmith", langsmith.read, ("langsmith.", "gen_ai.prompt", "gen_ai.completion")),
    Convention("LiteLLM", litellm.read, ("litellm.", "gen_ai.cost.", "hidden_params", "metadata.hidden_params")),
    Convention("Langfuse", langfuse.read, ("langfuse.",)),
    Convention("MLflow", mlflow.read, ("mlflow.",)),
    Convention("Strands", strands.read, ("gen_ai.agent.tools", "event_loop.")),
    Convention("Google ADK", google_adk.read, ("gcp.vertex.agent.",)),
    Convention("OpenLIT", openlit.read, ("gen_ai.content.", "gen_ai.sdk.", "gen_ai.server.")),
)
"""OpenAI's Agents SDK and smolagents have no convention of their own: they are told in OpenInference or in GenAI's."""

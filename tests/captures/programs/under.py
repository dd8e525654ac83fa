"""The instrumentations: how each is turned on, and the program that runs under it."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.captures.programs import (
    adk_app,
    agents_app,
    anthropic_app,
    langchain_app,
    litellm_app,
    openai_app,
    pydantic_ai_app,
    smolagents_app,
    strands_app,
)
from tests.captures.programs.importing import imported
from tests.captures.programs.telemetry import Telemetry

Run = Callable[[str], None]
_NOWHERE = "http://127.0.0.1:9"
"""For SDKs that also send to a server of their own: nobody listens there."""


def _openai(instrument: Callable[[Telemetry], None]) -> Callable[[Telemetry, str], Run]:
    def prepare(telemetry: Telemetry, provider: str) -> Run:
        import openai

        instrument(telemetry)
        client = openai.OpenAI(base_url=f"{provider}/v1", api_key="none", max_retries=0)

        def run(name: str) -> None:
            if name == "responses":
                openai_app.responses(client)
            else:
                openai_app.scenario(client, name)

        return run

    return prepare


def _anthropic(instrument: Callable[[Telemetry], None]) -> Callable[[Telemetry, str], Run]:
    def prepare(telemetry: Telemetry, provider: str) -> Run:
        instrument(telemetry)
        client = imported("anthropic", "Anthropic")(base_url=provider, api_key="none", max_retries=0)
        return lambda name: anthropic_app.scenario(client, name)

    return prepare


def _of_url(scenario: Callable[[str, str], None], suffix: str, instrument: Callable[[Telemetry], None]) -> Any:
    def prepare(telemetry: Telemetry, provider: str) -> Run:
        instrument(telemetry)
        return lambda name: scenario(provider + suffix, name)

    return prepare


def _with(module: str, name: str, **arguments: Any) -> Callable[[Telemetry], None]:
    """Turn on an instrumentor of OpenTelemetry's kind."""

    def instrument(telemetry: Telemetry) -> None:
        telemetry.set_global()
        instrumentor = imported(module, name)(**arguments)
        instrumentor.instrument(tracer_provider=telemetry.tracers, logger_provider=telemetry.loggers)

    return instrument


def _both(*instruments: Callable[[Telemetry], None]) -> Callable[[Telemetry], None]:
    def instrument(telemetry: Telemetry) -> None:
        for one in instruments:
            one(telemetry)

    return instrument


def _litellm_callback(telemetry: Telemetry) -> None:
    import litellm

    telemetry.set_global()
    litellm.callbacks = [imported("litellm.integrations.opentelemetry", "OpenTelemetry")()]


def _pydantic_ai(telemetry: Telemetry, provider: str) -> Run:
    pydantic_ai = import_module("pydantic_ai")
    instrumented = import_module("pydantic_ai.models.instrumented")
    openai_models = import_module("pydantic_ai.models.openai")
    openai_providers = import_module("pydantic_ai.providers.openai")

    telemetry.set_global()
    settings = instrumented.InstrumentationSettings(tracer_provider=telemetry.tracers, include_content=True)
    pydantic_ai.Agent.instrument_all(settings)

    def model_of(name: str) -> Any:
        if name != "anthropic":
            from openai import AsyncOpenAI

            client = AsyncOpenAI(base_url=f"{provider}/v1", api_key="none", max_retries=0)
            served_by = openai_providers.OpenAIProvider(openai_client=client)
            return openai_models.OpenAIChatModel("gpt-4o-mini", provider=served_by)
        models = import_module("pydantic_ai.models.anthropic")
        served_by = import_module("pydantic_ai.providers.anthropic").AnthropicProvider(
            api_key="none", base_url=provider
        )
        return models.AnthropicModel("claude-sonnet-4-5", provider=served_by)

    def run(name: str) -> None:
        pydantic_ai_app.scenario(lambda **given: pydantic_ai.Agent(model_of(name), **given), name)

    return run


def _logfire(telemetry: Telemetry) -> None:
    logfire = import_module("logfire")
    processors = [telemetry.spans]
    logfire.configure(send_to_logfire=False, console=False, service_name="guide", additional_span_processors=processors)
    logfire.instrument_openai()


def _openlit(telemetry: Telemetry) -> None:
    telemetry.set_global()
    imported("openlit", "init")(disable_metrics=True, application_name="guide", environment="test")


def _set_global(telemetry: Telemetry) -> None:
    telemetry.set_global()


def _langfuse(telemetry: Telemetry, provider: str) -> Run:
    langfuse = import_module("langfuse")
    langfuse.Langfuse(public_key="pk-none", secret_key="none", host=_NOWHERE, tracer_provider=telemetry.tracers)
    client = import_module("langfuse.openai").OpenAI(base_url=f"{provider}/v1", api_key="none", max_retries=0)
    return lambda name: openai_app.scenario(client, name)


def _mlflow(telemetry: Telemetry) -> None:
    os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = telemetry.collector
    os.environ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "grpc"
    import_module("mlflow.openai").autolog()


UNDER: dict[str, Callable[[Telemetry, str], Run]] = {
    "otel-openai-v2": _openai(_with("opentelemetry.instrumentation.openai_v2", "OpenAIInstrumentor")),
    "otel-genai-openai": _openai(_with("opentelemetry.instrumentation.genai.openai", "OpenAIInstrumentor")),
    "otel-genai-anthropic": _anthropic(_with("opentelemetry.instrumentation.genai.anthropic", "AnthropicInstrumentor")),
    "anthropic-sdk": _anthropic(_set_global),
    "openinference-openai": _openai(_with("openinference.instrumentation.openai", "OpenAIInstrumentor")),
    "openinference-anthropic": _anthropic(_with("openinference.instrumentation.anthropic", "AnthropicInstrumentor")),
    "traceloop-openai": _openai(_with("opentelemetry.instrumentation.openai", "OpenAIInstrumentor")),
    "traceloop-openai-0.40": _openai(
        _with("opentelemetry.instrumentation.openai", "OpenAIInstrumentor", enrich_token_usage=True)
    ),
    "traceloop-anthropic": _anthropic(_with("opentelemetry.instrumentation.anthropic", "AnthropicInstrumentor")),
    "openinference-langchain": _of_url(
        langchain_app.scenario, "/v1", _with("openinference.instrumentation.langchain", "LangChainInstrumentor")
    ),
    "traceloop-langchain": _of_url(
        langchain_app.scenario, "/v1", _with("opentelemetry.instrumentation.langchain", "LangchainInstrumentor")
    ),
    "langsmith": _of_url(langchain_app.scenario, "/v1", _set_global),
    "openinference-litellm": _of_url(
        litellm_app.scenario, "", _with("openinference.instrumentation.litellm", "LiteLLMInstrumentor")
    ),
    "litellm-callback": _of_url(litellm_app.scenario, "", _litellm_callback),
    "openinference-openai-agents": _of_url(
        agents_app.scenario, "/v1", _with("openinference.instrumentation.openai_agents", "OpenAIAgentsInstrumentor")
    ),
    "otel-genai-openai-agents": _of_url(
        agents_app.scenario,
        "/v1",
        _both(
            _with("opentelemetry.instrumentation.genai.openai", "OpenAIInstrumentor"),
            _with("opentelemetry.instrumentation.genai.openai_agents", "OpenAIAgentsInstrumentor"),
        ),
    ),
    "langfuse": _langfuse,
    "mlflow": _openai(_mlflow),
    "strands": _of_url(strands_app.scenario, "/v1", _set_global),
    "smolagents": _of_url(
        smolagents_app.scenario, "/v1", _with("openinference.instrumentation.smolagents", "SmolagentsInstrumentor")
    ),
    "google-adk": _of_url(adk_app.scenario, "", _set_global),
    "pydantic-ai": _pydantic_ai,
    "pydantic-ai-0.8": _pydantic_ai,
    "logfire-openai": _openai(_logfire),
    "openlit-openai": _openai(_openlit),
}

_OPENAI = (*openai_app.SCENARIOS, "responses")
NODE_PROGRAMS = {"vercel-ai": "vercel_ai.mjs"}

SCENARIOS: dict[str, tuple[str, ...]] = {
    "otel-openai-v2": (*openai_app.SCENARIOS, "unseen"),
    "otel-genai-openai": _OPENAI,
    "otel-genai-anthropic": anthropic_app.SCENARIOS,
    "anthropic-sdk": (*anthropic_app.SCENARIOS, "unseen"),
    "openinference-openai": _OPENAI,
    "openinference-anthropic": anthropic_app.SCENARIOS,
    "traceloop-openai": _OPENAI,
    "traceloop-openai-0.40": openai_app.SCENARIOS,
    "traceloop-anthropic": anthropic_app.SCENARIOS,
    "openinference-langchain": langchain_app.SCENARIOS,
    "traceloop-langchain": langchain_app.SCENARIOS,
    "langsmith": langchain_app.SCENARIOS,
    "openinference-litellm": litellm_app.SCENARIOS,
    "litellm-callback": litellm_app.SCENARIOS,
    "openinference-openai-agents": agents_app.SCENARIOS,
    "otel-genai-openai-agents": agents_app.SCENARIOS,
    "pydantic-ai": (*pydantic_ai_app.SCENARIOS, "anthropic"),
    "pydantic-ai-0.8": ("chat", "tools", "structured", "multi_turn"),
    "langfuse": openai_app.SCENARIOS,
    "mlflow": openai_app.SCENARIOS,
    "strands": strands_app.SCENARIOS,
    "smolagents": smolagents_app.SCENARIOS,
    "google-adk": adk_app.SCENARIOS,
    "vercel-ai": openai_app.SCENARIOS,
    "logfire-openai": openai_app.SCENARIOS,
    "openlit-openai": openai_app.SCENARIOS,
}

_LATEST = {
    "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "span_only",
}
SETTINGS: dict[str, dict[str, str]] = {
    "otel-openai-v2": {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "true"},
    "otel-genai-openai": _LATEST,
    "otel-genai-anthropic": _LATEST,
    "otel-genai-openai-agents": _LATEST,
    "anthropic-sdk": {"ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE": "content"},
    "traceloop-openai": {"TRACELOOP_TRACE_CONTENT": "true"},
    "langsmith": {
        "LANGSMITH_TRACING": "true",
        "LANGSMITH_OTEL_ENABLED": "true",
        "LANGSMITH_OTEL_ONLY": "true",
        "LANGSMITH_API_KEY": "none",
        "LANGSMITH_ENDPOINT": _NOWHERE,
    },
    "strands": {"OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_tool_definitions"},
    "google-adk": {**_LATEST, "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "event_only"},
    "mlflow": {"MLFLOW_TRACKING_URI": _NOWHERE},
    "litellm-callback": {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
    "openinference-litellm": {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
    "openinference-openai-agents": {"OPENAI_AGENTS_DISABLE_TRACING": "0"},
}


def settings_of(name: str, scenario: str) -> dict[str, str]:
    """Return the environment variables of a program; those of an unseen one capture no content."""
    return {**os.environ, **({} if scenario == "unseen" else SETTINGS.get(name, {}))}

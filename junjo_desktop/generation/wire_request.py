"""A request as LiteLLM takes it (OpenAI's shape, whoever is asked), with the access to its provider."""

from __future__ import annotations

from typing import Any

from junjo_desktop.generation.provider_access import Access
from junjo_desktop.generation.providers import Route
from junjo_desktop.generation.request import GenerationRequest, JsonOutput
from junjo_desktop.generation.schemas import strict_schema
from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.request_body import openai_body

_NO_KEY = "none"
"""OpenAI's client will not start without a key; servers that want none pass over it."""
_STRICT = frozenset(("openai", "azure"))


def call_of(request: GenerationRequest, route: Route, server_address: str | None = None) -> LlmCall:
    """Return the question of a call in the vocabulary of telemetry."""
    told = request.settings.given()
    parameters = {_TELEMETRY_NAMES.get(name, name): value for name, value in told.items()}
    if request.tool_choice is not None:
        parameters["tool_choice"] = request.tool_choice
    if request.output is not None:
        parameters["output.type"] = "json"
    return LlmCall(
        "",
        "",
        "chat",
        provider=route.provider.telemetry_name,
        request_model=route.model,
        parameters=parameters,
        system_instructions=request.system,
        input_messages=request.messages,
        tool_definitions=request.tools,
        server_address=server_address,
    )


_TELEMETRY_NAMES = {"stop": "stop_sequences", "thinking_budget": "thinking.budget_tokens"}


def wire_request(request: GenerationRequest, route: Route, access: Access) -> dict[str, Any]:
    """Return what the worker is sent. It holds the key: it goes through the pipe and nowhere else."""
    body = openai_body(LlmCall("", "", "chat", system_instructions=request.system, input_messages=request.messages,
                               tool_definitions=request.tools))  # fmt: skip
    told = request.settings.given()
    effort, budget = told.pop("reasoning_effort", None), told.pop("thinking_budget", None)
    if budget is not None:
        # 0 tokens is how a budget says that there is to be no thought.
        told["thinking"] = {"type": "enabled", "budget_tokens": budget} if budget else {"type": "disabled"}
    elif effort is not None:
        told["reasoning_effort"] = effort
    if tools := body.get("tools"):
        told["tools"] = tools
        if request.tool_choice is not None:
            told["tool_choice"] = request.tool_choice
    if request.output is not None:
        told["response_format"] = _response_format(request.output, route)
    return {
        "model": f"{route.provider.litellm_name}/{route.model}",
        "provider": route.provider.name,
        "model_name": route.model,
        "messages": body["messages"],
        "settings": told,
        "api_key": access.key or (None if route.provider.needs_key else _placeholder(route)),
        "api_base": access.base_url,
        "headers": dict(access.headers),
    }


def _placeholder(route: Route) -> str | None:
    return _NO_KEY if route.provider.litellm_name == "openai" else None


def _response_format(output: JsonOutput, route: Route) -> dict[str, Any]:
    if output.schema is None:
        return {"type": "json_object"}
    if route.provider.name in _STRICT:
        told = {"name": output.name, "schema": strict_schema(output.schema), "strict": True}
    else:
        told = {"name": output.name, "schema": dict(output.schema)}
    return {"type": "json_schema", "json_schema": told}

"""Parameters of a request by their OpenTelemetry names, whoever wrote them."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.parts import ToolDefinition
from junjo_desktop.telemetry.llm.values import as_object, as_text, items, structure
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

NAMES = {
    "max_completion_tokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "max_tokens_to_sample": "max_tokens",
    "maxTokens": "max_tokens",
    "maxOutputTokens": "max_tokens",
    "topP": "top_p",
    "topK": "top_k",
    "stop": "stop_sequences",
    "stopSequences": "stop_sequences",
    "frequencyPenalty": "frequency_penalty",
    "presencePenalty": "presence_penalty",
    "n": "choice.count",
    "candidateCount": "choice.count",
    "toolChoice": "tool_choice",
    "is_stream": "stream",
    "effort": "reasoning_effort",
}

_NOT_PARAMETERS = frozenset(
    (
        *("model", "messages", "input", "prompt", "system", "instructions", "tools", "functions", "contents"),
        *("model_name", "api_base", "base_url", "num_retries", "max_retries", "maxRetries", "timeout"),
        *("stream_options", "id", "object", "created", "created_at", "status", "metadata", "type", "_type", "user"),
    )
)
_SECRETS = ("key", "token", "authorization", "secret", "password", "headers", "cookie")


def parameters_of(request: Attributes) -> dict[str, Plain]:
    """Return the parameters in a request or in what it was called with, without its messages, tools and secrets."""
    found: dict[str, Plain] = {}
    for key, value in request.items():
        if value is None or value == {} or key in _NOT_PARAMETERS or _is_secret(key, value):
            continue
        if key == "reasoning" and isinstance(value, dict) and "effort" in value:
            found["reasoning_effort"] = value["effort"]
        else:
            found.setdefault(NAMES.get(key, key), value)
    return found


def tool_definitions(value: Plain) -> tuple[ToolDefinition, ...]:
    """Read the tools that a model was offered, in the shape of any provider; what is none is passed over."""
    found: list[ToolDefinition] = []
    for item in items(value):
        tool = as_object(item)
        listed = tool.get("functionDeclarations", tool.get("function_declarations"))  # Gemini's
        told = [as_object(one) for one in listed] if isinstance(listed, list) else [tool]
        found += [_tool_definition(one) for one in told if one]
    return tuple(found)


def _tool_definition(tool: Attributes) -> ToolDefinition:
    told = as_object(tool.get("function", tool.get("toolSpec"))) or tool
    schema = next((told[key] for key in _SCHEMAS if told.get(key) is not None), None)
    if isinstance(schema := structure(schema), dict) and set(schema) == {"json"}:  # Bedrock's
        schema = schema["json"]
    name = as_text(told.get("name")) or as_text(tool.get("name")) or as_text(tool.get("type"))
    return ToolDefinition(name, as_text(told.get("description")), schema)


_SCHEMAS = (
    "parameters",
    "input_schema",
    "inputSchema",
    "parameters_json_schema",
    "parametersJsonSchema",
    "args_schema",
    "schema",
)


def _is_secret(key: str, value: Plain) -> bool:
    """Whether a value may be a key or a password; a number (`max_tokens`) is none."""
    return not isinstance(value, int | float) and any(word in key.lower() for word in _SECRETS)

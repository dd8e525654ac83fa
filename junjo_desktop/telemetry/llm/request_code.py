"""A call as a request that can be sent again: for curl and for Python, to an OpenAI-compatible or Anthropic endpoint.

Keys are never part of it: they are named as variables of the environment.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.prices.names import host_of, is_answered_locally
from junjo_desktop.telemetry.llm.request_body import anthropic_body, openai_body
from junjo_desktop.telemetry.otlp_json import Plain

_ANTHROPIC = "anthropic"
_ANTHROPIC_VERSION = "2023-06-01"
_ANTHROPIC_BASE = "https://api.anthropic.com"
_OPENAI_BASE = "https://api.openai.com/v1"
_OPENAI_KEY = "OPENAI_API_KEY"
_BASES = {
    "openai": (_OPENAI_BASE, _OPENAI_KEY),
    "gcp.gemini": ("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
    "groq": ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "mistral_ai": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "deepseek": ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "x_ai": ("https://api.x.ai/v1", "XAI_API_KEY"),
    "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "perplexity": ("https://api.perplexity.ai", "PERPLEXITY_API_KEY"),
    "together": ("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
    "fireworks": ("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
    "ollama": ("http://localhost:11434/v1", _OPENAI_KEY),
}
_INDENT = "    "
_DEEPEST = 60
_ARGUMENTS = frozenset(
    (
        *("model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "stream", "seed"),
        *("n", "tools", "tool_choice", "response_format", "frequency_penalty", "presence_penalty", "logit_bias"),
        *("logprobs", "top_logprobs", "parallel_tool_calls", "reasoning_effort", "service_tier", "store", "verbosity"),
        *("prompt", "suffix", "echo", "best_of", "input", "dimensions", "encoding_format"),
        *("system", "top_k", "stop_sequences", "thinking"),
    )
)
"""What the SDKs of OpenAI and Anthropic take as arguments of their own; the rest goes along as `extra_body`."""
_METHODS = {
    "/chat/completions": "chat.completions.create",
    "/completions": "completions.create",
    "/embeddings": "embeddings.create",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What would be sent. `key_variable` names the variable of the environment that holds the key."""

    base: str
    path: str
    key_variable: str
    body: Mapping[str, Plain]
    is_anthropic: bool


def request_of(call: LlmCall) -> Request:
    """Return a call as a request; what was not captured is missing from it."""
    own = _own_base(call.server_address) if is_answered_locally(call) else None
    if call.provider == _ANTHROPIC:
        base = (own or _ANTHROPIC_BASE).removesuffix("/v1")
        return Request(base, "/v1/messages", "ANTHROPIC_API_KEY", anthropic_body(call), is_anthropic=True)
    base, variable = _BASES.get(call.provider or "", (_OPENAI_BASE, _OPENAI_KEY))
    base = own or base
    paths = {"text_completion": "/completions", "embeddings": "/embeddings"}
    path = paths.get(call.operation, "/chat/completions")
    return Request(base, path, variable, openai_body(call), is_anthropic=False)


def curl_text(call: LlmCall) -> str:
    """Return the call as a command for a POSIX shell."""
    request = request_of(call)
    if request.is_anthropic:
        headers = [f'"x-api-key: ${request.key_variable}"', f'"anthropic-version: {_ANTHROPIC_VERSION}"']
    else:
        headers = [f'"Authorization: Bearer ${request.key_variable}"']
    lines = [f"curl {shlex.quote(request.base + request.path)}"]
    lines += [f"-H {header}" for header in ('"Content-Type: application/json"', *headers)]
    lines.append(f"-d {shlex.quote(_json(request.body))}")
    return f" \\\n{_INDENT}".join(lines) + "\n"


def python_text(call: LlmCall) -> str:
    """Return the call as a program that uses the SDK of OpenAI or Anthropic."""
    request = request_of(call)
    package, client = ("anthropic", "Anthropic") if request.is_anthropic else ("openai", "OpenAI")
    made = [f'api_key=os.environ["{request.key_variable}"]']
    if request.base not in (_OPENAI_BASE, _ANTHROPIC_BASE):
        made.append(f"base_url={request.base!r}")
    method = "messages.create" if request.is_anthropic else _METHODS[request.path]
    own = {key: value for key, value in request.body.items() if key in _ARGUMENTS}
    others = {key: value for key, value in request.body.items() if key not in _ARGUMENTS}
    arguments = [f"{_INDENT}{key}={_literal(value, 1)}," for key, value in own.items()]
    if others:
        arguments.append(f"{_INDENT}extra_body={_literal(others, 1)},")
    lines = [
        *("import os", "", f"from {package} import {client}", ""),
        f"client = {client}({', '.join(made)})",
        *(f"response = client.{method}(", *arguments, ")", "print(response)", ""),
    ]
    return "\n".join(lines)


def _json(body: Mapping[str, Plain]) -> str:
    try:
        return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:
        # Integers beyond 64 bits, halves of characters.
        return json.dumps(body, indent=2)


def _own_base(address: str | None) -> str | None:
    """Return the base of a server on this computer, as far as its address was told."""
    if not address or host_of(address) is None:
        return None
    if "//" not in address:
        return f"http://{address}/v1"
    parts = urlsplit(address)
    path = parts.path.rstrip("/") or "/v1"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}"


def _literal(value: Plain, depth: int) -> str:
    """Return a value as Python writes it, one item a line where it holds others."""
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    if depth < _DEEPEST and isinstance(value, Mapping) and value:
        items = (f"{inner}{key!r}: {_literal(one, depth + 1)},\n" for key, one in value.items())
        return f"{{\n{''.join(items)}{outer}}}"
    if depth < _DEEPEST and isinstance(value, Sequence) and not isinstance(value, str) and value:
        return f"[\n{''.join(f'{inner}{_literal(one, depth + 1)},{chr(10)}' for one in value)}{outer}]"
    return repr(value)

"""Finds the name under which the price table knows a model, by its provider and by the server that was asked."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.prices.table import PriceTable

PREFIXES = {
    "openai": ("openai",),
    "anthropic": ("anthropic",),
    "azure.ai.openai": ("azure",),
    "azure.ai.inference": ("azure_ai",),
    "aws.bedrock": ("bedrock", "bedrock_converse"),
    "gcp.gemini": ("gemini",),
    "gcp.vertex_ai": ("vertex_ai",),
    "gcp.gen_ai": ("gemini", "vertex_ai"),
    "mistral_ai": ("mistral",),
    "x_ai": ("xai",),
    "ibm.watsonx.ai": ("watsonx",),
    "moonshot_ai": ("moonshot",),
    "cohere": ("cohere", "cohere_chat"),
    "together": ("together_ai",),
    "fireworks": ("fireworks_ai",),
}
"""OpenTelemetry's names of providers, and the table's; all others are called the same in both."""

_HOSTS = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "api.groq.com": "groq",
    "openrouter.ai": "openrouter",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral_ai",
    "api.x.ai": "x_ai",
    "api.together.xyz": "together",
    "api.fireworks.ai": "fireworks",
    "api.perplexity.ai": "perplexity",
    "api.cerebras.ai": "cerebras",
    "generativelanguage.googleapis.com": "gcp.gemini",
}
"""Servers that speak OpenAI's wire format and are others: whoever instruments OpenAI's SDK calls them openai."""


_RUN_AT_HOME = frozenset(("ollama", "lm_studio", "lmstudio", "llamafile", "llama_cpp", "llamacpp"))
"""Servers that people run themselves: on this computer, where no other address is told."""


def host_of(server_address: str | None) -> str | None:
    """Return the host in an address, which may be a URL; None where there is none."""
    if not server_address:
        return None
    try:
        return urlsplit(server_address if "//" in server_address else f"//{server_address}").hostname
    except ValueError:
        return None


def is_local(server_address: str | None) -> bool:
    """Whether a server is on this very computer: a loopback address, by number or by name."""
    host = host_of(server_address)
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_answered_locally(call: LlmCall) -> bool:
    """Whether a call was answered on this very computer."""
    if call.server_address:
        return is_local(call.server_address)
    return call.provider in _RUN_AT_HOME


def name_in_table(call: LlmCall, table: PriceTable) -> str | None:
    """Return the table's name of the model that answered, else of the one that was asked; None where it has none."""
    provider = _HOSTS.get(host_of(call.server_address) or "", call.provider)
    models = [model for model in (call.response_model, call.request_model) if model]
    return next((name for model in models for name in _names(model, provider, table)), None)


def _names(model: str, provider: str | None, table: PriceTable) -> Iterator[str]:
    prefixes = PREFIXES.get(provider, (provider,)) if provider else ()
    bare = model.removeprefix("models/")
    for prefix in prefixes:
        if (name := f"{prefix}/{bare}") in table:
            yield name
    if bare in table and _serves(table, bare, prefixes):
        yield bare
    head, slash, rest = bare.partition("/")
    if slash and rest in table and _serves(table, rest, PREFIXES.get(head, (head,))):
        yield rest


def _serves(table: PriceTable, name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a name without its provider is one of that provider's models: others may have a price of their own."""
    prices = table.prices_of(name) or {}
    owner = str(prices.get("litellm_provider") or "")
    is_prefixed = "/" in name and name.partition("/")[0] in prefixes
    return not prefixes or is_prefixed or any(owner == prefix or owner.startswith(f"{prefix}-") for prefix in prefixes)

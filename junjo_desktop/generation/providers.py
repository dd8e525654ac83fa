"""Who can be asked, by which names, and which part of a model's name says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from junjo_desktop.errors import UsageError
from junjo_desktop.telemetry.llm.prices.table import PriceTable, PriceTableError, price_table
from junjo_desktop.telemetry.llm.words import provider_of

OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `name` stands before the slash of a model's name; `litellm_name` is what LiteLLM calls its API.

    `key_variables` are environment variables that may hold the key, the first one that is set counts. `base_url` is
    what is asked where the user sets no other; None leaves it to LiteLLM.
    """

    name: str
    title: str
    litellm_name: str
    key_variables: tuple[str, ...] = ()
    base_url: str | None = None
    needs_key: bool = True

    @property
    def telemetry_name(self) -> str:
        """OpenTelemetry's name of it."""
        return provider_of(self.name) or self.name


def _cloud(name: str, title: str, *variables: str) -> Provider:
    return Provider(name, title, name, variables)


def _local(name: str, title: str, base_url: str) -> Provider:
    # Their own APIs differ from server to server; OpenAI's, which each speaks, takes every setting.
    return Provider(name, title, OPENAI, (f"{name.upper()}_API_KEY",), base_url, needs_key=False)


PROVIDERS: tuple[Provider, ...] = (
    _cloud("openai", "OpenAI", "OPENAI_API_KEY"),
    _cloud("anthropic", "Anthropic", "ANTHROPIC_API_KEY"),
    _cloud("gemini", "Google Gemini", "GEMINI_API_KEY", "GOOGLE_API_KEY"),
    _cloud("azure", "Azure OpenAI", "AZURE_API_KEY", "AZURE_OPENAI_API_KEY"),
    Provider("bedrock", "Amazon Bedrock", "bedrock", ("AWS_BEARER_TOKEN_BEDROCK",), needs_key=False),
    Provider("vertex_ai", "Google Vertex AI", "vertex_ai", needs_key=False),
    _cloud("openrouter", "OpenRouter", "OPENROUTER_API_KEY"),
    _cloud("together_ai", "Together AI", "TOGETHERAI_API_KEY", "TOGETHER_API_KEY"),
    _cloud("groq", "Groq", "GROQ_API_KEY"),
    _cloud("mistral", "Mistral", "MISTRAL_API_KEY"),
    _cloud("xai", "xAI", "XAI_API_KEY"),
    _cloud("deepseek", "DeepSeek", "DEEPSEEK_API_KEY"),
    _local("ollama", "Ollama", "http://127.0.0.1:11434/v1"),
    _local("lm_studio", "LM Studio", "http://127.0.0.1:1234/v1"),
    _local("vllm", "vLLM", "http://127.0.0.1:8000/v1"),
)
_BY_NAME = {provider.name: provider for provider in PROVIDERS}
_ALSO = {"google": "gemini", "together": "together_ai", "hosted_vllm": "vllm", "ollama_chat": "ollama"}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a model's name leads: the provider, and the model as that provider calls it."""

    provider: Provider
    model: str


def provider_named(name: str) -> Provider:
    """Return a provider; one that is not known here is asked as LiteLLM does where it knows it, else as OpenAI is."""
    told = name.strip().lower()
    found = _BY_NAME.get(_ALSO.get(told, told))
    if found is not None:
        return found
    if told in _table_providers():
        return Provider(told, told, told, (f"{told.upper()}_API_KEY",))
    return Provider(told, told, OPENAI, (f"{told.upper()}_API_KEY".replace("-", "_"),), needs_key=False)


def route_of(model: str, own_names: Collection[str] = ()) -> Route:
    """Return where a model's name leads. `own_names` are providers that the user has set up under names of their own.

    Any spelling of a model is taken: upper case, `:`, and every `/` but the first. Raises `UsageError` where no
    provider is named and none is known to have the model.
    """
    head, slash, rest = model.strip().partition("/")
    name = head.lower()
    if slash and rest and (name in _BY_NAME or name in _ALSO or name in own_names or name in _table_providers()):
        return Route(provider_named(name), rest)
    entry = _entry(model.strip())
    owner = str(entry.get("litellm_provider") or "")
    if owner:
        return Route(provider_named(_family(owner)), model.strip())
    raise UsageError(
        f"It is not known which provider has the model {model!r}.",
        "Write PROVIDER/MODEL; `junjo-desktop providers list` shows the providers, `providers set` adds one.",
    )


def with_base_url(provider: Provider, base_url: str | None) -> Provider:
    """Return a provider that is asked at another address."""
    return replace(provider, base_url=base_url) if base_url else provider


def _family(owner: str) -> str:
    """Return the provider of one of the table's: it has `vertex_ai-language-models` for `vertex_ai`."""
    return owner if owner in _BY_NAME else owner.partition("-")[0]


def _table() -> PriceTable | None:
    try:
        return price_table()
    except PriceTableError:
        return None


def _entry(model: str) -> dict[str, object]:
    table = _table()
    return dict((table.prices_of(model) if table is not None else None) or {})


@lru_cache(maxsize=1)
def _table_providers() -> frozenset[str]:
    """Return what the table calls providers; some 10 ms, once."""
    table = _table()
    if table is None:
        return frozenset()
    return frozenset(str((table.prices_of(name) or {}).get("litellm_provider")) for name in table)

"""One spelling for what conventions and providers spell differently: operations, providers, why an answer ended."""

from __future__ import annotations

OPERATIONS = {
    **dict.fromkeys(("llm", "chat_model", "generation", "generate_content", "model_request", "response"), "chat"),
    **dict.fromkeys(("responses", "ai.generatetext.dogenerate", "ai.streamtext.dostream"), "chat"),
    **dict.fromkeys(("ai.generateobject.dogenerate", "ai.streamobject.dostream"), "chat"),
    "completion": "text_completion",
    **dict.fromkeys(("embedding", "ai.embed.doembed", "ai.embedmany.doembed"), "embeddings"),
    "reranker": "rerank",
}
OPERATION_OF_TYPE = {"llm": "chat", "embedding": "embeddings", "rerank": "rerank"}

STOP, TOOL_CALLS = "stop", "tool_calls"
FINISH_REASONS = {
    **dict.fromkeys(("end_turn", "stop_sequence", "completed", "complete", "end", "eos", "finish"), STOP),
    **dict.fromkeys(("max_tokens", "max_output_tokens", "model_length", "incomplete"), "length"),
    **dict.fromkeys(("tool_use", "tool_call", "tool-calls", "tool-call", "function_call", "toolcalls"), TOOL_CALLS),
    **dict.fromkeys(("content-filter", "safety", "refusal", "blocklist", "prohibited_content"), "content_filter"),
}

PROVIDERS = {
    **dict.fromkeys(("azure", "azure_openai", "azure-openai", "az.ai.openai"), "azure.ai.openai"),
    **dict.fromkeys(("azure_ai", "az.ai.inference"), "azure.ai.inference"),
    **dict.fromkeys(("aws", "bedrock", "amazon_bedrock", "amazon", "amazon-bedrock"), "aws.bedrock"),
    **dict.fromkeys(("gemini", "google", "google.generative-ai", "google_genai", "gcp.gemini"), "gcp.gemini"),
    **dict.fromkeys(("google-gla", "gemini_api"), "gcp.gemini"),
    **dict.fromkeys(("vertexai", "vertex_ai", "google_vertexai", "google-vertex", "google.vertex"), "gcp.vertex_ai"),
    **dict.fromkeys(("mistral", "mistralai", "mistral-ai"), "mistral_ai"),
    **dict.fromkeys(("xai", "grok", "x-ai"), "x_ai"),
    **dict.fromkeys(("watsonx", "ibm-watsonx-ai"), "ibm.watsonx.ai"),
    **dict.fromkeys(("moonshot", "moonshotai"), "moonshot_ai"),
    "chatopenai": "openai",
    "chatanthropic": "anthropic",
}

# Frameworks that give their own name.
_ROUTES = frozenset((*PROVIDERS.values(), "openai", "anthropic", "cohere", "groq", "deepseek", "perplexity"))
_NO_PROVIDERS = frozenset(("strands-agents", "langchain", "litellm", "unknown", "_other", "other"))

# The Vercel AI SDK names an API with its provider: `openai.chat`.
_APIS = (".chat", ".responses", ".completion", ".messages", ".embedding", ".textembedding")


def operation_of(word: str | None, span_type: str) -> str:
    """Return what a call does; by the type of its span where no word was told."""
    if word is None:
        return OPERATION_OF_TYPE.get(span_type, "chat")
    told = word.strip('"').lower()
    return OPERATIONS.get(told, told)


def provider_of(word: str | None) -> str | None:
    """Return the provider that a word means."""
    if word is None:
        return None
    told = word.lower()
    told = told.rpartition(".")[0] if told.endswith(_APIS) else told
    if told in _NO_PROVIDERS:
        return None
    return PROVIDERS.get(told, told)


def finish_reason_of(word: str | None) -> str | None:
    """Return why an answer ended."""
    told = word.rpartition(".")[2].lower() if word else ""  # `FinishReason.STOP`
    return FINISH_REASONS.get(told, told) or None


def provider_and_model(provider: str | None, model: str | None) -> tuple[str | None, str | None]:
    """Return a provider and a model where LiteLLM's way of naming both, `openai/gpt-4o`, may stand for the model."""
    head, slash, rest = (model or "").partition("/")
    named = provider_of(head)
    if not slash or not rest or named not in _ROUTES or provider not in {None, named}:
        return provider, model
    return named, rest

"""Names that instrumentations give to the same facts, as tables: a new convention is one line here.

Sources: OpenTelemetry GenAI (1.26 to the newest), OpenInference, OpenLLMetry / Traceloop, Vercel AI SDK, LangSmith,
Langfuse, MLflow, Logfire, Junjo. Where several names may stand on one span, the order is that of trust.
"""

from __future__ import annotations

# What a span does, said by the value of one of these keys. The first key whose value is a known word decides.
KIND_KEYS = (
    "junjo.agent.operation_type",
    "openinference.span.kind",
    "gen_ai.operation.name",
    "mlflow.spanType",
    "langfuse.observation.type",
    "langsmith.span.kind",
    "traceloop.span.kind",
    "ai.operationId",
    "llm.request.type",
)

# Words of all conventions together, in lower case; an unknown word decides nothing.
KIND_WORDS = {
    "llm": "llm",
    "chat": "llm",
    "chat_model": "llm",
    "completion": "llm",
    "text_completion": "llm",
    "generate_content": "llm",
    "generation": "llm",
    "model_request": "llm",
    "response": "llm",
    "responses": "llm",
    "image_generation": "llm",
    "speech": "llm",
    "transcription": "llm",
    "ai.generatetext.dogenerate": "llm",
    "ai.streamtext.dostream": "llm",
    "ai.generateobject.dogenerate": "llm",
    "ai.streamobject.dostream": "llm",
    "embedding": "embedding",
    "embeddings": "embedding",
    "ai.embed.doembed": "embedding",
    "ai.embedmany.doembed": "embedding",
    "rerank": "rerank",
    "reranker": "rerank",
    "retrieval": "retrieval",
    "retriever": "retrieval",
    "vector_db_retrieve": "retrieval",
    "tool": "tool",
    "execute_tool": "tool",
    "ai.toolcall": "tool",
    "agent": "agent",
    "create_agent": "agent",
    "invoke_agent": "agent",
    "workflow": "workflow",
    "invoke_workflow": "workflow",
    "chain": "chain",
    "task": "chain",
    "parser": "chain",
    "plan": "chain",
    "execute_task": "chain",
    "execute_event_loop_cycle": "chain",
    "handoff": "chain",
    "ai.generatetext": "chain",
    "ai.streamtext": "chain",
    "ai.generateobject": "chain",
    "ai.streamobject": "chain",
    "ai.embed": "chain",
    "ai.embedmany": "chain",
    "guardrail": "guardrail",
    "evaluator": "evaluation",
    "prompt": "prompt",
}

JUNJO_TYPES = {
    "workflow": "workflow",
    "subflow": "subflow",
    "node": "node",
    "run_concurrent": "concurrent",
    "agent": "agent",
}

# What a span does, said by the presence of a key, when nothing above decided.
KIND_BY_PRESENCE = (
    ("all_messages_events", "agent"),  # Pydantic AI before it told operations
    ("pydantic_ai.all_messages", "agent"),
    ("gen_ai.request.model", "llm"),
    ("llm.model_name", "llm"),
    ("embedding.model_name", "embedding"),
    ("gen_ai.tool.name", "tool"),
    ("gen_ai.agent.name", "agent"),
    ("junjo.evaluation.role", "evaluation"),
    ("db.system.name", "database"),
    ("db.system", "database"),
    ("messaging.system", "messaging"),
    ("rpc.system.name", "rpc"),
    ("rpc.system", "rpc"),
    ("http.request.method", "http"),
    ("http.method", "http"),
)

# Only these are calls to a model: what carries usage besides them (agents, chains, steps) repeats the sum of its calls.
MODEL_CALLS = frozenset({"llm", "embedding", "rerank"})

MODEL_KEYS = (
    "gen_ai.response.model",
    "llm.response.model_name",
    "ai.response.model",
    "gen_ai.request.model",
    "llm.model_name",
    "llm.request.model_name",
    "ai.model.id",
    "embedding.model_name",
    "reranker.model_name",
    "langfuse.observation.model.name",
    "mlflow.llm.model",
    "junjo.agent.model.name",
    "model",  # MLflow's, of a call that failed
)

PROVIDER_KEYS = (
    "gen_ai.provider.name",
    "llm.provider",
    "gen_ai.system",
    "llm.system",
    "ai.model.provider",
    "junjo.agent.model.provider",
    "mlflow.llm.provider",
)

# `openai/gpt-4o`, where nothing else tells the provider.
PROVIDER_AND_MODEL_KEY = "litellm.provider.model"

# The shape of messages, which tells whose they are where it is a provider's.
FORMAT_KEY = "mlflow.message.format"
FORMATS_OF_PROVIDERS = frozenset(("openai", "anthropic", "gemini", "bedrock", "mistral", "groq"))

# (attribute, field): with a field, the attribute holds a JSON object; `a.b` is the field `b` of the object `a`.
INPUT_TOKENS: tuple[tuple[str, str | None], ...] = (
    ("gen_ai.usage.input_tokens", None),
    ("llm.token_count.prompt", None),
    ("gen_ai.usage.prompt_tokens", None),
    ("ai.usage.inputTokens", None),
    ("ai.usage.promptTokens", None),
    ("ai.usage.tokens", None),
    ("langfuse.observation.usage_details", "input"),
    ("langfuse.observation.usage_details", "prompt_tokens"),
    ("langfuse.observation.usage_details", "input_tokens"),
    ("mlflow.chat.tokenUsage", "input_tokens"),
    ("mlflow.spanOutputs", "usage.prompt_tokens"),
    ("junjo.agent.model.usage", "inputTokens"),
)

OUTPUT_TOKENS: tuple[tuple[str, str | None], ...] = (
    ("gen_ai.usage.output_tokens", None),
    ("llm.token_count.completion", None),
    ("gen_ai.usage.completion_tokens", None),
    ("ai.usage.outputTokens", None),
    ("ai.usage.completionTokens", None),
    ("langfuse.observation.usage_details", "output"),
    ("langfuse.observation.usage_details", "completion_tokens"),
    ("langfuse.observation.usage_details", "output_tokens"),
    ("mlflow.chat.tokenUsage", "output_tokens"),
    ("junjo.agent.model.usage", "outputTokens"),
)

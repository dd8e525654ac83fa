"""What the telemetry of an instrumentation does not tell, or tells wrongly, of what really happened: each with why.

By package and scenario (`*`: every one), and by the field of `tests.telemetry.llm.facts`. A note that is not true any
more fails a test.
"""

from __future__ import annotations

from tests.captures.load import Capture

_NO_TEXTS = {"messages": "it does not send the texts that are embedded"}
_NEW_LIMIT = {"parameters": "it reads only `max_tokens`, not `max_completion_tokens`"}
_UNSEEN = "no content is captured"

UNTOLD: dict[tuple[str, str], dict[str, str]] = {
    ("otel-openai-v2", "*"): {"cache": "it does not send the tokens of the cache"},
    ("otel-openai-v2", "embedding"): _NO_TEXTS,
    ("otel-openai-v2", "reasoning"): {**_NEW_LIMIT, "reasoning": "it does not send the tokens of reasoning"},
    ("otel-openai-v2", "tools"): {
        "tools": "it does not send the definitions of tools",
        "messages": "it leaves out what a message says beside its calls",
    },
    ("otel-openai-v2", "unseen"): {"system": _UNSEEN, "messages": _UNSEEN, "answer": _UNSEEN},
    ("otel-genai-openai", "embedding"): _NO_TEXTS,
    ("openinference-openai", "responses"): {"finish": "OpenAI's Responses API has a status, not a reason"},
    ("openinference-litellm", "*"): {
        "response_model": "it sends the model that was asked",
        "response_id": "it does not send the id of an answer",
    },
    ("openinference-litellm", "embedding"): {"messages": "it sends the texts as Python writes a list"},
    ("google-adk", "*"): {
        "response_model": "it does not send the model that answered",
        "response_id": "it does not send the id of an answer",
        "parameters": "of the parameters it sends the limit only",
    },
    ("langsmith", "stream"): {"response_id": "LangChain does not hand over the id of a stream"},
    ("openinference-langchain", "stream"): {"response_id": "LangChain does not hand over the id of a stream"},
    ("openinference-openai-agents", "*"): {"request_model": "it sends only the model that answered"},
    ("openinference-openai-agents", "error"): {"messages": "it sends the messages only with an answer"},
    ("traceloop-openai", "image"): {"messages": "it tries to send images to a server of its own, and then nothing"},
    ("traceloop-openai", "reasoning"): _NEW_LIMIT,
    ("traceloop-openai-0.40", "image"): {"messages": "it tries to send images to a server of its own, then nothing"},
    ("traceloop-openai-0.40", "reasoning"): {**_NEW_LIMIT, "reasoning": "it does not send the tokens of reasoning"},
    ("traceloop-openai-0.40", "stream"): {
        "tokens": "it does not read the usage of a stream",
        "cache": "it does not read the usage of a stream",
    },
    ("anthropic-sdk", "image"): {"messages": "it leaves out images by value"},
    ("anthropic-sdk", "stream"): {"answer": "it does not send the answer of a stream"},
    ("anthropic-sdk", "tools"): {"tools": "it does not send the definitions of tools"},
    ("anthropic-sdk", "unseen"): {"system": _UNSEEN, "messages": _UNSEEN, "answer": _UNSEEN},
    ("traceloop-anthropic", "stream"): {"tokens": "it adds the first count of a stream to the last"},
    ("traceloop-langchain", "error"): {"response_model": "it sends the model that was asked"},
    ("traceloop-langchain", "stream"): {
        "response_model": "it sends the model that was asked",
        "response_id": "LangChain does not hand over the id of a stream",
    },
    ("pydantic-ai", "error"): {"messages": "it sends the messages on the span of the agent only"},
    ("logfire-openai", "embedding"): _NO_TEXTS,
    ("logfire-openai", "error"): {"response_model": "it sends the model that was asked"},
    ("logfire-openai", "reasoning"): _NEW_LIMIT,
    ("logfire-openai", "stream"): {
        "response_model": "it sends the model that was asked",
        "response_id": "it does not send the id of a stream",
    },
    ("litellm-callback", "anthropic"): {"response_id": "LiteLLM gives an id of its own"},
    ("litellm-callback", "embedding"): {"response_id": "LiteLLM gives an id of its own"},
    ("litellm-callback", "error"): {"response_id": "LiteLLM gives an id of its own"},
    ("litellm-callback", "reasoning"): _NEW_LIMIT,
    ("litellm-callback", "tools"): {"answer": "it does not send the ids of the calls that are asked for"},
    ("langfuse", "*"): {
        "provider": "it does not send the provider",
        "request_model": "it sends one model, which the one that answered replaces",
        "response_model": "it sends one model, which the one that answered replaces",
        "response_id": "it does not send the id of an answer",
        "finish": "it does not send why an answer ended",
    },
    ("langfuse", "image"): {"messages": "it sends images to its own server"},
    ("mlflow", "embedding"): {"provider": "it does not send the provider"},
    ("mlflow", "image"): {"messages": "it sends images to its own server"},
    ("openlit-openai", "error"): {"messages": "it sends the messages only with an answer"},
    ("openlit-openai", "image"): {"messages": "it leaves out images by value"},
    ("openlit-openai", "reasoning"): {**_NEW_LIMIT, "reasoning": "it does not send the tokens of reasoning"},
    ("openlit-openai", "tools"): {"messages": "it leaves out calls that were asked for before"},
    ("pydantic-ai-0.8", "*"): {
        "response_id": "it does not send the id of an answer",
        "finish": "it does not send why an answer ended",
        "cache": "it does not send the tokens of the cache",
    },
    ("smolagents", "*"): {
        "response_model": "it sends the model that was asked",
        "response_id": "it does not send the id of an answer",
        "finish": "it does not send why an answer ended",
        "cache": "it does not send the tokens of the cache",
    },
    ("vercel-ai", "embedding"): {"response_model": "it does not send the model that answered"},
    ("strands", "*"): {
        "provider": "it sends its own name as that of the provider",
        "response_model": "it does not send the model that answered",
        "response_id": "it does not send the id of an answer",
        "parameters": "it does not send the parameters of a call",
    },
    ("strands", "tools"): {"tools": "it sends the definitions of tools on the span of the agent only"},
    ("litellm-callback", "stream"): {"response_model": "LiteLLM sends the model that was asked"},
}


def untold(capture: Capture) -> dict[str, str]:
    """Return the fields that a capture does not tell, each with the reason."""
    return {**UNTOLD.get((capture.package, "*"), {}), **UNTOLD.get((capture.package, capture.scenario), {})}

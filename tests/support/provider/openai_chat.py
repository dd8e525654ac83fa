"""OpenAI's Chat Completions and Embeddings on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.provider.exchange import Exchange
from tests.support.provider.script import Answer, Ask, Tokens, embedding_tokens, vectors_of

CREATED = 1_760_000_000
_PIECE = 8


def ask_of(body: dict[str, Any]) -> Ask:
    """Read a request."""
    messages = [_message(message) for message in body["messages"]]
    system = [message for message in messages if message["role"] in {"system", "developer"}]
    choice = body.get("tool_choice")
    forced = choice["function"]["name"] if isinstance(choice, dict) and "function" in choice else None
    tools = [tool["function"]["name"] for tool in body.get("tools") or () if "function" in tool]
    output_tool = next((name for name in tools if name.startswith("final_result")), forced)
    return Ask(
        "openai",
        "chat",
        body["model"],
        bool(body.get("stream")),
        tuple(part["text"] for message in system for part in message["parts"]),
        tuple(message for message in messages if message not in system),
        tuple(tools),
        output_tool=output_tool,
        parameters=_parameters(body),
    )


def _parameters(body: dict[str, Any]) -> dict[str, Any]:
    found = {name: body[name] for name in ("temperature", "top_p", "seed") if body.get(name) is not None}
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    return {**found, **({"max_tokens": limit} if limit is not None else {})}


def _message(message: dict[str, Any]) -> dict[str, Any]:
    role, content = message["role"], message.get("content") or ""
    if role == "tool":
        text = content if isinstance(content, str) else "".join(part["text"] for part in content)
        return {"role": "tool", "parts": [{"result": {"id": message["tool_call_id"], "text": text}}]}
    parts: list[dict[str, Any]] = []
    if isinstance(content, str):
        parts += [{"text": content}] if content else []
    else:
        parts += [_part(part) for part in content]
    for call in message.get("tool_calls") or ():
        told = call["function"]
        parts.append({"call": {"id": call["id"], "name": told["name"], "arguments": told["arguments"]}})
    return {"role": role, "parts": parts}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] == "text":
        return {"text": part["text"]}
    return {"image": image_of(part["image_url"]["url"])}


def image_of(url: str) -> dict[str, Any]:
    """Return an image by its value, or its link."""
    head, _, data = url.partition(";base64,")
    return {"mime": head.removeprefix("data:"), "data": data} if data else {"uri": url}


def usage_of(tokens: Tokens) -> dict[str, Any]:
    """Write the usage."""
    return {
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": tokens.cache_read, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": tokens.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _calls(exchange: Exchange, answer: Answer) -> list[dict[str, Any]]:
    return [
        {"id": call_id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call_id, call in zip(exchange.call_ids, answer.calls, strict=True)
    ]


def whole(exchange: Exchange, answer: Answer, tokens: Tokens) -> dict[str, Any]:
    """Write an answer in one piece."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None, "refusal": None, "annotations": []}
    if answer.calls:
        message["tool_calls"] = _calls(exchange, answer)
    return {
        "id": exchange.response_id,
        "object": "chat.completion",
        "created": CREATED,
        "model": exchange.response_model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}],
        "usage": usage_of(tokens),
        "service_tier": "default",
        "system_fingerprint": "fp_standin",
    }


def chunks(exchange: Exchange, answer: Answer, tokens: Tokens, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write an answer in pieces; the usage comes last, and only where it is asked for."""
    includes_usage = bool((body.get("stream_options") or {}).get("include_usage"))

    def chunk(choices: list[dict[str, Any]], usage: dict[str, Any] | None = None) -> dict[str, Any]:
        return {
            "id": exchange.response_id,
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": exchange.response_model,
            "service_tier": "default",
            "system_fingerprint": "fp_standin",
            "choices": choices,
            **({"usage": usage} if includes_usage else {}),
        }

    def delta(told: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return chunk([{"index": 0, "delta": told, "logprobs": None, "finish_reason": finish}])

    yield delta({"role": "assistant", "content": "", "refusal": None})
    for start in range(0, len(answer.text), _PIECE):
        yield delta({"content": answer.text[start : start + _PIECE]})
    for index, call in enumerate(_calls(exchange, answer)):
        arguments = call["function"]["arguments"]
        head = {**call, "index": index, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield delta({"tool_calls": [head]})
        for start in range(0, len(arguments), _PIECE):
            piece = {"index": index, "function": {"arguments": arguments[start : start + _PIECE]}}
            yield delta({"tool_calls": [piece]})
    yield delta({}, answer.finish)
    if includes_usage:
        yield chunk([], usage_of(tokens))


def embedding_ask(body: dict[str, Any]) -> Ask:
    """Read a request for embeddings."""
    given = body["input"]
    texts = (given,) if isinstance(given, str) else tuple(str(text) for text in given)
    return Ask("openai", "embeddings", body["model"], texts=texts)


def embeddings(exchange: Exchange, body: dict[str, Any]) -> dict[str, Any]:
    """Write the vectors."""
    count = embedding_tokens(exchange.ask.texts)
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": _encoded(vector, body)}
            for index, vector in enumerate(vectors_of(exchange.ask.texts))
        ],
        "model": exchange.response_model,
        "usage": {"prompt_tokens": count, "total_tokens": count},
    }


def _encoded(vector: list[float], body: dict[str, Any]) -> Any:
    if body.get("encoding_format") != "base64":
        return vector
    import base64
    import struct

    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()

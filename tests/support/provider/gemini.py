"""Gemini's generateContent on the wire."""

from __future__ import annotations

import json
from typing import Any

from tests.support.provider.exchange import Exchange
from tests.support.provider.script import Answer, Ask, Tokens, parsed_arguments

_FINISH = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS"}


def ask_of(body: dict[str, Any], model: str, *, is_stream: bool) -> Ask:
    """Read a request; the model stands in the path."""
    system = body.get("systemInstruction") or body.get("system_instruction") or {}
    config = body.get("generationConfig") or {}
    names = {"temperature": "temperature", "topP": "top_p", "topK": "top_k", "maxOutputTokens": "max_tokens"}
    return Ask(
        "gcp.gemini",
        "chat",
        model,
        is_stream,
        tuple(part["text"] for part in system.get("parts", ())),
        tuple(_message(message) for message in body["contents"]),
        tuple(tool["name"] for group in body.get("tools") or () for tool in group.get("functionDeclarations", ())),
        parameters={name: config[key] for key, name in names.items() if key in config},
    )


def _message(message: dict[str, Any]) -> dict[str, Any]:
    parts = [_part(part) for part in message["parts"]]
    role = "assistant" if message.get("role") == "model" else "user"
    return {"role": "tool" if all("result" in part for part in parts) else role, "parts": parts}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    if "functionCall" in part:
        call = part["functionCall"]
        arguments = json.dumps(call.get("args", {}), separators=(",", ":"))
        return {"call": {"id": call.get("id"), "name": call["name"], "arguments": arguments}}
    if "functionResponse" in part:
        told = part["functionResponse"]
        return {"result": {"id": told.get("id"), "text": json.dumps(told["response"], separators=(",", ":"))}}
    if "inlineData" in part:
        return {"image": {"mime": part["inlineData"]["mimeType"], "data": part["inlineData"]["data"]}}
    return {"text": part["text"]}


def usage_of(tokens: Tokens) -> dict[str, Any]:
    """Write the usage: here the thoughts stand beside the answer."""
    return {
        "promptTokenCount": tokens.input,
        "candidatesTokenCount": tokens.output - tokens.reasoning,
        "thoughtsTokenCount": tokens.reasoning,
        "cachedContentTokenCount": tokens.cache_read,
        "totalTokenCount": tokens.input + tokens.output,
    }


def whole(exchange: Exchange, answer: Answer, tokens: Tokens) -> dict[str, Any]:
    """Write an answer in one piece."""
    parts: list[dict[str, Any]] = []
    if answer.reasoning:
        parts.append({"text": answer.reasoning, "thought": True})
    if answer.text:
        parts.append({"text": answer.text})
    for call_id, call in zip(exchange.call_ids, answer.calls, strict=True):
        parts.append({"functionCall": {"id": call_id, "name": call.name, "args": parsed_arguments(call)}})
    content = {"role": "model", "parts": parts}
    return {
        "candidates": [{"index": 0, "content": content, "finishReason": _FINISH[answer.finish]}],
        "usageMetadata": usage_of(tokens),
        "modelVersion": exchange.response_model,
        "responseId": exchange.response_id,
    }

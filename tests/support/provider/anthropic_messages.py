"""Anthropic's Messages API on the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.support.provider.exchange import Exchange
from tests.support.provider.script import Answer, Ask, Tokens

_PIECE = 8
_FINISH = {"stop": "end_turn", "tool_calls": "tool_use", "length": "max_tokens"}


def ask_of(body: dict[str, Any]) -> Ask:
    """Read a request."""
    system = body.get("system") or ()
    told = (system,) if isinstance(system, str) else tuple(part["text"] for part in system)
    tools = [tool["name"] for tool in body.get("tools") or ()]
    choice = body.get("tool_choice") or {}
    return Ask(
        "anthropic",
        "chat",
        body["model"],
        bool(body.get("stream")),
        told,
        tuple(_message(message) for message in body["messages"]),
        tuple(tools),
        output_tool=next((name for name in tools if name.startswith("final_result")), choice.get("name")),
        parameters={
            name: body[name] for name in ("temperature", "top_p", "top_k", "max_tokens") if body.get(name) is not None
        },
    )


def _message(message: dict[str, Any]) -> dict[str, Any]:
    content = message["content"]
    parts = [{"text": content}] if isinstance(content, str) else [_part(part) for part in content]
    is_results = all("result" in part for part in parts)
    return {"role": "tool" if is_results else message["role"], "parts": parts}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    match part["type"]:
        case "text":
            return {"text": part["text"]}
        case "thinking":
            return {"reasoning": part["thinking"]}
        case "tool_use":
            arguments = json.dumps(part["input"], separators=(",", ":"))
            return {"call": {"id": part["id"], "name": part["name"], "arguments": arguments}}
        case "tool_result":
            content = part.get("content", "")
            text = content if isinstance(content, str) else "".join(inner["text"] for inner in content)
            return {"result": {"id": part["tool_use_id"], "text": text}}
        case "image":
            source = part["source"]
            if source["type"] == "base64":
                return {"image": {"mime": source["media_type"], "data": source["data"]}}
            return {"image": {"uri": source["url"]}}
        case other:
            raise ValueError(f"The stand-in knows no part {other}.")


def usage_of(tokens: Tokens) -> dict[str, Any]:
    """Write the usage: here what is fresh stands beside what is cached."""
    return {
        "input_tokens": tokens.input - tokens.cache_read - tokens.cache_write,
        "cache_creation_input_tokens": tokens.cache_write,
        "cache_read_input_tokens": tokens.cache_read,
        "cache_creation": {"ephemeral_5m_input_tokens": tokens.cache_write, "ephemeral_1h_input_tokens": 0},
        "output_tokens": tokens.output,
        "service_tier": "standard",
    }


def _blocks(exchange: Exchange, answer: Answer) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if answer.reasoning:
        blocks.append({"type": "thinking", "thinking": answer.reasoning, "signature": "c2lnbmVk"})
    if answer.text:
        blocks.append({"type": "text", "text": answer.text})
    for call_id, call in zip(exchange.call_ids, answer.calls, strict=True):
        blocks.append({"type": "tool_use", "id": call_id, "name": call.name, "input": json.loads(call.arguments)})
    return blocks


def whole(exchange: Exchange, answer: Answer, tokens: Tokens) -> dict[str, Any]:
    """Write an answer in one piece."""
    return {
        "id": exchange.response_id,
        "type": "message",
        "role": "assistant",
        "model": exchange.response_model,
        "content": _blocks(exchange, answer),
        "stop_reason": _FINISH[answer.finish],
        "stop_sequence": None,
        "usage": usage_of(tokens),
    }


def events(exchange: Exchange, answer: Answer, tokens: Tokens) -> Iterator[dict[str, Any]]:
    """Write an answer in pieces."""
    done = whole(exchange, answer, tokens)
    usage = {**usage_of(tokens), "output_tokens": 1}
    yield {"type": "message_start", "message": {**done, "content": [], "stop_reason": None, "usage": usage}}
    yield {"type": "ping"}
    for index, block in enumerate(done["content"]):
        begun, deltas = _pieces(block)
        yield {"type": "content_block_start", "index": index, "content_block": begun}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    told = {"stop_reason": done["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": told, "usage": {"output_tokens": tokens.output}}
    yield {"type": "message_stop"}


def _pieces(block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if block["type"] == "text":
        text = block["text"]
        deltas = [{"type": "text_delta", "text": text[start : start + _PIECE]} for start in range(0, len(text), _PIECE)]
        return {"type": "text", "text": ""}, deltas
    if block["type"] == "thinking":
        deltas = [
            {"type": "thinking_delta", "thinking": block["thinking"]},
            {"type": "signature_delta", "signature": block["signature"]},
        ]
        return {"type": "thinking", "thinking": "", "signature": ""}, deltas
    text = json.dumps(block["input"])
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]

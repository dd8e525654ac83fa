"""OpenAI's Responses API on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.provider.exchange import Exchange
from tests.support.provider.openai_chat import CREATED, image_of
from tests.support.provider.script import Answer, Ask, Tokens

_PIECE = 8


def ask_of(body: dict[str, Any]) -> Ask:
    """Read a request; items that are one turn of the model become one message."""
    given = body.get("input", "")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    messages: list[dict[str, Any]] = []
    system = [body["instructions"]] if body.get("instructions") else []
    for item in items:
        role, parts = _item(item)
        if role in {"system", "developer"}:
            system += [part["text"] for part in parts]
        elif role == "assistant" and messages and messages[-1]["role"] == "assistant":
            messages[-1]["parts"] += parts
        else:
            messages.append({"role": role, "parts": parts})
    found = {name: body[name] for name in ("temperature", "top_p") if body.get(name) is not None}
    limit = {"max_tokens": body["max_output_tokens"]} if body.get("max_output_tokens") is not None else {}
    tools = [tool["name"] for tool in body.get("tools") or () if tool.get("type") == "function"]
    return Ask(
        "openai",
        "chat",
        body["model"],
        bool(body.get("stream")),
        tuple(system),
        tuple(messages),
        tuple(tools),
        output_tool=next((name for name in tools if name.startswith("final_result")), None),
        parameters={**found, **limit},
    )


def _item(item: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    kind = item.get("type", "message")
    if kind == "function_call":
        call = {"id": item["call_id"], "name": item["name"], "arguments": item["arguments"]}
        return "assistant", [{"call": call}]
    if kind == "function_call_output":
        return "tool", [{"result": {"id": item["call_id"], "text": _output(item["output"])}}]
    if kind == "reasoning":
        return "assistant", [{"reasoning": part["text"]} for part in item.get("summary") or ()]
    content = item["content"]
    if isinstance(content, str):
        return item["role"], [{"text": content}]
    return item["role"], [_part(part) for part in content]


def _output(output: Any) -> str:
    return output if isinstance(output, str) else "".join(part.get("text", "") for part in output)


def _part(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] == "input_image":
        return {"image": image_of(part["image_url"])}
    return {"text": part["text"]}


def usage_of(tokens: Tokens) -> dict[str, Any]:
    """Write the usage."""
    return {
        "input_tokens": tokens.input,
        "input_tokens_details": {"cached_tokens": tokens.cache_read, "cache_write_tokens": 0},
        "output_tokens": tokens.output,
        "output_tokens_details": {"reasoning_tokens": tokens.reasoning},
        "total_tokens": tokens.input + tokens.output,
    }


def _items(exchange: Exchange, answer: Answer) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if answer.reasoning:
        summary = [{"type": "summary_text", "text": answer.reasoning}]
        items.append({"type": "reasoning", "id": f"rs_{exchange.ordinal:06d}", "summary": summary})
    if answer.text:
        content = [{"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}]
        items.append(
            {
                "type": "message",
                "id": f"msg_{exchange.ordinal:06d}",
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        )
    for call_id, call in zip(exchange.call_ids, answer.calls, strict=True):
        items.append(
            {
                "type": "function_call",
                "id": f"fc_{call_id}",
                "call_id": call_id,
                "name": call.name,
                "arguments": call.arguments,
                "status": "completed",
            }
        )
    return items


def whole(exchange: Exchange, answer: Answer, tokens: Tokens, body: dict[str, Any]) -> dict[str, Any]:
    """Write an answer in one piece."""
    return {
        "id": exchange.response_id,
        "object": "response",
        "created_at": CREATED,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "metadata": {},
        "model": exchange.response_model,
        "output": _items(exchange, answer),
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "store": False,
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text", {"format": {"type": "text"}}),
        "tool_choice": "auto",
        "tools": body.get("tools", []),
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": usage_of(tokens),
    }


def events(exchange: Exchange, answer: Answer, tokens: Tokens, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write an answer in pieces."""
    done = whole(exchange, answer, tokens, body)
    begun = {**done, "status": "in_progress", "output": [], "usage": None}
    told = [{"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun}]
    for place, item in enumerate(done["output"]):
        told += _events_of(place, item)
    told.append({"type": "response.completed", "response": done})
    for number, event in enumerate(told):
        yield {**event, "sequence_number": number}


def _events_of(place: int, item: dict[str, Any]) -> list[dict[str, Any]]:
    at = {"output_index": place, "item_id": item["id"]}
    inner: list[dict[str, Any]] = []
    begun = {**item, "status": "in_progress"}
    if item["type"] == "message":
        begun["content"] = []
        part = item["content"][0]
        text, spot = part["text"], {**at, "content_index": 0}
        inner.append({"type": "response.content_part.added", **spot, "part": {**part, "text": ""}})
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE]
            inner.append({"type": "response.output_text.delta", **spot, "delta": piece, "logprobs": []})
        inner.append({"type": "response.output_text.done", **spot, "text": text, "logprobs": []})
        inner.append({"type": "response.content_part.done", **spot, "part": part})
    elif item["type"] == "function_call":
        begun["arguments"] = ""
        inner.append({"type": "response.function_call_arguments.delta", **at, "delta": item["arguments"]})
        inner.append({"type": "response.function_call_arguments.done", **at, "arguments": item["arguments"]})
    return [
        {"type": "response.output_item.added", "output_index": place, "item": begun},
        *inner,
        {"type": "response.output_item.done", "output_index": place, "item": item},
    ]

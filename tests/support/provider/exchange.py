"""What was asked and answered, noted by the stand-in as data: the truth that readers of telemetry must find."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.support.provider.script import Answer, Ask, Tokens


@dataclass
class Exchange:
    """One request and its answer. `status` is that of HTTP; `is_cut` tells that the answer broke off."""

    ordinal: int
    path: str
    ask: Ask
    response_id: str
    response_model: str
    call_ids: tuple[str, ...] = ()
    answer: Answer | None = None
    tokens: Tokens | None = None
    status: int = 200
    error: dict[str, str] | None = None
    is_cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as the `expected` file of a capture holds it."""
        ask, tokens = self.ask, self.tokens
        return {
            "provider": ask.provider,
            "operation": ask.operation,
            "path": self.path,
            "is_stream": ask.is_stream,
            "status": self.status,
            "error": self.error,
            "request_model": ask.model,
            "response_model": self.response_model if self.status == 200 else None,
            "response_id": self.response_id if self.status == 200 else None,
            "parameters": ask.parameters,
            "system": list(ask.system),
            "messages": list(ask.messages),
            "tools": list(ask.tools),
            "texts": list(ask.texts),
            "answer": None if self.answer is None else self._answer(self.answer),
            "tokens": None
            if tokens is None
            else {
                "input": tokens.input,
                "output": tokens.output,
                "cache_read": tokens.cache_read,
                "cache_write": tokens.cache_write,
                "reasoning": tokens.reasoning,
            },
        }

    def _answer(self, answer: Answer) -> dict[str, Any]:
        parts: list[dict[str, Any]] = []
        if answer.reasoning and self.tells_reasoning:
            parts.append({"reasoning": answer.reasoning})
        if answer.text:
            parts.append({"text": answer.text})
        for call_id, call in zip(self.call_ids, answer.calls, strict=True):
            parts.append({"call": {"id": call_id, "name": call.name, "arguments": call.arguments}})
        return {"role": "assistant", "parts": parts, "finish": answer.finish}

    @property
    def tells_reasoning(self) -> bool:
        """Whether the wire format has a place for what the model thought: OpenAI's chat has only the count."""
        return self.path != "/v1/chat/completions"

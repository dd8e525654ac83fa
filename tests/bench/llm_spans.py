"""The contents of spans as programs with model calls send them: three conventions side by side, no two texts alike.

A trace is a Junjo workflow of eight steps, over and over when it is longer: nodes, model calls as OpenInference and as
OpenTelemetry's GenAI conventions tell them, a tool, an embedding, a retrieval. 12 to 20 attributes and about 1 KB each.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate, pairwise
from random import Random

from tests.support.otlp import Value

Attributes = dict[str, Value]

MODELS = ("gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash", "mistral-large-latest", "llama3.2:3b")
PROVIDERS = ("openai", "anthropic", "google", "mistral_ai", "ollama")
NODES = ("load_order", "classify", "draft_answer", "send_answer")
_INSTRUCTIONS = "You are the assistant of a shop for tea things. Answer in two sentences, and never guess."
_GRAPH = "graph_33efb86f3595ccf56b30b3482772df19"
_VOCABULARY = 12_000


def _words() -> tuple[list[str], list[float]]:
    """Invented words, the frequent ones short, with weights that fall as those of a language do (Zipf)."""
    random = Random(20_261_120)  # noqa: S311 - a load, not a secret
    syllables = [one + two for one in "bcdfghklmnprstvwz" for two in ("a", "e", "i", "o", "u", "ar", "en", "is", "or")]
    words = [
        "".join(random.choices(syllables, k=1 + (rank > 60) + (rank > 900) + (random.random() < 0.2)))
        for rank in range(_VOCABULARY)
    ]
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))


_WORDS, _WEIGHTS = _words()


class SpanWriter:
    """Writes the spans of one seed. `place` stands in texts that are another one in each sending."""

    def __init__(self, random: Random, place: str) -> None:
        self._random = random
        self._place = place
        self._run = self._store = ""
        self._steps: tuple[Callable[[int], tuple[str, Attributes]], ...] = (
            self._workflow,
            self._node,
            self._openinference_chat,
            self._tool,
            self._genai_chat,
            self._node,
            self._embedding,
            self._retrieval,
        )

    def span(self, number: int) -> tuple[str, Attributes]:
        """Return name and attributes of the span with that number in its trace: the workflow, then its steps."""
        return self._steps[number % len(self._steps)](number)

    def text(self, words: int) -> str:
        """Some words."""
        return " ".join(self._random.choices(_WORDS, cum_weights=_WEIGHTS, k=words))

    def patch(self) -> str:
        """A JSON patch of a workflow's state."""
        return json.dumps([{"op": "replace", "path": "/answer", "value": self.text(6)}])

    def _id(self, prefix: str) -> str:
        return f"{prefix}{self._place}{self._random.getrandbits(64):016x}"

    def _junjo(self, span_type: str, number: int) -> Attributes:
        is_run = span_type == "workflow"
        within: Attributes = {
            "junjo.parent_executable_runtime_id": self._run,
            "junjo.parent_executable_structural_id": _GRAPH,
        }
        return {
            "junjo.telemetry.contract_version": 2,
            "junjo.span_type": span_type,
            "junjo.executable_definition_id": f"Zys6VyV6b0Zxk8ha{number % 8:05d}",
            "junjo.executable_runtime_id": self._run if is_run else self._id(""),
            "junjo.executable_structural_id": f"{span_type}_11224ad7e4a4a3a6cc6d4cb72810{number % 8:04d}",
            "junjo.enclosing_graph_structural_id": _GRAPH,
            **({} if is_run else within),
            "junjo.store.id": self._store,
            "junjo.store.revision.start": number,
            "junjo.store.revision.end": number + 2,
            "session.id": self._id("session-"),
        }

    def _workflow(self, number: int) -> tuple[str, Attributes]:
        self._run, self._store = self._id(""), self._id("store-")
        nodes = [{"id": f"node_{name}", "label": name} for name in NODES]
        edges = [{"source": f"node_{a}", "target": f"node_{b}"} for a, b in pairwise(NODES)]
        return "handle_message", {
            **self._junjo("workflow", number),
            "junjo.workflow.graph_structure": json.dumps({"v": 1, "nodes": nodes, "edges": edges}),
            "junjo.workflow.state.start": json.dumps({"question": self.text(12), "answer": None}),
            "junjo.workflow.state.end": json.dumps({"question": self.text(4), "answer": self.text(12)}),
            "junjo.workflow.node.count": len(NODES),
        }

    def _node(self, number: int) -> tuple[str, Attributes]:
        return NODES[number // 4 % len(NODES)], {
            **self._junjo("node", number),
            "junjo.node.input": self.text(13),
            "junjo.node.output": self.text(15),
        }

    def _openinference_chat(self, _number: int) -> tuple[str, Attributes]:
        which = self._random.randrange(len(MODELS))
        prompt, completion = self._random.randrange(80, 4000), self._random.randrange(5, 600)
        return "ChatCompletion", {
            "openinference.span.kind": "LLM",
            "llm.provider": PROVIDERS[which],
            "llm.model_name": MODELS[which],
            "llm.invocation_parameters": '{"temperature": 0.2, "max_tokens": 1024}',
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.content": _INSTRUCTIONS,
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": self.text(24),
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": self.text(14),
            "llm.token_count.prompt": prompt,
            "llm.token_count.completion": completion,
            "llm.token_count.total": prompt + completion,
            "llm.finish_reason": "stop",
            "session.id": self._id("session-"),
            "server.address": f"api.{PROVIDERS[which]}.com",
        }

    def _genai_chat(self, _number: int) -> tuple[str, Attributes]:
        which = self._random.randrange(len(MODELS))
        asked = [{"role": "user", "parts": [{"type": "text", "content": self.text(22)}]}]
        answered = [
            {"role": "assistant", "parts": [{"type": "text", "content": self.text(15)}], "finish_reason": "stop"}
        ]
        return f"chat {MODELS[which]}", {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS[which],
            "gen_ai.request.model": MODELS[which],
            "gen_ai.request.temperature": 0.3,
            "gen_ai.request.max_tokens": 1024,
            "server.address": f"api.{PROVIDERS[which]}.com",
            "server.port": 443,
            "gen_ai.conversation.id": self._id("conv-"),
            "gen_ai.response.id": self._id("chatcmpl-"),
            "gen_ai.response.model": MODELS[which],
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.usage.input_tokens": self._random.randrange(80, 4000),
            "gen_ai.usage.output_tokens": self._random.randrange(5, 600),
            "gen_ai.usage.cache_read.input_tokens": 0,
            "gen_ai.response.time_to_first_chunk": round(self._random.random(), 4),
            "gen_ai.system_instructions": _INSTRUCTIONS,
            "gen_ai.input.messages": json.dumps(asked),
            "gen_ai.output.messages": json.dumps(answered),
        }

    def _tool(self, _number: int) -> tuple[str, Attributes]:
        return "execute_tool get_order", {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "get_order",
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": self._id("call_"),
            "gen_ai.tool.description": "Look an order up by its number: what was ordered, when, and where it is now.",
            "gen_ai.tool.call.arguments": json.dumps({"order": self._random.randrange(10**9)}),
            "gen_ai.tool.call.result": json.dumps({"state": self.text(3), "note": self.text(28)}),
            "http.request.method": "GET",
            "http.response.status_code": 200,
            "url.full": f"http://inventory-api/orders/{self._random.randrange(10**9)}",
            "server.address": "inventory-api",
            "server.port": 80,
            "user_agent.original": "python-httpx/0.28.1",
            "session.id": self._id("session-"),
        }

    def _embedding(self, _number: int) -> tuple[str, Attributes]:
        text = self.text(22)
        return "CreateEmbeddings", {
            "openinference.span.kind": "EMBEDDING",
            "llm.provider": "openai",
            "embedding.model_name": "text-embedding-3-small",
            "input.value": json.dumps([text]),
            "input.mime_type": "application/json",
            "llm.token_count.prompt": self._random.randrange(8, 300),
            "embedding.embeddings.0.embedding.text": text,
            "embedding.embeddings.0.embedding.vector": [round(self._random.uniform(-1, 1), 4) for _ in range(16)],
            "server.address": "api.openai.com",
            "server.port": 443,
            "session.id": self._id("session-"),
            "metadata": '{"index": "products", "version": 12}',
        }

    def _retrieval(self, _number: int) -> tuple[str, Attributes]:
        found: Attributes = {}
        for rank in range(3):
            document = f"retrieval.documents.{rank}.document"
            found[f"{document}.id"] = f"products/{self._random.randrange(10**6)}"
            found[f"{document}.content"] = self.text(15)
            found[f"{document}.score"] = round(self._random.random(), 4)
        return "Retrieve", {
            "openinference.span.kind": "RETRIEVER",
            "input.value": self.text(12),
            "input.mime_type": "text/plain",
            **found,
            "db.system.name": "postgresql",
            "session.id": self._id("session-"),
        }

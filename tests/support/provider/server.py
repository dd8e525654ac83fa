"""The server of the stand-in: `with provider() as stand_in` runs it on a free port of this computer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.support.provider import anthropic_messages, gemini, openai_chat, openai_responses
from tests.support.provider.exchange import Exchange
from tests.support.provider.faults import CUT, GARBAGE, SILENT, fault_of
from tests.support.provider.script import DATED, Answer, Ask, Tokens, answer_to, dated, embedding_tokens

_GEMINI = "/models/"
_CUT_AFTER = 3
_NAMES = {"anthropic": ("msg_", "toolu_"), "openai": ("chatcmpl-", "call_"), "gcp.gemini": ("gen-", "fn_")}


class Provider:
    """A running stand-in. `exchanges` are what was asked and answered, in order; `gate` holds silent answers back."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.exchanges: list[Exchange] = []
        self.gate = threading.Event()
        self._lock = threading.Lock()

    @property
    def openai_url(self) -> str:
        """What OpenAI's SDK takes as its base URL."""
        return f"{self.url}/v1"

    def note(self, path: str, ask: Ask, headers: dict[str, str]) -> Exchange:
        """Begin an exchange, with its answer where there is one."""
        with self._lock:
            ordinal = len(self.exchanges) + 1
            response, call = _NAMES[ask.provider]
            response = "resp_" if path.endswith("/responses") else response
            exchange = Exchange(ordinal, path, ask, f"{response}{ordinal:06d}", dated(ask.model), headers=headers)
            fault = fault_of(ask)
            if fault is not None:
                exchange.status = fault.status
                exchange.error = {"type": fault.type, "message": fault.message}
            elif ask.operation == "embeddings":
                exchange.tokens = Tokens(embedding_tokens(ask.texts), 0)
            else:
                exchange.answer = _answer(ask)
                exchange.tokens = exchange.answer.tokens
                count = len(exchange.answer.calls)
                exchange.call_ids = tuple(f"{call}{ordinal:03d}{place}" for place in range(count))
            self.exchanges.append(exchange)
        return exchange


def _answer(ask: Ask) -> Answer:
    """Return the answer, with what the provider's wire format counts."""
    found = answer_to(ask)
    if ask.provider == "anthropic":
        return replace(found, tokens=replace(found.tokens, reasoning=0))
    return replace(found, tokens=replace(found.tokens, cache_write=0))


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a stand-in until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    stand_in = Provider(server.server_port)
    server.stand_in = stand_in  # type: ignore[attr-defined] # how http.server's handlers reach what is not theirs
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="provider")
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _stand_in(self) -> Provider:
        found: Provider = self.server.stand_in  # type: ignore[attr-defined] # set in `provider`
        return found

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in http.server
        """Say nothing: the exchanges are the log."""

    def do_GET(self) -> None:
        """List the models."""
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "stand-in"} for name in DATED]
        self._send_json(200, {"object": "list", "data": listed})

    def do_POST(self) -> None:
        """Answer a request."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = urlsplit(self.path).path
        ask = _ask_of(path, body)
        if ask is None:
            self._send_json(404, {"error": {"message": f"There is no {path} here.", "type": "not_found"}})
            return
        exchange = self._stand_in.note(path, ask, {name.lower(): value for name, value in self.headers.items()})
        fault = fault_of(ask)
        if fault is not None:
            self._send_json(fault.status, fault.body(ask.provider), fault.headers)
        elif ask.is_stream and exchange.answer is not None:
            self._stream(exchange, _events(exchange, exchange.answer, body))
        elif ask.model == GARBAGE:
            self._send(200, b"<html>this is no JSON", "application/json")
        else:
            self._send_json(200, _whole(exchange, body), cut=ask.model == CUT)

    def _send_json(
        self, status: int, value: object, headers: Iterable[tuple[str, str]] = (), *, cut: bool = False
    ) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", headers, cut=cut)

    def _send(
        self, status: int, data: bytes, kind: str, headers: Iterable[tuple[str, str]] = (), *, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        self.close_connection = cut or self.close_connection

    def _stream(self, exchange: Exchange, events: Iterable[bytes]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for place, event in enumerate(events):
            if place == _CUT_AFTER and exchange.ask.model in {CUT, SILENT}:
                exchange.is_cut = True
                if exchange.ask.model == SILENT:
                    self._stand_in.gate.wait()
                return
            self.wfile.write(event)
            self.wfile.flush()


def _ask_of(path: str, body: dict[str, Any]) -> Ask | None:
    if path.endswith("/chat/completions"):
        return openai_chat.ask_of(body)
    if path.endswith("/responses"):
        return openai_responses.ask_of(body)
    if path.endswith("/embeddings"):
        return openai_chat.embedding_ask(body)
    if path.endswith("/messages"):
        return anthropic_messages.ask_of(body)
    if _GEMINI in path:
        model, _, action = path.rpartition(_GEMINI)[2].partition(":")
        return gemini.ask_of(body, model, is_stream=action == "streamGenerateContent")
    return None


def _whole(exchange: Exchange, body: dict[str, Any]) -> dict[str, Any]:
    answer, tokens = exchange.answer, exchange.tokens
    if answer is None or tokens is None:
        return openai_chat.embeddings(exchange, body)
    if exchange.ask.provider == "anthropic":
        return anthropic_messages.whole(exchange, answer, tokens)
    if exchange.ask.provider == "gcp.gemini":
        return gemini.whole(exchange, answer, tokens)
    if exchange.path.endswith("/responses"):
        return openai_responses.whole(exchange, answer, tokens, body)
    return openai_chat.whole(exchange, answer, tokens)


def _events(exchange: Exchange, answer: Answer, body: dict[str, Any]) -> Iterator[bytes]:
    tokens = answer.tokens
    if exchange.ask.provider == "anthropic":
        for event in anthropic_messages.events(exchange, answer, tokens):
            yield _event(event, event["type"])
    elif exchange.ask.provider == "gcp.gemini":
        yield _event(gemini.whole(exchange, answer, tokens))
    elif exchange.path.endswith("/responses"):
        for event in openai_responses.events(exchange, answer, tokens, body):
            yield _event(event, event["type"])
    else:
        for chunk in openai_chat.chunks(exchange, answer, tokens, body):
            yield _event(chunk)
        yield b"data: [DONE]\n\n"


def _event(value: dict[str, Any], name: str | None = None) -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()

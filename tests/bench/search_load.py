"""What is searched: a day of spans of which each tenth is a call of a language model with 2 KB of text.

Three words are put in by hand: one in a few spans, one in some hundred, and one that nobody wrote.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.bench.llm_spans import Attributes, SpanWriter
from tests.bench.load import SERVICES, Body, make_request

SPANS_A_TRACE = 20
"""Two of them are model calls."""
RARE, RARE_SPANS = "zanzibar", 7
SELDOM, SELDOM_SPANS = "quokka", 600
ABSENT = "kettle-that-nobody-sells"
COMMON = "answer"
_REQUEST_SPANS = 400
_POOL_SPANS = 65_600
_WORDS_OF_PROMPT, _WORDS_OF_ANSWER = 250, 60


class SearchedSpans(SpanWriter):
    """Writes traces of a program that calls a model twice, and others in between."""

    extra_word = ""
    """Stands in each prompt."""

    def span(self, number: int) -> tuple[str, Attributes]:
        """Return name and attributes of the span with that number in its trace."""
        match number % SPANS_A_TRACE:
            case 0:
                return self._workflow(number)
            case 5 | 15:
                return self._call(number)
            case 6 | 16:
                return self._tool(number)
            case place if place % 3 == 0:
                return "GET /orders", self._request()
            case place if place % 3 == 1:
                return "SELECT orders", self._statement()
            case _:
                return self._node(number)

    def _call(self, number: int) -> tuple[str, Attributes]:
        name, attributes = self._genai_chat(number)
        prompt = f"{self.extra_word} {self.text(_WORDS_OF_PROMPT)}"
        attributes["gen_ai.input.messages"] = f'[{{"role": "user", "parts": [{{"content": "{prompt}"}}]}}]'
        attributes["gen_ai.output.messages"] = self.text(_WORDS_OF_ANSWER)
        return name, attributes

    def _request(self) -> Attributes:
        return {
            "http.request.method": "GET",
            "http.response.status_code": self._random.choice((200, 200, 200, 404, 503)),
            "url.full": f"http://inventory-api/orders/{self._random.randrange(10**9)}",
            "server.address": "inventory-api",
            "session.id": self._id("session-"),
        }

    def _statement(self) -> Attributes:
        return {
            "db.system.name": "postgresql",
            "db.query.text": "SELECT * FROM orders WHERE customer = $1 AND state = $2 ORDER BY placed DESC LIMIT 20",
            "db.query.parameter.0": str(self._random.randrange(10**9)),
            "db.response.returned_rows": self._random.randrange(100),
        }


class _Rare(SearchedSpans):
    extra_word = RARE


class _Seldom(SearchedSpans):
    extra_word = SELDOM


def searched_requests(spans: int) -> Iterator[bytes]:
    """Yield requests with `spans` spans in all, spread over the 24 hours before now."""
    random = Random(7)  # noqa: S311 - a load, not a secret
    number_of_requests = max(1, spans // _REQUEST_SPANS)
    pool = [_body(random, SearchedSpans, place) for place in range(_POOL_SPANS // _REQUEST_SPANS)]
    # Each has two calls, in one trace.
    rare, seldom = _body(random, _Rare, 0, SPANS_A_TRACE), _body(random, _Seldom, 0, SPANS_A_TRACE)
    rare_at = _evenly(number_of_requests, (RARE_SPANS + 1) // 2)
    seldom_at = _evenly(number_of_requests, SELDOM_SPANS // 2)
    now, day_ns = time.time_ns(), 86_400_000_000_000
    sent = 0
    for number in range(number_of_requests):
        start_ns = now - day_ns * (number_of_requests - number) // number_of_requests
        bodies = [pool[number % len(pool)]]
        bodies += [rare] * (number in rare_at) + [seldom] * (number in seldom_at)
        for body in bodies:
            yield body.sent_as(sent, start_ns)
            sent += 1


def _evenly(size: int, count: int) -> frozenset[int]:
    return frozenset((2 * place + 1) * size // (2 * count) for place in range(count))


def _body(random: Random, writer: type[SearchedSpans], place: int, spans: int = _REQUEST_SPANS) -> Body:
    service = SERVICES[place % len(SERVICES)]
    request: ExportTraceServiceRequest = make_request(random, spans, service, SPANS_A_TRACE, writer=writer)
    return Body(request)

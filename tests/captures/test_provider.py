"""The stand-in for the providers answers as they do, the same each time, and notes what really happened."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.provider.script import BUSY, COUNT, HELLO, PUZZLE, SYSTEM
from tests.support.provider.server import Provider, provider

USER = [{"role": "user", "content": HELLO}]
GEMINI = {
    "contents": [{"role": "user", "parts": [{"text": HELLO}]}],
    "systemInstruction": {"parts": [{"text": SYSTEM}]},
}


@pytest.fixture
def stand_in() -> Iterator[Provider]:
    with provider() as running:
        yield running


def post(stand_in: Provider, path: str, body: dict[str, Any]) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(stand_in.url.removeprefix("http://"), timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def events(body: bytes) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in body.decode().splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def test_openai_chat_whole_and_streamed_say_the_same(stand_in: Provider) -> None:
    body: dict[str, Any] = {"model": "gpt-4o-mini", "messages": USER}
    _, whole = post(stand_in, "/v1/chat/completions", body)
    streamed = {**body, "stream": True, "stream_options": {"include_usage": True}}
    _, stream = post(stand_in, "/v1/chat/completions", streamed)
    answer, chunks = json.loads(whole), events(stream)
    text = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    assert text == answer["choices"][0]["message"]["content"] == "Take the train to Flåm, and the boat back."
    assert chunks[-1]["usage"] == answer["usage"]
    first, second = stand_in.exchanges
    assert first.answer == second.answer
    assert first.to_json()["messages"] == [{"role": "user", "parts": [{"text": HELLO}]}]


def test_a_stream_has_its_usage_only_where_it_is_asked_for(stand_in: Provider) -> None:
    _, stream = post(stand_in, "/v1/chat/completions", {"model": "gpt-4o-mini", "messages": USER, "stream": True})
    assert all("usage" not in chunk for chunk in events(stream))


def test_openai_responses_whole_and_streamed_say_the_same(stand_in: Provider) -> None:
    body = {"model": "gpt-5-mini", "input": PUZZLE}
    _, whole = post(stand_in, "/v1/responses", body)
    _, stream = post(stand_in, "/v1/responses", {**body, "stream": True})
    last = events(stream)[-1]
    assert last["type"] == "response.completed"
    assert [item["type"] for item in last["response"]["output"]] == ["reasoning", "message"]
    assert last["response"]["usage"] == json.loads(whole)["usage"]


def test_anthropic_tells_what_is_cached_beside_what_is_fresh(stand_in: Provider) -> None:
    body = {"model": "claude-sonnet-4-5", "system": SYSTEM, "messages": USER, "max_tokens": 9}
    _, whole = post(stand_in, "/v1/messages", body)
    usage = json.loads(whole)["usage"]
    cached = (usage["cache_creation_input_tokens"], usage["cache_read_input_tokens"])
    assert (usage["input_tokens"], *cached) == (352, 1024, 512)
    _, stream = post(stand_in, "/v1/messages", {**body, "stream": True})
    assert [event["type"] for event in events(stream)][:2] == ["message_start", "ping"]
    assert stand_in.exchanges[0].to_json()["tokens"]["input"] == 1888


def test_gemini_tells_thoughts_beside_the_answer(stand_in: Provider) -> None:
    path = "/v1beta/models/gemini-2.5-flash:generateContent"
    _, whole = post(stand_in, path, {"contents": [{"role": "user", "parts": [{"text": PUZZLE}]}]})
    usage = json.loads(whole)["usageMetadata"]
    assert (usage["candidatesTokenCount"], usage["thoughtsTokenCount"], usage["totalTokenCount"]) == (8, 192, 264)
    _, stream = post(stand_in, path.replace("generate", "streamGenerate"), GEMINI)
    assert events(stream)[0]["candidates"][0]["finishReason"] == "STOP"
    assert stand_in.exchanges[1].ask.system == (SYSTEM,)


def test_what_is_not_in_the_script_is_echoed_and_counted(stand_in: Provider) -> None:
    _, whole = post(stand_in, "/v1/chat/completions", {"model": "m", "messages": [{"role": "user", "content": "Psst"}]})
    answer = json.loads(whole)
    assert answer["choices"][0]["message"]["content"] == "You said: Psst"
    assert answer["usage"]["prompt_tokens"] == 1


@pytest.mark.parametrize(
    ("model", "status"),
    [
        ("fault-busy", 429),
        ("fault-unauthorised", 401),
        ("fault-too-long", 400),
        ("fault-broken", 500),
        ("fault-overloaded", 529),
    ],
)
def test_faults_have_their_status_and_are_noted(stand_in: Provider, model: str, status: int) -> None:
    for path in ("/v1/chat/completions", "/v1/messages"):
        answer, body = post(stand_in, path, {"model": model, "messages": USER, "max_tokens": 9})
        assert answer.status == status
        assert json.loads(body)["error"]["message"]
        assert stand_in.exchanges[-1].status == status


def test_too_many_requests_say_when_to_come_back(stand_in: Provider) -> None:
    asked = [{"role": "user", "content": BUSY}]
    answer, _ = post(stand_in, "/v1/chat/completions", {"model": "gpt-4o-mini", "messages": asked})
    assert (answer.status, answer.getheader("retry-after")) == (429, "20")


def test_an_answer_may_be_no_json(stand_in: Provider) -> None:
    _, body = post(stand_in, "/v1/chat/completions", {"model": "fault-garbage", "messages": USER})
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_an_answer_may_break_off(stand_in: Provider) -> None:
    asked = [{"role": "user", "content": COUNT}]
    with pytest.raises(http.client.IncompleteRead):
        post(stand_in, "/v1/chat/completions", {"model": "fault-cut", "messages": asked})
    _, stream = post(stand_in, "/v1/chat/completions", {"model": "fault-cut", "messages": asked, "stream": True})
    assert len(events(stream)) == 3
    assert stand_in.exchanges[-1].is_cut


def test_a_silent_answer_lasts_until_the_gate_opens(stand_in: Provider) -> None:
    connection = http.client.HTTPConnection(stand_in.url.removeprefix("http://"), timeout=10)
    body = json.dumps({"model": "fault-silent", "messages": USER, "stream": True})
    connection.request("POST", "/v1/chat/completions", body)
    answer = connection.getresponse()
    assert answer.readline().startswith(b"data: ")
    stand_in.gate.set()
    assert len(events(answer.read())) == 2
    connection.close()


def test_what_is_not_there_is_said(stand_in: Provider) -> None:
    answer, _ = post(stand_in, "/v1/nothing", {})
    assert answer.status == 404
    assert stand_in.exchanges == []

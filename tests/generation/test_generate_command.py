"""`generate` and `providers`, end to end: the stand-in answers, the running app stores the call."""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import answer, call, serving
from tests.support.provider.script import HELLO
from tests.support.provider.server import provider


def test_a_call_is_answered_stored_and_replayed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with provider() as stand_in, serving(folder) as served:
        set_up = call("providers", "set", "my-box", "--base-url", stand_in.openai_url, "--data-dir", folder)
        assert set_up.returncode == 0, set_up
        asked = ("--model", "my-box/Llama3:8B", "--system", "Be brief.", "--temperature", "0.5")
        made = answer("generate", *asked, "--json", HELLO, "--data-dir", folder)
        assert (made["text"], made["error"]) == ("Take the train to Flåm, and the boat back.", None)
        served.settle()
        stored = answer("call", made["trace_id"], made["span_id"], "--json", "--data-dir", folder)
        for name in ("system_instructions", "input_messages", "output_messages", "parameters", "finish_reasons"):
            assert stored[name] == made["call"][name], name
        assert stored["usage"]["input_tokens"] == made["call"]["usage"]["input_tokens"] == 1888
        ids = (made["trace_id"], made["span_id"])
        again = answer("generate", "--replay", *ids, "--json", "--data-dir", folder)
        served.settle()
        first, second = stand_in.exchanges[-2:]
        assert (first.ask, again["warnings"]) == (second.ask, [])
        span = answer("span", again["trace_id"], again["span_id"], "--json", "--data-dir", folder)
        assert span["service_name"] == "junjo-playground"
        assert [(link["traceId"], link["spanId"]) for link in span["links_json"]] == [ids]


def test_what_is_wrong_is_said_without_a_trace(tmp_path: Path) -> None:
    outcome = call("generate", "--model", "groq/some-model", "hello", "--data-dir", tmp_path)
    assert outcome.returncode == 1
    assert "no key for groq" in outcome.stderr
    assert call("generate", "--model", "who-knows", "hello", "--data-dir", tmp_path).returncode == 2


def test_providers_are_listed_without_their_keys(tmp_path: Path) -> None:
    rows = {row["name"]: row for row in answer("providers", "list", "--json", "--data-dir", tmp_path)}
    assert rows["ollama"]["is_ready"]
    assert rows["ollama"]["base_url"] == "http://127.0.0.1:11434/v1"
    assert call("providers", "remove", "ollama", "--data-dir", tmp_path).returncode == 1

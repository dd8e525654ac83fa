"""A folder that some telemetry was received into, through the real command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Serving, serving
from tests.support import otlp

HOSTILE = "evil\x1b[2J\x9b31m\u202egpj.exe\r\n\u2028\x07"
START_NS = 1_790_000_000_123_456_789
SHOP_TRACE = otlp.trace_id(0xABC)
ROOT, CALL = otlp.span_id(1), otlp.span_id(2)


def send_samples(served: Serving) -> None:
    """Send three services: a workflow with an LLM call, 25 plain traces, a rootless one, and one of hostile text."""
    root = otlp.span(
        "answer",
        trace=SHOP_TRACE,
        id=ROOT,
        start_ns=START_NS,
        duration_ns=1_420_000_000,
        attributes={
            "junjo.span_type": "workflow",
            "big": 2**63 - 1,
            "whole": 1.0,
            "raw": b"\x00\xff",
            "nested": {"list": [1, "two", None]},
        },
    )
    call = otlp.span(
        "chat",
        trace=SHOP_TRACE,
        id=CALL,
        parent=ROOT,
        start_ns=START_NS + 38_000_000,
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "prompt": "line one\nline two"},
        error="it broke",
    )
    plain = [
        otlp.trace_request(otlp.span(f"plain {number}", trace=otlp.trace_id(1000 + number), start_ns=START_NS - number))
        for number in range(25)
    ]
    orphan = otlp.span("orphan", trace=otlp.trace_id(77), id=otlp.span_id(3), parent=otlp.span_id(99))
    hostile = otlp.span(
        HOSTILE, trace=otlp.trace_id(66), id=otlp.span_id(4), attributes={HOSTILE: HOSTILE}, error=HOSTILE
    )
    hostile.events.add(name=HOSTILE, attributes=otlp.key_values({HOSTILE: [HOSTILE]}))
    served.send(
        otlp.trace_request(root, call),
        *plain,
        otlp.trace_request(orphan, service="depot"),
        otlp.trace_request(hostile, service=HOSTILE, resource={HOSTILE: {HOSTILE: HOSTILE}}),
        otlp.logs_request("hello", service="shop"),
    )


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the samples, and nothing running. Tests must not change it."""
    folder = tmp_path_factory.mktemp("stored") / "data"
    with serving(folder, "--no-auth") as served:
        send_samples(served)
        assert served.end() == (0, "", "")
    return folder


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as they like: the terminal that the tests run in, should there be one, says nothing."""
    monkeypatch.delenv("COLUMNS", raising=False)

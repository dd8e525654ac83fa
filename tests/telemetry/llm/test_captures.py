"""Every captured call is read as it really was: as the stand-in for the providers noted it."""

from __future__ import annotations

import pytest

from tests.captures.load import Capture, captures
from tests.captures.programs.under import SCENARIOS
from tests.captures.untold import UNTOLD, untold
from tests.telemetry.llm.facts import calls_of, found, true


def test_every_scenario_of_every_instrumentation_is_captured() -> None:
    known = {(capture.package, capture.scenario) for capture in captures()}
    assert known == {(package, scenario) for package, scenarios in SCENARIOS.items() for scenario in scenarios}
    assert {package for package, _ in UNTOLD} <= set(SCENARIOS)


@pytest.mark.parametrize("capture", captures(), ids=str)
def test_calls_are_read_as_they_were(capture: Capture) -> None:
    calls = calls_of(capture)
    assert len(calls) == len(capture.exchanges)
    missing = set(untold(capture))
    for call, exchange in zip(calls, capture.exchanges, strict=True):
        read, happened = found(call, exchange), true(exchange)
        told = [field for field in happened if field not in missing]
        assert {field: read[field] for field in told} == {field: happened[field] for field in told}


@pytest.mark.parametrize("capture", [one for one in captures() if untold(one)], ids=str)
def test_what_is_noted_as_untold_is_untold(capture: Capture) -> None:
    if (capture.package, capture.scenario) not in UNTOLD:
        return  # noted for the package as a whole
    pairs = list(zip(calls_of(capture), capture.exchanges, strict=True))
    for field in UNTOLD[capture.package, capture.scenario]:
        assert any(found(call, exchange)[field] != true(exchange)[field] for call, exchange in pairs), field


@pytest.mark.parametrize(
    ("package", "switch"),
    [
        ("otel-openai-v2", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"),
        ("anthropic-sdk", "ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE"),
    ],
)
def test_a_call_without_content_says_so_and_names_the_switch(package: str, switch: str) -> None:
    (call,) = calls_of(Capture(package, "unseen"))
    assert (call.captured.input, call.captured.output) == (False, False)
    assert switch in str(call.captured.switch)
    assert call.usage is not None

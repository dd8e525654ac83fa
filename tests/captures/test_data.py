"""The captures are small, and name nothing of the computer that they were made on."""

from __future__ import annotations

import re

import pytest

from junjo_desktop.samples import read_recording
from tests.captures.load import DATA, Capture, captures
from tests.captures.programs.under import NODE_PROGRAMS, SCENARIOS, UNDER

_LOCAL = re.compile(rb"/(?:root|home|Users|tmp|work)/")


def test_the_captures_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*.*")) < 1_000_000


def test_every_instrumentation_has_a_program() -> None:
    assert set(SCENARIOS) == {*UNDER, *NODE_PROGRAMS}


@pytest.mark.parametrize("package", sorted(SCENARIOS))
def test_no_capture_names_a_folder_of_its_maker(package: str) -> None:
    for scenario in SCENARIOS[package]:
        for _, body in read_recording(Capture(package, scenario).path):
            assert _LOCAL.search(body) is None, scenario


def test_captures_without_messages_on_spans_have_log_records() -> None:
    with_logs = {capture.package for capture in captures() if capture.logs}
    assert {"otel-openai-v2", "google-adk"} <= with_logs

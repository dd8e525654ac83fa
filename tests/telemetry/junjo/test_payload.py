"""Payload slots say what they hold, or why they hold nothing."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.junjo.payload import PayloadError, PayloadMode, payload_of
from junjo_desktop.telemetry.otlp_json import Attributes


def test_a_full_payload_has_its_value() -> None:
    payload = payload_of({"p": '{"n": 1}', "p.mode": "full", "p.policy": "junjo.full.v1"}, "p")
    assert (payload.mode, payload.policy, payload.reason) == (PayloadMode.FULL, "junjo.full.v1", "")
    assert payload.is_known
    assert payload.value == {"n": 1}


def test_older_text_without_a_mode_is_full() -> None:
    assert payload_of({"p": "[1]"}, "p").value == [1]


def test_null_is_a_value() -> None:
    payload = payload_of({"p": "null", "p.mode": "full"}, "p")
    assert payload.is_known
    assert payload.value is None


@pytest.mark.parametrize(
    ("attributes", "mode", "reason"),
    [
        ({}, "missing", "It was not sent."),
        ({"p": 7}, "missing", "It was sent as something else than text."),
        ({"p.mode": "full"}, "missing", "It was not sent."),
        ({"p": "{}", "p.mode": "sealed"}, "missing", "Its mode “sealed” is not known here."),
        ({"p.mode": "excluded", "p.policy": "gdpr"}, "excluded", "The producer left it out (policy gdpr)."),
        ({"p.mode": "redacted"}, "redacted", "The producer redacted it."),
        (
            {"p.mode": "reference", "p.reference": "s3://a/b"},
            "reference",
            "The producer stored it elsewhere: s3://a/b.",
        ),
    ],
)
def test_without_a_value_it_says_why(attributes: Attributes, mode: str, reason: str) -> None:
    payload = payload_of(attributes, "p")
    assert (payload.mode, payload.reason) == (mode, reason)
    assert not payload.is_known


def test_asking_for_a_value_that_is_not_there_tells_the_reason() -> None:
    with pytest.raises(PayloadError, match="The producer left it out"):
        _ = payload_of({"p.mode": "excluded"}, "p").value


def test_text_that_is_no_json_is_not_known() -> None:
    payload = payload_of({"p": "{", "p.mode": "full"}, "p")
    assert not payload.is_known
    with pytest.raises(PayloadError, match="no JSON"):
        _ = payload.value


def test_what_a_redacted_payload_still_shows_is_there_and_not_the_whole_value() -> None:
    payload = payload_of({"p": '{"name": "***"}', "p.mode": "redacted"}, "p")
    assert payload.value == {"name": "***"}
    assert not payload.is_known

"""Pinned paths."""

from __future__ import annotations

import json

import pytest

from junjo_desktop.features.run.state.pins import Pins


def test_pins_survive_being_saved() -> None:
    pins = Pins()
    for pointer in ("/a", "/b/0", "/a"):
        pins.pin("Flow", pointer)
    pins.pin("Other", "")
    again = Pins()
    again.restore(pins.saved())
    assert again.of("Flow") == ("/b/0", "/a")
    assert again.of("Other") == ("",)
    again.unpin("Flow", "/b/0")
    again.unpin("Flow", "/never")
    assert again.of("Flow") == ("/a",)
    assert again.of("Unknown") == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"Flow": 3}', '{"Flow": [1, null, "no pointer", "/~3"]}', "[" * 5000]
)
def test_odd_settings_are_left_out(text: str) -> None:
    pins = Pins()
    pins.restore(text)
    assert pins.of("Flow") == ()


def test_there_is_an_end_to_what_is_remembered() -> None:
    pins = Pins()
    for number in range(300):
        pins.pin(f"Flow {number}", "/a")
    for number in range(30):
        pins.pin("Flow 299", f"/{number}")
    assert pins.of("Flow 0") == ()
    assert len(pins.of("Flow 299")) == 20
    assert len(json.loads(pins.saved())) == 200

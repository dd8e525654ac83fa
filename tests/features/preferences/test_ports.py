"""Reading the port fields of the Preferences page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.features.preferences.ports import read_ports


def test_good_ports_are_read_as_they_stand() -> None:
    read = read_ports(["26155", " 4317 ", "0", "0"], "50053")
    assert read.usable
    assert (read.otlp_ports, read.validator_port) == ((26155, 4317, 0, 0), 50053)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter a port"),
        ("  ", "Enter a port"),
        ("abc", "whole number"),
        ("-1", "whole number"),
        ("65536", "whole number"),
        ("4317.5", "whole number"),
        ("٤٣١٧", "whole number"),
        ("9" * 10_000, "whole number"),
        ("80", "reserved"),
    ],
)
def test_a_bad_port_says_why(text: str, words: str) -> None:
    read = read_ports([text], "50053")
    assert words in read.otlp_problems[0]
    assert not read.usable
    assert words in read_ports(["4317"], text).validator_problem


def test_a_port_twice_is_marked_where_it_repeats() -> None:
    read = read_ports(["4317", "50051", "4317"], "50051")
    assert read.otlp_problems == ("", "", "This port is in the list already.")
    assert read.validator_problem == "This port is already used for OTLP."


@given(st.lists(st.text(max_size=8), max_size=5), st.text(max_size=8))
def test_what_is_usable_is_a_port(otlp: list[str], validator: str) -> None:
    read = read_ports(otlp, validator)
    assert len(read.otlp_ports) == len(read.otlp_problems) == len(otlp)
    if read.usable:
        assert all(0 <= port <= 65535 for port in (*read.otlp_ports, read.validator_port))

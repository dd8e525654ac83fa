"""Links to places: what is written is read as the same place, and everything else is refused with a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from junjo_desktop.errors import UsageError
from junjo_desktop.shell.destinations import OpenRun, OpenTrace
from junjo_desktop.shell.links import LONGEST_LINK, Place, link_to, place_of

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

_hexadecimal = "0123456789abcdef"
_trace_ids = st.text(_hexadecimal, min_size=32, max_size=32)
_span_ids = st.text(_hexadecimal, min_size=16, max_size=16)
_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
_steps = st.none() | st.tuples(_texts, st.integers(0, 999_999_998))
_places = st.one_of(
    st.builds(OpenTrace, _trace_ids, st.none() | _span_ids),
    st.builds(OpenRun, st.none() | _trace_ids, st.none(), _texts, _steps),
    st.builds(OpenRun, _trace_ids, _span_ids, st.none() | _texts, _steps),
    st.builds(OpenRun, _trace_ids, st.none(), st.none(), _steps),
)


@given(place=_places)
@example(place=OpenRun(None, None, "../.."))
@example(place=OpenRun(None, None, "a&step=3#x?y%41+ ü"))
def test_a_place_survives_being_written_as_a_link(place: Place) -> None:
    link = link_to(place)
    assert place_of(link) == place
    assert link.isascii()
    assert " " not in link


@given(text=st.text(max_size=60) | st.text(_hexadecimal + "/:?&=%srunpt#.@", max_size=60).map("junjo://run/".__add__))
def test_any_text_is_a_place_or_refused(text: str) -> None:
    try:
        place = place_of(text)
    except UsageError:
        return
    assert place_of(link_to(place)) == place


@pytest.mark.parametrize(
    ("link", "place"),
    [
        (f"junjo://trace/{TRACE}", OpenTrace(TRACE)),
        (f"JUNJO://trace/{TRACE.upper()}/", OpenTrace(TRACE)),
        (f"junjo://trace/{TRACE}/span/{SPAN}", OpenTrace(TRACE, SPAN)),
        ("junjo://run/V1StGXR8_Z5jdHi6B-myT", OpenRun(None, None, "V1StGXR8_Z5jdHi6B-myT")),
        (f"junjo://run/{TRACE}/{SPAN}", OpenRun(TRACE, SPAN)),
        (f"junjo://run/{TRACE}/{SPAN}?store=s%2F1&step=3", OpenRun(TRACE, SPAN, None, ("s/1", 2))),
        (f"junjo://run?trace_id={TRACE}", OpenRun(TRACE)),
        ("junjo://execution?service_name=shop&runtime_id=r1", OpenRun(None, None, "r1")),
        (
            "junjo://execution/?service_name=shop&executable_type=agent&runtime_id=r1&destination=detail",
            OpenRun(None, None, "r1"),
        ),
    ],
)
def test_what_a_link_means(link: str, place: Place) -> None:
    assert place_of(link) == place


@pytest.mark.parametrize(
    "link",
    [
        "",
        "junjo:",
        "junjo://",
        "junjo://run",
        "junjo://run/",
        "junjo://run//",
        "junjo://trace/xyz",
        f"junjo://trace/{TRACE}/span",
        f"junjo://trace/{TRACE}/span/{SPAN}/more",
        f"junjo://trace/{TRACE}?span={SPAN}",
        f"junjo://run/{TRACE}/{SPAN}?step=1",
        f"junjo://run/{TRACE}/{SPAN}?store=s",
        f"junjo://run/{TRACE}/{SPAN}?store=s&step=0",
        f"junjo://run/{TRACE}/{SPAN}?store=s&step=-1",
        f"junjo://run/{TRACE}/{SPAN}?store=s&step=٣",
        f"junjo://run/{TRACE}/{SPAN}?store=s&step=1&step=2",
        f"junjo://run/{TRACE}/{SPAN}?trace_id={TRACE}",
        f"junjo://run/{TRACE}/{SPAN}#fragment",
        "junjo://run/r1?command=rm",
        "junjo://execution?service_name=shop",
        "junjo://execution/r1?runtime_id=r1",
        "junjo://user@run/r1",
        "junjo://run:80/r1",
        "junjo://delete/everything",
        "junjo://run/%",
        "junjo://run/%zz",
        "junjo://run/%ff%fe",
        "junjo://run/%00",
        "junjo://run/%1b[2J",
        "junjo://run/a b",
        "junjo://run/a\nb",
        "junjo://run/\u202egpj",
        " junjo://run/r1",
        "https://run/r1",
        "file:///etc/passwd",
        "--data-dir=/tmp",
        "junjo://run/" + "x" * LONGEST_LINK,
    ],
)
def test_what_is_no_link_is_refused_with_a_sentence(link: str) -> None:
    with pytest.raises(UsageError) as refused:
        place_of(link)
    assert refused.value.message.endswith(".")
    assert refused.value.hint.endswith(".")
    assert len(str(refused.value)) < LONGEST_LINK + 300


def test_a_step_is_counted_from_one_as_on_the_screen() -> None:
    assert link_to(OpenRun(TRACE, SPAN, None, ("s", 0))).endswith("?store=s&step=1")


def test_reading_a_link_loads_no_window() -> None:
    program = "import sys, junjo_desktop.shell.links; print([m for m in ('PySide6', 'grpc') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"

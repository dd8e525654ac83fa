"""Printed tracebacks give back the exceptions that Python printed."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo.traceback_text import raised_exceptions


class OddError(Exception):
    """An exception of a class that is not built in."""


def printed(raise_it: Callable[[], None]) -> str:
    try:
        raise_it()
    except Exception as error:
        return "".join(traceback.format_exception(error))
    raise AssertionError


def names(stacktrace: str) -> list[str]:
    return [str(exception) for exception in raised_exceptions(stacktrace)]


def plain() -> None:
    raise ValueError("boom")


def chained() -> None:
    try:
        plain()
    except ValueError as error:
        raise OddError("two\n  lines: of it") from error


def during_another() -> None:
    try:
        chained()
    except OddError:
        raise RuntimeError  # noqa: B904 - the implicit chain is what is tested


def grouped() -> None:
    errors: list[Exception] = []
    for raise_it in (plain, chained):
        try:
            raise_it()
        except (ValueError, OddError) as error:
            errors.append(error)
    raise ExceptionGroup("of two", errors)


def around_a_group() -> None:
    try:
        grouped()
    except ExceptionGroup as error:
        raise LookupError("outer") from error


def test_one_exception() -> None:
    assert names(printed(plain)) == ["ValueError: boom"]


def test_a_chain_starts_with_the_first() -> None:
    odd = f"{OddError.__module__}.OddError: two\n  lines: of it"
    assert names(printed(chained)) == ["ValueError: boom", odd]
    assert names(printed(during_another)) == ["ValueError: boom", odd, "RuntimeError"]


def test_the_parts_of_a_group_stand_before_it() -> None:
    found = names(printed(around_a_group))
    assert found[:2] == ["ValueError: boom", "ValueError: boom"]
    assert found[2:] == [
        f"{OddError.__module__}.OddError: two\n  lines: of it",
        "ExceptionGroup: of two (2 sub-exceptions)",
        "LookupError: outer",
    ]


def test_a_cause_that_was_never_raised_counts() -> None:
    def raise_it() -> None:
        raise ValueError("boom") from KeyError("never raised")

    assert names(printed(raise_it)) == ["KeyError: 'never raised'", "ValueError: boom"]


def test_what_is_no_traceback_has_none() -> None:
    assert names("at java.lang.Thread.run(Thread.java:833)") == []
    assert names("Traceback (most recent call last):") == []
    assert names("") == []


@given(st.text(alphabet="Traceback (most recent call last):\n|+- 1Error:Ex", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    raised_exceptions(text)
    raised_exceptions(f"  + Exception Group Traceback (most recent call last):\n{text}")
    raised_exceptions(f"Traceback (most recent call last):\n{text}")

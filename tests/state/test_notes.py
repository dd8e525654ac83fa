"""Tags and comments in the state file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from junjo_desktop.errors import UsageError
from junjo_desktop.state.notes import LONGEST_COMMENT, LONGEST_TAG, MOST_TAGS, Note, NotedPlace, Notes

TRACE = NotedPlace("a" * 32)
SPAN = NotedPlace("a" * 32, "b" * 16)


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    made = Notes(tmp_path / "state.sqlite3")
    yield made
    made.close()


def test_a_trace_and_its_spans_have_notes_of_their_own(notes: Notes, tmp_path: Path) -> None:
    notes.write(TRACE, Note(("slow", "Alpha"), "look\nhere "))
    notes.write(SPAN, Note(("guilty",)))
    again = Notes(tmp_path / "state.sqlite3")
    assert again.all() == {TRACE: Note(("Alpha", "slow"), "look\nhere"), SPAN: Note(("guilty",))}
    assert again.of(SPAN) == Note(("guilty",))
    assert again.of(NotedPlace("c" * 32)) == Note()
    again.close()


def test_what_is_written_takes_the_place_of_what_was(notes: Notes) -> None:
    notes.write(TRACE, Note(("one", "two"), "first"))
    assert notes.write(TRACE, Note(("two",))) == Note(("two",))
    assert notes.all() == {TRACE: Note(("two",))}
    notes.write(TRACE, Note())
    assert notes.all() == {}


def test_tags_are_told_apart_whatever_their_case_and_space(notes: Notes) -> None:
    assert notes.write(TRACE, Note((" to  do", "To Do", "TO DO"))).tags == ("TO DO",)


@pytest.mark.parametrize("tag", ["", "  ", "a,b", "x" * (LONGEST_TAG + 1), "a\x00b", "\u202eevil"])
def test_what_is_no_tag_is_refused(notes: Notes, tag: str) -> None:
    with pytest.raises(UsageError):
        notes.write(TRACE, Note((tag,)))
    assert notes.all() == {}


def test_too_much_is_refused(notes: Notes) -> None:
    with pytest.raises(UsageError, match="too many"):
        notes.write(TRACE, Note(tuple(f"t{number}" for number in range(MOST_TAGS + 1))))
    with pytest.raises(UsageError, match="Shorten"):
        notes.write(TRACE, Note(comment="x" * (LONGEST_COMMENT + 1)))


def test_notes_go_with_their_trace(notes: Notes) -> None:
    other = NotedPlace("d" * 32)
    for place in (TRACE, SPAN, other):
        notes.write(place, Note(("x",), "y"))
    assert notes.traces() == {TRACE.trace_id, other.trace_id}
    notes.forget({TRACE.trace_id})
    assert set(notes.all()) == {other}


def test_the_version_changes_whoever_writes(notes: Notes, tmp_path: Path) -> None:
    first = notes.version()
    assert notes.version() == first
    notes.write(TRACE, Note(("x",)))
    second = notes.version()
    other = Notes(tmp_path / "state.sqlite3")
    other.write(SPAN, Note(("y",)))
    other.close()
    assert len({first, second, notes.version()}) == 3

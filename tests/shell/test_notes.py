"""Notes as the window knows them, and the dialog that changes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.errors import UsageError
from junjo_desktop.shell.deletion_dialog import ask_deletion
from junjo_desktop.shell.deletion_words import everything, one_trace
from junjo_desktop.shell.note_dialog import NoteDialog, edit_note
from junjo_desktop.shell.note_line import NoteLine
from junjo_desktop.shell.notes import Notes
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.state.notes import Note, NotedPlace
from junjo_desktop.store.selection import Selection
from tests.support import otlp
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry, workbench_over

TRACE, SPAN, OTHER = NotedPlace("a" * 32), NotedPlace("a" * 32, "b" * 16), NotedPlace("c" * 32)
HOSTILE = "<b>evil</b>\u202e" + "x" * 300


@pytest.fixture
def telemetry(tmp_path: Path) -> StoredTelemetry:
    return StoredTelemetry(tmp_path)


@pytest.fixture
def pages() -> list[QWidget]:
    return []


@pytest.fixture
def notes(telemetry: StoredTelemetry, pages: list[QWidget], qtbot: QtBot) -> Iterator[Notes]:  # noqa: ARG001 - makes the application
    with workbench_over(telemetry, pages) as bench:
        yield bench.notes


@pytest.fixture
def window(notes: Notes, pages: list[QWidget]) -> QWidget:  # noqa: ARG001 - goes before what it uses
    made = QWidget()
    pages.append(made)
    made.show()
    return made


def test_what_is_written_is_known_at_once_and_kept(notes: Notes, telemetry: StoredTelemetry, qtbot: QtBot) -> None:
    with qtbot.waitSignal(notes.written):
        notes.write({TRACE: Note(("b", "a")), SPAN: Note(("c", "A"), "why?")})
        assert notes.tags_in(TRACE.trace_id) == ("a", "b", "c")
        assert notes.known_tags == ("a", "b", "c")
    assert telemetry.notes.all() == {TRACE: Note(("a", "b")), SPAN: Note(("A", "c"), "why?")}
    with qtbot.waitSignal(notes.written):
        notes.write({SPAN: Note()})
        assert notes.places_of(TRACE.trace_id) == (TRACE,)
    assert SPAN not in telemetry.notes.all()


def test_what_another_process_wrote_is_known_after_a_reload(
    notes: Notes, telemetry: StoredTelemetry, qtbot: QtBot
) -> None:
    telemetry.notes.write(TRACE, Note(comment="from a terminal"))
    with qtbot.waitSignal(notes.changed):
        notes.reload()
    assert notes.of(*TRACE).comment == "from a terminal"


def test_what_cannot_be_kept_is_refused_and_nothing_changes(notes: Notes) -> None:
    with pytest.raises(UsageError):
        notes.write({TRACE: Note(("a,b",))})
    assert notes.places_of(TRACE.trace_id) == ()


def test_the_dialog_changes_tags_and_comment(notes: Notes, window: QWidget, qtbot: QtBot) -> None:
    with qtbot.waitSignal(notes.written):
        notes.write({TRACE: Note(("old",), "before")})
    dialog = edit_note(notes, [TRACE], HOSTILE, window)
    assert unnamed_controls(dialog) == []
    assert "<b>evil</b>" in dialog.title.text()
    assert "\u202e" not in dialog.title.text()
    assert dialog.title.textFormat() is Qt.TextFormat.PlainText
    assert (dialog.tags.text(), dialog.comment.toPlainText()) == ("old", "before")
    dialog.tags.setText("slow, to do,, Slow")
    dialog.comment.setPlainText("after\nall")
    with qtbot.waitSignal(notes.written):
        dialog.save.click()
    assert notes.of(*TRACE) == Note(("Slow", "to do"), "after\nall")


def test_the_dialog_says_what_is_no_tag_and_stays(notes: Notes, window: QWidget) -> None:
    dialog = edit_note(notes, [TRACE], "answer", window)
    dialog.tags.setText("x" * 100)
    dialog.save.click()
    assert dialog.isVisible()
    assert "60 characters" in dialog.problem.text()
    dialog.cancel.click()
    assert notes.places_of(TRACE.trace_id) == ()


def test_several_traces_are_given_tags_beside_their_own(notes: Notes, window: QWidget, qtbot: QtBot) -> None:
    with qtbot.waitSignal(notes.written):
        notes.write({TRACE: Note(("own",), "kept")})
    dialog: NoteDialog = edit_note(notes, [TRACE, OTHER], "", window)
    assert not dialog.comment.isVisible()
    dialog.tags.setText("new")
    with qtbot.waitSignal(notes.written):
        dialog.save.click()
    assert notes.of(*TRACE) == Note(("new", "own"), "kept")
    assert notes.of(*OTHER) == Note(("new",))


def test_the_last_of_several_tags_is_completed(notes: Notes, window: QWidget) -> None:
    notes.write({OTHER: Note(("to look at",))})
    dialog = edit_note(notes, [TRACE], "answer", window)
    dialog.tags.setText("one, look")
    completer = dialog.tags.completer()
    assert completer.splitPath(dialog.tags.text()) == ["look"]
    completer.setCompletionPrefix("look")
    assert completer.pathFromIndex(completer.completionModel().index(0, 0)) == "one, to look at"


def test_the_line_is_there_only_where_something_is_written(qtbot: QtBot) -> None:
    line = NoteLine()
    qtbot.addWidget(line)
    line.show_notes(Note(), Note(), 0)
    assert line.isHidden()
    line.show_notes(Note(("slow",), HOSTILE), Note(), 2)
    assert not line.isHidden()
    assert "2 other spans noted" in line.trace.comment.text()
    assert "\u202e" not in line.trace.comment.text()
    assert line.span.isHidden()
    assert unnamed_controls(line) == []


def test_notes_are_part_of_the_workbench(telemetry: StoredTelemetry, qtbot: QtBot) -> None:  # noqa: ARG001 - makes the application
    with workbench_over(telemetry, []) as bench:
        assert isinstance(bench, Workbench)
        assert bench.notes.known_tags == ()


def test_a_deletion_says_that_notes_go_too_and_they_go(
    notes: Notes, telemetry: StoredTelemetry, window: QWidget, qtbot: QtBot
) -> None:
    for number in (1, 2):
        telemetry.add(otlp.trace_request(otlp.span("work", trace=otlp.trace_id(number), id=otlp.span_id(number))))
    first, second = (otlp.trace_id(number).hex() for number in (1, 2))
    telemetry.notes.write(NotedPlace(first), Note(("slow",)))
    bench = notes.parent()
    assert isinstance(bench, Workbench)
    for request, words in (
        (one_trace(first, "work"), "The trace has tags or notes, which are deleted, too."),
        (everything(), "1 of the traces has tags or notes, which are deleted, too."),
    ):
        dialog = ask_deletion(bench, request, window)
        qtbot.waitUntil(dialog.delete.isEnabled)
        assert dialog.kept.text() == words
        dialog.cancel.click()
    telemetry.delete(Selection(trace_ids=(second,)))
    assert telemetry.notes.traces() == {first}
    telemetry.delete(Selection(trace_ids=(first,)))
    assert telemetry.notes.traces() == frozenset()

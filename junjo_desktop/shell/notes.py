"""The notes as the window knows them: changed at once on screen, written in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from junjo_desktop.background import Latest
from junjo_desktop.state.notes import Note, NotedPlace, NotesByPlace, checked_note

if TYPE_CHECKING:
    from junjo_desktop.shell.workbench import Backend

_FIELDS = ("tag", "note")
NOT_KEPT_WORDS = "Tags and notes do not keep a trace from retention; a star does"


class Notes(QObject):
    """What is written on traces and spans. `changed` comes after every change, from wherever."""

    changed = Signal()
    written = Signal()
    """What was changed here is kept: queries know it from now on."""

    def __init__(
        self, backend: Backend, workers: Executor, report_error: Callable[[Exception], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._report_error = report_error
        self._notes: NotesByPlace = {}
        self._of_traces: Mapping[str, tuple[NotedPlace, ...]] = {}
        self._unwritten = _Unwritten()
        self._reading: Latest[NotesByPlace] = Latest(workers, self._show, report_error, self)
        self._writing: Latest[NotesByPlace] = Latest(workers, self._kept, self._fail, self)

    def of(self, trace_id: str, span_id: str = "") -> Note:
        """Return the note on a trace, or on one of its spans; an empty one where there is none."""
        return self._notes.get(NotedPlace(trace_id, span_id), Note())

    def places_of(self, trace_id: str) -> tuple[NotedPlace, ...]:
        """Return where in a trace something is written: first the trace itself."""
        return self._of_traces.get(trace_id, ())

    def tags_in(self, trace_id: str) -> tuple[str, ...]:
        """Return the tags of a trace, then those of its spans, each once whatever its case."""
        return _each_once(tag for place in self.places_of(trace_id) for tag in self._notes[place].tags)

    def tags_of_span(self, trace_id: str, span_id: str) -> tuple[str, ...]:
        """Return the tags of a span, then those of its trace, each once."""
        return _each_once((*self.of(trace_id, span_id).tags, *self.of(trace_id).tags))

    @property
    def known_tags(self) -> tuple[str, ...]:
        """Every tag that is given anywhere, in the order of the alphabet."""
        return tuple(sorted(_each_once(tag for note in self._notes.values() for tag in note.tags), key=str.casefold))

    def reload(self) -> None:
        """Read again: the command line may have written something."""
        if not self._reading.busy and not self._writing.busy:
            self._reading.submit(partial(_read, self._backend))

    def write(self, notes: Mapping[NotedPlace, Note]) -> None:
        """Have exactly these notes on these places; an empty one takes off what was there. Raises `UsageError`."""
        checked = {place: checked_note(note) for place, note in notes.items()}
        self._unwritten.add(checked)
        self._reading.cancel()
        self._writing.submit(partial(_write, self._backend, self._unwritten))
        self._show({place: note for place, note in {**self._notes, **checked}.items() if note})

    def _kept(self, notes: NotesByPlace) -> None:
        self._show(notes)
        self.written.emit()

    def _fail(self, error: Exception) -> None:
        self._report_error(error)
        # What is shown must be what is kept.
        self.reload()

    def _show(self, notes: NotesByPlace) -> None:
        if notes != self._notes:
            self._notes = notes
            of_traces: dict[str, tuple[NotedPlace, ...]] = {}
            for place in sorted(notes):
                of_traces[place.trace_id] = (*of_traces.get(place.trace_id, ()), place)
            self._of_traces = of_traces
            self.changed.emit()


class _Unwritten:
    """What was changed on screen and is not written yet. A job that is dropped leaves its part to the next one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._writing = Lock()
        self._wanted: dict[NotedPlace, Note] = {}

    def add(self, notes: Mapping[NotedPlace, Note]) -> None:
        with self._lock:
            self._wanted.update(notes)

    def write(self, backend: Backend) -> None:
        # One at a time: of two changes of one place the later one must be written last.
        with self._writing:
            with self._lock:
                wanted, self._wanted = self._wanted, {}
            for place, note in wanted.items():
                backend.notes.write(place, note)


def may_ask_for_notes(query: str) -> bool:
    """Whether what a query finds may be another when notes are."""
    return any(field in query.lower() for field in _FIELDS)


def _each_once(tags: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def _read(backend: Backend) -> NotesByPlace:
    return backend.notes.all()


def _write(backend: Backend, unwritten: _Unwritten) -> NotesByPlace:
    unwritten.write(backend)
    return backend.notes.all()

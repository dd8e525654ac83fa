"""Which steps and state updates a text finds: words, `store:…`, `action:…`, and paths into the state. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junjo_desktop.features.run.selection import Step as UpdateStep
from junjo_desktop.features.run.steps_rows import StepRows
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.telemetry.junjo.state import StoreHistory, Transition

_STORE, _ACTION = "store:", "action:"


@dataclass(frozen=True, slots=True)
class StepsFilter:
    """All parts must hold. Words are looked for in names of stores, actions and spans; case does not matter there."""

    words: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """RFC 6901 pointers: an update must have changed what each of them points to."""

    @property
    def has_only_words(self) -> bool:
        """Whether spans without updates may be found, too."""
        return not (self.stores or self.actions or self.paths)


@dataclass(frozen=True, slots=True)
class FoundSteps:
    """What a filter left: state updates that are listed, and spans found by their own name."""

    updates: frozenset[UpdateStep]
    spans: frozenset[str]


def read_filter(text: str) -> StepsFilter:
    """Read what was typed. A part that begins with / is a path; one in double quotes may hold blanks."""
    found: dict[str, list[str]] = {"": [], _STORE: [], _ACTION: [], "/": []}
    for part in _parts(text):
        if part.startswith("/"):
            found["/"].append(part)
            continue
        kind = next((prefix for prefix in (_STORE, _ACTION) if part.lower().startswith(prefix)), "")
        if wanted := part[len(kind) :].casefold():
            found[kind].append(wanted)
    return StepsFilter(*(tuple(found[kind]) for kind in ("", _STORE, _ACTION, "/")))


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for place, piece in enumerate(text.split('"')):
        if place % 2 == 0:
            parts.extend(piece.split())
        elif parts and parts[-1].endswith(":"):
            parts[-1] += piece
        else:
            parts.append(piece)
    return [part for part in parts if part]


@dataclass(frozen=True, slots=True)
class FindSteps:
    """A job: which steps of a run a text finds. States may have to be made for it, so it runs in the background."""

    run: Run
    histories: Mapping[str, StoreHistory]
    rows: StepRows
    text: str

    def __call__(self) -> FoundSteps:
        wanted = read_filter(self.text)
        names = {step.span_id: step.name.casefold() for step in self.run.steps}
        on_paths = self._on_paths(wanted)
        updates = frozenset(
            step
            for step in self.rows.order
            if (on_paths is None or step in on_paths) and _holds(wanted, self.rows.transitions[step], names)
        )
        spans = frozenset[str]()
        if wanted.has_only_words:
            spans = frozenset(one for one, name in names.items() if all(word in name for word in wanted.words))
        return FoundSteps(updates, spans)

    def _on_paths(self, wanted: StepsFilter) -> set[UpdateStep] | None:
        found: set[UpdateStep] | None = None
        for path in wanted.paths:
            changed = {
                (store_id, position)
                for store_id, history in self.histories.items()
                for position in history.steps_changing(path)
            }
            found = changed if found is None else found & changed
        return found


def _holds(wanted: StepsFilter, transition: Transition, span_names: Mapping[str, str]) -> bool:
    event = transition.event
    store, action = event.store_name.casefold(), event.action.casefold()
    return (
        all(name in store for name in wanted.stores)
        and all(name in action for name in wanted.actions)
        and all(word in store or word in action or word in span_names[event.span_id] for word in wanted.words)
    )

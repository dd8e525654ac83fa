"""What is not as it should be with the spans of a trace: each kind counted, with the spans concerned. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.features.trace.tree import Mark, SpanTree


@dataclass(frozen=True, slots=True)
class Oddity:
    """One kind of oddness. `one` and `many` name it after a count."""

    key: str
    one: str
    many: str
    explanation: str
    span_ids: tuple[str, ...]
    """The spans concerned, in the order of the waterfall."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found, in the order in which it is told; kinds without spans are left out."""

    oddities: tuple[Oddity, ...] = ()
    failed_places: tuple[int, ...] = ()
    """Where in the order of the waterfall failed spans stand."""

    def oddity(self, key: str) -> Oddity | None:
        """Return one kind, None when no span is concerned."""
        return next((oddity for oddity in self.oddities if oddity.key == key), None)


_KINDS = (
    ("failures", "failure", "failures", "Spans that failed; E goes to the next one."),
    ("roots", "root", "roots", "More than one span names no parent; all of them are shown."),
    (
        "parents_missing",
        "parent missing",
        "parents missing",
        "Spans that name a parent which has not arrived stand at the root level.",
    ),
    ("cycles", "cycle", "cycles", "Spans that are their own ancestors; the circle is cut."),
    (
        "outside",
        "outside its parent",
        "outside their parents",
        "They reach beyond their parent by more than 1 ms: clocks differ, or work went on. Times are as sent.",
    ),
    ("odd_times", "odd time", "odd times", "Spans that end before they start, or tell no time. Times are as sent."),
    ("dropped", "item dropped", "items dropped", "Attributes, events and links that the senders dropped."),
)
_MARKS = {
    "parents_missing": Mark.PARENT_MISSING,
    "cycles": Mark.CYCLE,
    "outside": Mark.OUTSIDE_PARENT,
    "odd_times": Mark.ENDS_BEFORE_START | Mark.NO_TIME,
}


def find_oddities(tree: SpanTree) -> Health:
    """Look at every span once."""
    found: dict[str, list[str]] = {key: [] for key, *_ in _KINDS}
    failed_places: list[int] = []
    for place, position in enumerate(tree.order):
        span, marks = tree.spans[position], tree.marks[position]
        if span.is_error:
            failed_places.append(place)
            found["failures"].append(span.span_id)
        if span.parent_span_id is None:
            found["roots"].append(span.span_id)
        if span.dropped_count:
            found["dropped"].append(span.span_id)
        if marks is not Mark.NONE:
            for key, wanted in _MARKS.items():
                if marks & wanted:
                    found[key].append(span.span_id)
    if len(found["roots"]) < 2:
        found["roots"] = []
    oddities = tuple(Oddity(*kind, tuple(found[kind[0]])) for kind in _KINDS if found[kind[0]])
    return Health(oddities, tuple(failed_places))

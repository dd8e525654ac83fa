"""What narrows and orders every list of telemetry: a service, when it started, how long it took, a text. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Self

from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import duration_text
from junjo_desktop.widgets.time_range import ANY_TIME, TimeRange, range_words

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class ListSort:
    """An order of a list; ties are newest first, so that it is stable. A list says by what it can be sorted."""

    by: StrEnum
    """The values are kept in the window's state."""
    descending: bool = True

    @property
    def newest_first(self) -> bool:
        """Whether it is as by default, and new rows come in at the top."""
        return self == type(self)()  # type: ignore[call-arg]  # what a list adds is the default of `by`


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What a row must satisfy to be listed; the default lets every row through. Lists add fields of their own."""

    HAS_DURATION: ClassVar[bool] = True
    """Whether rows take time; where they do not, there are no limits of duration to choose."""

    service: str | None = None
    time_range: TimeRange = ANY_TIME
    min_duration_ns: int | None = None
    max_duration_ns: int | None = None
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether every row is listed."""
        return not self.words()

    def without(self, part: str) -> Self:
        """Return this filter with one part cleared: a field's name, or `duration` for both of its ends."""
        if part == "duration":
            return replace(self, min_duration_ns=None, max_duration_ns=None)
        return replace(self, **{part: getattr(type(self)(), part)})

    def cleared(self) -> Self:
        """Return this filter with all that `words` names cleared."""
        found = self
        for part in self.words():
            found = found.without(part)
        return found

    def words(self) -> dict[str, str]:
        """Return what is in force, by the name that `without` knows: `{"text": "query “refund”"}`."""
        words: dict[str, str] = {}
        if self.service is not None:
            words["service"] = f"service {quoted(self.service)}"
        words |= self.own_words()
        if not self.time_range.is_open:
            verb = "started" if self.HAS_DURATION else "written"
            words["time_range"] = f"{verb} {range_words(self.time_range)}"
        if self.min_duration_ns is not None or self.max_duration_ns is not None:
            words["duration"] = _duration_words(self.min_duration_ns, self.max_duration_ns)
        if self.text.strip():
            words["text"] = f"query “{quoted(self.text.strip())}”"
        return words

    def own_words(self) -> dict[str, str]:
        """Return the same of the fields that a list added."""
        return {}


def quoted(text: str) -> str:
    """Return a text of a sender as a part of a sentence: on one line, cut, and not turning its direction."""
    return isolated(one_line(text, _LONGEST))


def _duration_words(least_ns: int | None, most_ns: int | None) -> str:
    if least_ns is None:
        return f"took at most {duration_text(most_ns or 0)}"
    if most_ns is None:
        return f"took at least {duration_text(least_ns)}"
    return f"took {duration_text(least_ns)} – {duration_text(most_ns)}"

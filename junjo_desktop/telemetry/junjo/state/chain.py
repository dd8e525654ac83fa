"""Consecutive versions of one document: a base, and patches that all apply, one after the other.

Versions share structure. Those that cost little are all kept; of a state with very wide objects or arrays, which must
be copied to change one item, only some are kept, and those between are made again when asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from junjo_desktop.telemetry.junjo.state.patch import Ownership, Patch, PatchError, applied

_CHEAP_SLOTS = 256
_KEPT_EVERY = 64
_WIDE_VERSIONS = 32
_REMEMBERED = 8


class Chain:
    """Versions from `first`, the position of the step that the first patch belongs to. Any thread may ask."""

    def __init__(self, first: int, base: Any, expected: int = 0) -> None:
        """`expected` is how many patches will come, at most."""
        self.first = first
        self._patches: list[Patch] = []
        self._kept: dict[int, Any] = {0: base}
        self._newest = base
        self._ownership = Ownership()
        self._since_kept = 0
        self._every = max(_KEPT_EVERY, expected // _WIDE_VERSIONS)
        self._remembered: OrderedDict[int, Any] = OrderedDict()
        self._lock = Lock()

    @property
    def end(self) -> int:
        """The position after that of the last step."""
        return self.first + len(self._patches)

    @property
    def newest(self) -> Any:
        """The version after the last step. Only good until the next `append`."""
        return self._newest

    def holds(self, position: int) -> bool:
        """Whether the step at a position is one of this chain."""
        return self.first <= position < self.end

    def append(self, patch: Patch) -> None:
        """Add a version. Raises PatchError, and is then as before."""
        try:
            self._newest = applied(self._newest, patch, self._ownership)
        except PatchError:
            self._ownership = Ownership()
            self._newest = self._made(len(self._patches))
            raise
        self._patches.append(patch)
        self._since_kept += 1
        if self._ownership.copied <= _CHEAP_SLOTS or self._since_kept >= self._every:
            self._kept[len(self._patches)] = self._newest
            self._ownership.release()
            self._since_kept = 0

    def finish(self) -> Any:
        """Return the newest version, and keep it: nothing will be appended."""
        self._kept[len(self._patches)] = self._newest
        self._ownership.release()
        return self._newest

    def before(self, position: int) -> Any:
        """Return the version before the step at a position."""
        return self._version(position - self.first)

    def after(self, position: int) -> Any:
        """Return the version after the step at a position."""
        return self._version(position - self.first + 1)

    def walk(
        self, is_wanted: Callable[[Patch], bool], look: Callable[[Any], Any]
    ) -> Iterator[tuple[int, Patch, Any, Any]]:
        """Yield position, patch, and what `look` finds in the versions before and after every wanted step."""
        document, mine = self._kept[0], Ownership()
        for offset, patch in enumerate(self._patches):
            if not is_wanted(patch):
                document = applied(document, patch, mine)
                continue
            before = look(document)
            _protect(before, mine)
            document = applied(document, patch, mine)
            after = look(document)
            yield self.first + offset, patch, before, after
            _protect(after, mine)

    def _version(self, number: int) -> Any:
        with self._lock:
            if number in self._kept:
                return self._kept[number]
            if number not in self._remembered:
                self._remembered[number] = self._made(number)
                if len(self._remembered) > _REMEMBERED:
                    self._remembered.popitem(last=False)
            self._remembered.move_to_end(number)
            return self._remembered[number]

    def _made(self, number: int) -> Any:
        known = {**self._remembered, **self._kept} if self._remembered else self._kept
        nearest = max(kept for kept in known if kept <= number)
        document, mine = known[nearest], Ownership()
        for patch in self._patches[nearest:number]:
            document = applied(document, patch, mine)
        return document


def _protect(value: Any, mine: Ownership) -> None:
    """Keep an object or array from being changed by what is applied next."""
    if isinstance(value, dict | list):
        mine.release()

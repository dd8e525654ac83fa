"""Pinned paths, by the name of the workflow they were pinned for. Qt-free."""

from __future__ import annotations

import json

from junjo_desktop.telemetry.junjo.state.pointer import pointer_tokens

_WORKFLOWS = 200
_PATHS = 20
_LONGEST = 1_000


class Pins:
    """Newest last; the names that were used longest ago are forgotten first."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[str]] = {}

    def of(self, name: str) -> tuple[str, ...]:
        """Return the paths that are pinned for a workflow."""
        return tuple(self._by_name.get(name, ()))

    def pin(self, name: str, pointer: str) -> None:
        """Pin a path; beyond twenty of one workflow the oldest goes."""
        paths = [kept for kept in self._by_name.pop(name, []) if kept != pointer]
        self._by_name[name] = [*paths, pointer][-_PATHS:]
        while len(self._by_name) > _WORKFLOWS:
            del self._by_name[next(iter(self._by_name))]

    def unpin(self, name: str, pointer: str) -> None:
        """Let go of a path."""
        paths = [kept for kept in self._by_name.pop(name, []) if kept != pointer]
        if paths:
            self._by_name[name] = paths

    def saved(self) -> str:
        """Return all pins as text."""
        return json.dumps(self._by_name)

    def restore(self, text: str) -> None:
        """Read back what `saved` wrote; anything odd is left out."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(found, dict):
            return
        for name, paths in list(found.items())[-_WORKFLOWS:]:
            for pointer in paths if isinstance(paths, list) else ():
                if isinstance(pointer, str) and len(pointer) <= _LONGEST and pointer_tokens(pointer) is not None:
                    self.pin(name, pointer)

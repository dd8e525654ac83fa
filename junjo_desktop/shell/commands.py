"""Commands as data: menus, shortcuts, the palette and the key sheet read the same values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do. `shortcut` is portable Qt text ("Ctrl+K") or empty; `group` heads it in lists."""

    id: str
    title: str
    run: Callable[[], object]
    shortcut: str = ""
    group: str = ""
    icon: str = ""
    enabled: Callable[[], bool] = _always
    also: str = ""
    """A second shortcut that does the same."""
    repeats: bool = False
    """Whether it runs again and again while its key is held down."""

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """Its shortcuts, the one that is shown in lists first."""
        return tuple(key for key in (self.shortcut, self.also) if key)

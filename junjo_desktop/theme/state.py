"""Which tokens are in force. Painters ask `current()` each time they paint."""

from __future__ import annotations

from junjo_desktop.theme.tokens import LIGHT, Tokens

_in_force = [LIGHT]


def current() -> Tokens:
    """Return the tokens of the theme in force."""
    return _in_force[0]


def put_in_force(tokens: Tokens) -> None:
    """Called by `theme.apply` only."""
    _in_force[0] = tokens

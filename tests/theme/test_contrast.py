"""What must be read can be read: WCAG 2.2, AA."""

from __future__ import annotations

import pytest

from junjo_desktop.theme.color import contrast
from junjo_desktop.theme.roles import Role, kind_role, role_background, role_color
from junjo_desktop.theme.tokens import DARK, LIGHT, Tokens

THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
READABLE: tuple[Role, ...] = (
    "text", "dim", "info", "error", "warning", "ok", "llm", "tool", "workflow", "node", "retrieval", "database",
)  # fmt: skip
GROUNDS = ("background", "panel", "panel_2", "accent_bg")


@THEMES
@pytest.mark.parametrize("role", READABLE)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_of_every_role_is_readable_on_every_ground(tokens: Tokens, role: Role, ground: str) -> None:
    assert contrast(role_color(tokens, role), getattr(tokens, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("role", READABLE)
def test_tags_are_readable(tokens: Tokens, role: Role) -> None:
    assert contrast(role_color(tokens, role), role_background(tokens, role)) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", ["accent", "error"])
def test_the_words_on_a_filled_button_are_readable(tokens: Tokens, ground: str) -> None:
    words = tokens.background if tokens.name == "dark" else tokens.panel
    assert contrast(words, getattr(tokens, ground)) >= 4.5


@THEMES
def test_bars_and_dots_stand_out_from_the_ground(tokens: Tokens) -> None:
    weakest = min(contrast(role_color(tokens, role), tokens.panel) for role in READABLE)
    assert weakest >= 3


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_unknown_span_types_are_coloured_as_nodes() -> None:
    assert kind_role("something new") == "node"
    assert kind_role("llm") == "llm"

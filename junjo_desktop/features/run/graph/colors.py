"""Which token means what in the graph. Every state also has a word and a shape, never a colour alone. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.tokens import Tokens


@dataclass(frozen=True, slots=True)
class NodeColors:
    """Colours of one node, `#RRGGBB`."""

    fill: str
    border: str
    label: str
    detail: str


def node_colors(tokens: Tokens, state: ExecutionState) -> NodeColors:
    """Return the colours of a node in this state."""
    match state:
        case ExecutionState.NOT_RUN:
            return NodeColors(tokens.panel_2, mix(tokens.faint, tokens.panel, 0.7), tokens.dim, tokens.dim)
        case ExecutionState.FAILED:
            return NodeColors(tokens.error_bg, tokens.error, tokens.error, tokens.error)
        case ExecutionState.CANCELLED | ExecutionState.LOST:
            return NodeColors(tokens.panel, tokens.warning, tokens.text, tokens.warning)
        case ExecutionState.RUNNING:
            return NodeColors(tokens.accent_bg, tokens.accent, tokens.text, tokens.accent)
        case _:
            return NodeColors(tokens.panel, tokens.ok, tokens.text, tokens.dim)


def group_fill(tokens: Tokens) -> str:
    """Return the ground of a concurrent group."""
    return mix(tokens.node, tokens.panel_2, 0.10)


def group_border(tokens: Tokens) -> str:
    """Return the border of a concurrent group that needs no other: groups in groups can be told apart."""
    return mix(tokens.node, tokens.panel_2, 0.24)


def frame_fill(tokens: Tokens) -> str:
    """Return the ground of an opened subflow."""
    return mix(tokens.workflow, tokens.panel_2, 0.05)


def frame_border(tokens: Tokens) -> str:
    """Return the border of an opened subflow that needs no other."""
    return mix(tokens.workflow, tokens.panel_2, 0.35)


def edge_color(tokens: Tokens, *, is_taken: bool) -> str:
    """Return the colour of an edge and its arrow."""
    return mix(tokens.dim, tokens.text, 0.8) if is_taken else tokens.faint


def edge_text_color(tokens: Tokens, *, is_taken: bool) -> str:
    """Return the colour of the text beside an edge."""
    return mix(tokens.text, tokens.dim, 0.45) if is_taken else tokens.dim

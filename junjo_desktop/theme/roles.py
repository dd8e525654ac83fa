"""Colour roles: what a colour means, for tags, bars and dots. Qt-free."""

from __future__ import annotations

from typing import Literal

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.tokens import Tokens

Role = Literal[
    "text", "dim", "faint", "info", "error", "warning", "ok", "llm", "tool", "workflow", "node", "retrieval", "database"
]

_KINDS: dict[str, Role] = {
    "workflow": "workflow",
    "subflow": "workflow",
    "agent": "workflow",
    "llm": "llm",
    "embedding": "llm",
    "tool": "tool",
    "retrieval": "retrieval",
    "database": "database",
    "http": "database",
    "rpc": "database",
    "messaging": "database",
}
_KIND_WORDS = {"llm": "LLM", "embedding": "embed", "database": "db"}


def kind_role(span_type: str) -> Role:
    """Return the colour role of a span type; anything unknown is coloured as a node."""
    return _KINDS.get(span_type, "node")


def kind_word(span_type: str) -> str:
    """Return the word on a span's tag: `LLM`, `db`, else its type."""
    return _KIND_WORDS.get(span_type, span_type)


def role_color(tokens: Tokens, role: Role) -> str:
    """Return the colour for text, bars and dots of this role."""
    return tokens.accent if role == "info" else str(getattr(tokens, role))


def role_background(tokens: Tokens, role: Role) -> str:
    """Return the ground on which text of this role stands in a tag."""
    match role:
        case "info":
            return tokens.accent_bg
        case "error":
            return tokens.error_bg
        case "warning":
            return tokens.warning_bg
        case "ok":
            return tokens.ok_bg
        case "text" | "dim" | "faint":
            return mix(tokens.dim, tokens.panel, 0.12)
        case _:
            return mix(role_color(tokens, role), tokens.panel, 0.12)

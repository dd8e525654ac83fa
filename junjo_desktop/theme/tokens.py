"""Design tokens: the only place where a colour, a size or a radius is written down.

Contrast of text on its background is at least 4.5 : 1 (WCAG 2.2, AA); a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass

FONT_PX = 13
MONO_PX = 12
ROW_PX = 25
GRID_PX = 4
RADIUS_PX = 6
BAR_PX = 12
RAIL_PX = 196


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Every value is `#RRGGBB`."""

    name: str
    background: str
    panel: str
    panel_2: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    accent_bg: str
    error: str
    error_bg: str
    warning: str
    warning_bg: str
    ok: str
    ok_bg: str
    llm: str
    tool: str
    workflow: str
    node: str
    retrieval: str
    database: str


LIGHT = Tokens(
    name="light",
    background="#F6F7F9",
    panel="#FFFFFF",
    panel_2="#FAFBFC",
    line="#E3E6EB",
    text="#1B2029",
    dim="#68707D",
    faint="#9AA1AD",
    accent="#2F6FEB",
    accent_bg="#E8F0FE",
    error="#D13438",
    error_bg="#FDECEC",
    warning="#B76E00",
    warning_bg="#FFF3DC",
    ok="#1E8E5A",
    ok_bg="#E6F5EE",
    llm="#7C4DDB",
    tool="#0E8A8A",
    workflow="#2F6FEB",
    node="#5B7083",
    retrieval="#2E8B57",
    database="#9A6B3F",
)

DARK = Tokens(
    name="dark",
    background="#14161A",
    panel="#1B1E24",
    panel_2="#1F232A",
    line="#2C313A",
    text="#E4E7EC",
    dim="#98A0AD",
    faint="#6C7480",
    accent="#6EA0FF",
    accent_bg="#22324F",
    error="#F26D6D",
    error_bg="#3A2224",
    warning="#F0B04A",
    warning_bg="#3A2E17",
    ok="#4CC38A",
    ok_bg="#19322A",
    llm="#B08CFF",
    tool="#45C4C4",
    workflow="#6EA0FF",
    node="#8DA2B5",
    retrieval="#5FC48D",
    database="#D2A273",
)

"""Design tokens: the only place where a colour, a size or a radius is written down.

Contrast of text on its background is at least 4.5 : 1 (WCAG 2.2, AA); a test computes it. Some colours of the
first drawings were darkened (light theme) or lightened (dark) for it. `faint` is for decoration only: what must be
read uses `dim`.
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
    dim="#626A77",
    faint="#9AA1AD",
    accent="#1F5FDE",
    accent_bg="#E8F0FE",
    error="#C62D31",
    error_bg="#FDECEC",
    warning="#965A00",
    warning_bg="#FFF3DC",
    ok="#1A774C",
    ok_bg="#E6F5EE",
    llm="#7847D8",
    tool="#0C7676",
    workflow="#1F5FDE",
    node="#576B7E",
    retrieval="#28774A",
    database="#8B6038",
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
    error="#F57878",
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

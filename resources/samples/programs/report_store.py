"""What a report in the making knows, and what one section of it knows."""

from __future__ import annotations

from collections.abc import Mapping

from junjo import BaseState, BaseStore
from pydantic import Field


class ReportState(BaseState):
    """One report."""

    week: str
    status: str = "gathering"
    figures: dict[str, dict[str, float]] = Field(default_factory=dict)
    reviews: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    edited: str | None = None
    passes: int = 0
    ready: bool = False


class ReportStore(BaseStore[ReportState]):
    """Store of the report."""

    async def add_figures(self, source: str, figures: Mapping[str, float]) -> None:
        await self.set_state({"figures": {**(await self.get_state()).figures, source: dict(figures)}})

    async def set_reviews(self, reviews: tuple[str, ...]) -> None:
        await self.set_state({"reviews": reviews})

    async def set_status(self, status: str) -> None:
        await self.set_state({"status": status})

    async def add_section(self, text: str) -> None:
        await self.set_state({"sections": (*(await self.get_state()).sections, text)})

    async def set_edited(self, edited: str, passes: int) -> None:
        await self.set_state({"edited": edited, "passes": passes})

    async def set_ready(self, ready: bool) -> None:
        await self.set_state({"ready": ready})


class SectionState(BaseState):
    """One section."""

    topic: str = ""
    outline: tuple[str, ...] = ()
    text: str | None = None


class SectionStore(BaseStore[SectionState]):
    """Store of the subflow that writes a section."""

    async def set_topic(self, topic: str) -> None:
        await self.set_state({"topic": topic})

    async def set_outline(self, outline: tuple[str, ...]) -> None:
        await self.set_state({"outline": outline})

    async def set_text(self, text: str) -> None:
        await self.set_state({"text": text})

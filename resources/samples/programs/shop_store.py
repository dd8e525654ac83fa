"""What the shop assistant knows while it works: one store for a message, one for an answer in the making."""

from __future__ import annotations

from junjo import BaseState, BaseStore


class Critique(BaseState):
    """What the reviewing model thought of a draft."""

    score: float
    why: str


class MessageState(BaseState):
    """One message of a customer, and what became of it."""

    session: str
    message: str
    customer: dict[str, str] | None = None
    history: tuple[str, ...] = ()
    directive: str | None = None
    answer: str | None = None
    refund: dict[str, str | float] | None = None
    verdict: str | None = None


class MessageStore(BaseStore[MessageState]):
    """Store of the workflow."""

    async def set_customer(self, customer: dict[str, str]) -> None:
        await self.set_state({"customer": customer})

    async def set_history(self, history: tuple[str, ...]) -> None:
        await self.set_state({"history": history})

    async def set_directive(self, directive: str) -> None:
        await self.set_state({"directive": directive})

    async def set_refund(self, refund: dict[str, str | float]) -> None:
        await self.set_state({"refund": refund})

    async def set_verdict(self, verdict: str) -> None:
        await self.set_state({"verdict": verdict})

    async def set_answer(self, answer: str) -> None:
        await self.set_state({"answer": answer})


class AnswerState(BaseState):
    """A question with what was found about it, and the drafts so far."""

    question: str = ""
    documents: tuple[str, ...] = ()
    order: dict[str, str | int | None] | None = None
    pending_tool: str | None = None
    draft: str | None = None
    iteration: int = 0
    critiques: tuple[Critique, ...] = ()


class AnswerStore(BaseStore[AnswerState]):
    """Store of the subflow that answers."""

    async def set_question(self, question: str) -> None:
        await self.set_state({"question": question})

    async def set_documents(self, documents: tuple[str, ...]) -> None:
        await self.set_state({"documents": documents})

    async def set_pending_tool(self, tool: str | None) -> None:
        await self.set_state({"pending_tool": tool})

    async def set_order(self, order: dict[str, str | int | None]) -> None:
        await self.set_state({"order": order, "pending_tool": None})

    async def set_draft(self, draft: str, iteration: int) -> None:
        await self.set_state({"draft": draft, "iteration": iteration})

    async def add_critique(self, critique: Critique) -> None:
        critiques = (await self.get_state()).critiques
        await self.set_state({"critiques": (*critiques, critique)})

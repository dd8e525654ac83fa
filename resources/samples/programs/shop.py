"""A shop's assistant, built with Junjo: a concurrent start, three ways through the graph, a subflow with a loop.

On the pretended day one refund fails because another service is down, one customer leaves while an answer is being
written, one message is still being worked on when the day ends, and one import changes its store very often.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from junjo import (
    BaseState,
    BaseStore,
    Condition,
    Edge,
    ExecutionCorrelation,
    Graph,
    Node,
    RunConcurrent,
    Workflow,
    WorkflowExecutionError,
)
from opentelemetry.trace import SpanKind

from resources.samples.programs import openinference
from resources.samples.programs.conversation import Message, ModelCall
from resources.samples.programs.day import Day, junjo_service, run
from resources.samples.programs.shop_answer import Shop, answer_subflow
from resources.samples.programs.shop_enquiries import ENQUIRIES
from resources.samples.programs.shop_store import MessageState, MessageStore
from resources.samples.programs.web import HttpError, Inventory, Policies


class RefundNotJudgedError(Exception):
    """The rules for refunds could not be asked."""


class _MessageNode(Node[MessageStore]):
    def __init__(self, shop: Shop) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Junjo's constructor has no annotation
        self.shop = shop


class SaveMessage(_MessageNode):
    """Keeps the message."""

    async def service(self, store: MessageStore) -> None:  # noqa: ARG002 - the signature is Junjo's
        attributes = {
            "db.system.name": "postgresql",
            "db.query.text": "INSERT INTO messages (session, text) VALUES ($1, $2)",
        }
        tracer = self.shop.service.tracer
        with tracer.start_as_current_span("INSERT messages", kind=SpanKind.CLIENT, attributes=attributes):
            await self.shop.day.work(0.06)


class LoadHistory(_MessageNode):
    """Reads what was said before in this session."""

    async def service(self, store: MessageStore) -> None:
        await self.shop.day.work(0.25)
        here = self.shop.enquiry
        earlier = [each for each in ENQUIRIES if each.session == here.session and each.hour < here.hour]
        await store.set_history(tuple(each.text for each in earlier))


class LoadContact(_MessageNode):
    """Reads who is asking."""

    async def service(self, store: MessageStore) -> None:
        await self.shop.day.work(0.13)
        await store.set_customer(
            {"name": self.shop.enquiry.customer, "tier": "gold" if self.shop.enquiry.order else "new"}
        )


class AssessDirective(_MessageNode):
    """Asks a small model what the customer wants."""

    async def service(self, store: MessageStore) -> None:
        shop = self.shop
        messages = (
            Message("system", "Answer with one word: question, refund or smalltalk."),
            *(Message("user", said) for said in (await store.get_state()).history),
            Message("user", shop.enquiry.text),
        )
        reply = Message("assistant", shop.enquiry.directive)
        call = ModelCall(shop.call_id(), "google", "gemini-2.5-flash", messages, reply, temperature=0.0)
        with openinference.model_call(shop.service.tracer, call, shop.enquiry.session):
            await shop.day.work(0.5)
        await store.set_directive(shop.enquiry.directive)


class Refund(_MessageNode):
    """Works out what is to be paid back."""

    async def service(self, store: MessageStore) -> None:
        order = await self.shop.inventory.order(self.shop.service.tracer, self.shop.enquiry.order or 0)
        await store.set_refund({"order": str(order["id"]), "amount": float(str(order["price"])), "currency": "EUR"})


class CheckPolicy(_MessageNode):
    """Has the refund judged by another service."""

    async def service(self, store: MessageStore) -> None:
        refund = (await store.get_state()).refund or {}
        down = self.shop.enquiry.mishap == "policy down"
        try:
            verdict = await self.shop.policies.check(self.shop.service.tracer, refund, down=down)
        except HttpError as error:
            raise RefundNotJudgedError(f"The refund of order {refund['order']} could not be judged.") from error
        await store.set_verdict(verdict)
        await store.set_answer(self.shop.enquiry.drafts[-1])


class SmallTalk(_MessageNode):
    """Answers a greeting without looking anything up."""

    async def service(self, store: MessageStore) -> None:
        shop = self.shop
        text = shop.enquiry.drafts[-1]
        messages = (Message("system", "Be friendly and short."), Message("user", shop.enquiry.text))
        call = ModelCall(shop.call_id(), "openai", "gpt-4o-mini", messages, Message("assistant", text), temperature=0.9)
        with openinference.model_call(shop.service.tracer, call, shop.enquiry.session):
            await shop.day.work(0.4)
        await store.set_answer(text)


class SendReply(_MessageNode):
    """Sends the answer."""

    async def service(self, store: MessageStore) -> None:
        await self.shop.day.work(0.07)
        # Nothing changes: the customer is who it was. Junjo records the attempt with an empty patch.
        await store.set_customer((await store.get_state()).customer or {})


class _Directive(Condition[MessageState]):
    def __init__(self, wanted: str) -> None:
        self._wanted = wanted

    def evaluate(self, state: MessageState) -> bool:
        return state.directive == self._wanted

    def __str__(self) -> str:
        return f"is {self._wanted}"


def _graph(shop: Shop) -> Graph:
    load = RunConcurrent("LoadContext", [SaveMessage(shop), LoadHistory(shop), LoadContact(shop)])
    assess, answer, refund = AssessDirective(shop), answer_subflow(shop), Refund(shop)
    check, talk, send = CheckPolicy(shop), SmallTalk(shop), SendReply(shop)
    return Graph(
        source=load,
        sinks=[send],
        edges=[
            Edge(tail=load, head=assess),
            Edge(tail=assess, head=answer, condition=_Directive("question")),
            Edge(tail=assess, head=refund, condition=_Directive("refund")),
            Edge(tail=assess, head=talk, condition=_Directive("smalltalk")),
            Edge(tail=answer, head=send),
            Edge(tail=refund, head=check),
            Edge(tail=check, head=send),
            Edge(tail=talk, head=send),
        ],
    )


class CatalogueState(BaseState):
    """How far an import is."""

    imported: int = 0


class CatalogueStore(BaseStore[CatalogueState]):
    """Store of the import."""

    async def set_imported(self, imported: int) -> None:
        await self.set_state({"imported": imported})


class ImportProducts(Node[CatalogueStore]):
    """Changes its store 150 times in one span: more events than the SDK keeps, so the oldest are dropped."""

    async def service(self, store: CatalogueStore) -> None:
        for number in range(150):
            await asyncio.sleep(0.09)
            await store.set_imported(number + 1)


def _import_workflow() -> Workflow[CatalogueState, CatalogueStore]:
    def graph() -> Graph:
        node = ImportProducts()  # type: ignore[no-untyped-call]  # Junjo's constructor has no annotation
        return Graph(source=node, sinks=[node], edges=[])

    return Workflow(
        name="import_catalogue", graph_factory=graph, store_factory=lambda: CatalogueStore(CatalogueState())
    )


async def _handle(shop: Shop) -> None:
    enquiry = shop.enquiry
    workflow: Workflow[MessageState, MessageStore] = Workflow(
        name="handle_message",
        graph_factory=lambda: _graph(shop),
        store_factory=lambda: MessageStore(MessageState(session=enquiry.session, message=enquiry.text)),
    )
    await workflow.execute(correlation=ExecutionCorrelation(type="chat.session", id=enquiry.session))


async def _receive(shop: Shop) -> None:
    handling = asyncio.create_task(_handle(shop))
    if shop.enquiry.mishap == "still running":
        await asyncio.wait({handling}, timeout=2.6)
        return
    if shop.enquiry.mishap == "customer leaves":
        await asyncio.sleep(3.1)
        handling.cancel("the customer closed the chat")
    with suppress(asyncio.CancelledError, WorkflowExecutionError):
        await handling


async def program(day: Day) -> None:
    """Handle every enquiry at its hour."""
    service = junjo_service(day, "checkout-agent", "2.4.1", "checkout-7d9f-1")
    inventory, policies = Inventory(day), Policies(day)
    for enquiry in ENQUIRIES:
        await day.until(enquiry.hour)
        await _receive(Shop(day, service, inventory, policies, enquiry))
        if enquiry.mishap == "customer leaves":
            await _import_workflow().execute()


if __name__ == "__main__":
    run(program, seed=1042)

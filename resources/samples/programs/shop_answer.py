"""The subflow that answers a question: retrieve, plan (with a tool), then draft and criticise until it is good."""

from __future__ import annotations

import json
from dataclasses import dataclass

from junjo import Condition, Edge, Graph, Node, Subflow

from resources.samples.programs import openinference
from resources.samples.programs.conversation import Message, ModelCall, ToolCall, tool_schema
from resources.samples.programs.day import Day, Service
from resources.samples.programs.shop_enquiries import Enquiry
from resources.samples.programs.shop_store import AnswerState, AnswerStore, Critique, MessageState, MessageStore
from resources.samples.programs.web import Inventory, Policies

ASSISTANT = Message(
    "system",
    """You are the assistant of a shop for tea things: kettles, pots, cups, tins and tea.

- Answer in the customer's language, in at most three sentences, without greetings or apologies that say nothing.
- Call get_order before you name a date, a carrier or a price; never guess one. Dates are written as 22 November.
- Parcels leave the warehouse within 24 hours and take two to four working days within the European Union.
- Addresses can be changed until the parcel has been handed over. After that only the carrier can do it.
- Returns are accepted within 30 days. Shoes, cups and tins must show no wear; opened tea cannot be returned.
- Refunds go back the way the money came, in three to five days. They need a check by the policy service.
- Never repeat card numbers, passwords or full addresses. Hand over to a person when the customer asks for one.""",
)
GET_ORDER = tool_schema("get_order", "Look an order up by its number.", order_id="integer")


@dataclass(frozen=True, slots=True)
class Shop:
    """What the nodes of one run work with."""

    day: Day
    service: Service
    inventory: Inventory
    policies: Policies
    enquiry: Enquiry

    def call_id(self) -> str:
        """An id as the provider gives to a completion."""
        return f"chatcmpl-{self.day.draw.getrandbits(96):024x}"


class _AnswerNode(Node[AnswerStore]):
    def __init__(self, shop: Shop) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Junjo's constructor has no annotation
        self.shop = shop


class Retrieve(_AnswerNode):
    """Looks for passages that help."""

    async def service(self, store: AnswerStore) -> None:
        question = (await store.get_state()).question
        found = [
            openinference.Document(source, text, round(0.91 - 0.17 * rank, 2), source)
            for rank, (source, text) in enumerate(self.shop.enquiry.documents)
        ]
        tracer = self.shop.service.tracer
        with openinference.retrieval(tracer, question, found):
            with openinference.embedding(tracer, "openai", "text-embedding-3-small", [question]):
                await self.shop.day.work(0.21)
            await self.shop.day.work(0.3)
        await store.set_documents(tuple(document.text for document in found))


class Plan(_AnswerNode):
    """Asks a small model whether the order is needed, and looks it up."""

    async def service(self, store: AnswerStore) -> None:
        shop, number = self.shop, self.shop.enquiry.order
        asked = (ToolCall(f"call_{number}", "get_order", {"order_id": number}),) if number else ()
        reply = Message("assistant", "" if asked else "No order is needed to answer this.", asked)
        messages = (ASSISTANT, Message("user", shop.enquiry.text))
        call = ModelCall(shop.call_id(), "openai", "gpt-4o-mini", messages, reply, 0.0, (GET_ORDER,))
        with openinference.model_call(shop.service.tracer, call, shop.enquiry.session):
            await shop.day.work(0.75)
        if number is None:
            return
        await store.set_pending_tool("get_order")
        arguments: dict[str, object] = {"order_id": number}
        with openinference.tool(shop.service.tracer, "get_order", "Look an order up by its number.", arguments) as span:
            order = await shop.inventory.order(shop.service.tracer, number)
            span.set_attributes({"output.value": json.dumps(order), "output.mime_type": "application/json"})
        await store.set_order(order)


class ModelStoppedError(Exception):
    """The model ended its answer before it was complete."""


def _stop(text: str) -> None:
    try:
        json.loads(json.dumps({"answer": text})[:40])
    except ValueError as error:
        raise ModelStoppedError("gpt-4o stopped in the middle of a sentence (finish_reason: length)") from error


class Draft(_AnswerNode):
    """Writes the next draft. Runs again while the critique is not content."""

    async def service(self, store: AnswerStore) -> None:
        state = await store.get_state()
        text = self.shop.enquiry.drafts[state.iteration]
        messages = [ASSISTANT, Message("user", state.question)]
        if state.documents:
            messages.append(Message("system", "Passages:\n" + "\n".join(state.documents)))
        if state.order:
            call_id = f"call_{state.order['id']}"
            asked = ToolCall(call_id, "get_order", {"order_id": state.order["id"]})
            messages.append(Message("assistant", calls=(asked,)))
            messages.append(Message("tool", json.dumps(state.order), answers=call_id))
        messages.extend(Message("user", f"Improve this: {critique.why}") for critique in state.critiques)
        call = ModelCall(
            self.shop.call_id(),
            "openai",
            "gpt-4o",
            tuple(messages),
            Message("assistant", text),
            cached=32 * state.iteration,
        )
        with openinference.model_call(self.shop.service.tracer, call, self.shop.enquiry.session) as span:
            await self.shop.day.work(0.2)
            span.add_event("First Token Stream Event")
            if self.shop.enquiry.mishap == "model stops" and state.iteration == 2:
                _stop(text)
            await self.shop.day.work(0.3 + len(text) / 90)
            # Inside the model's span, which Junjo does not know: the change belongs to the node all the same.
            await store.set_draft(text, state.iteration + 1)


class Critic(_AnswerNode):
    """Scores the draft with another model."""

    async def service(self, store: AnswerStore) -> None:
        state = await store.get_state()
        missing = len(self.shop.enquiry.drafts) - state.iteration
        critique = Critique(
            score=round(0.93 - 0.22 * missing, 2),
            why=("complete", "no date given", "says nothing useful")[min(missing, 2)],
        )
        messages = (
            Message("system", "Score the answer from 0 to 1 and say why, in JSON."),
            Message("user", json.dumps({"question": state.question, "answer": state.draft}, ensure_ascii=False)),
        )
        reply = Message("assistant", critique.model_dump_json())
        thought = "The customer asks for one thing. Does the answer contain it, with the date that was looked up?"
        call = ModelCall(self.shop.call_id(), "google", "gemini-2.5-flash", messages, reply, 0.0, reasoning=thought)
        with openinference.model_call(self.shop.service.tracer, call, self.shop.enquiry.session):
            await self.shop.day.work(0.4)
        await store.add_critique(critique)


class FinishAnswer(_AnswerNode):
    """Nothing is left to improve."""

    async def service(self, store: AnswerStore) -> None:
        await store.set_pending_tool(None)


class NotGoodEnough(Condition[AnswerState]):
    """The last critique is below the bar."""

    def evaluate(self, state: AnswerState) -> bool:
        return state.critiques[-1].score < 0.9

    def __str__(self) -> str:
        return "not good enough"


class GoodEnough(Condition[AnswerState]):
    """The last critique is content."""

    def evaluate(self, state: AnswerState) -> bool:
        return state.critiques[-1].score >= 0.9

    def __str__(self) -> str:
        return "good enough"


class AnswerSubflow(Subflow[AnswerState, AnswerStore, MessageState, MessageStore]):
    """Takes the message over from the workflow, and hands the answer back."""

    async def pre_run_actions(self, parent_store: MessageStore, subflow_store: AnswerStore) -> None:
        await subflow_store.set_question((await parent_store.get_state()).message)

    async def post_run_actions(self, parent_store: MessageStore, subflow_store: AnswerStore) -> None:
        answer = (await subflow_store.get_state()).draft
        if answer is not None:
            await parent_store.set_answer(answer)


def answer_subflow(shop: Shop) -> AnswerSubflow:
    """Build the subflow of one run."""
    return AnswerSubflow(
        graph_factory=lambda: _graph(shop), store_factory=lambda: AnswerStore(AnswerState()), name="AnswerSubflow"
    )


def _graph(shop: Shop) -> Graph:
    retrieve, plan, draft, critic, finish = (
        Retrieve(shop),
        Plan(shop),
        Draft(shop),
        Critic(shop),
        FinishAnswer(shop),
    )
    return Graph(
        source=retrieve,
        sinks=[finish],
        edges=[
            Edge(tail=retrieve, head=plan),
            Edge(tail=plan, head=draft),
            Edge(tail=draft, head=critic),
            Edge(tail=critic, head=draft, condition=NotGoodEnough()),
            Edge(tail=critic, head=finish, condition=GoodEnough()),
        ],
    )

"""A support desk without Junjo: plain OpenTelemetry spans in the GenAI semantic conventions, and their log events.

Tickets are classified in one short call; conversations go over several traces that share `gen_ai.conversation.id`,
use tools, and once meet a rate limit. The four ways to carry the words all occur.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass

from opentelemetry._logs import SeverityNumber
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AnyValue

from resources.samples.programs import genai
from resources.samples.programs.conversation import Message, ModelCall, ToolCall, tool_schema
from resources.samples.programs.day import Day, Service, run
from resources.samples.programs.genai import Content

TICKETS = (
    (0.4, "Cannot log in after the update. It says 'session expired' again and again.", "login", "high"),
    (2.2, "Invoice 2026-118 shows the wrong VAT number.", "billing", "normal"),
    (6.7, "Feature idea: dark mode for the order page 🌙", "idea", "low"),
    (9.9, "<b>URGENT</b> your site prints <script>alert(1)</script> in my basket!!!", "bug", "high"),
    (13.1, "Das Passwort-Zurücksetzen schickt keine E-Mail.", "login", "normal"),
    (18.8, "注文した急須の蓋が割れていました。交換できますか。", "damaged", "high"),
    (23.95, "Please delete my account and everything you know about me.", "privacy", "high"),
)
TOOLS = (
    tool_schema("search_articles", "Search the help centre.", query="string", limit="integer"),
    tool_schema("reset_password", "Send a password reset mail.", email="string"),
)
SYSTEM = Message(
    "system",
    """You are the support desk of a shop. Use the tools, never guess, and close with one clear next step.

Reset mails are sent at most three times an hour. A mailbox that bounces must be emptied before another try.
Two-factor sign-in, deletion of accounts and invoices are explained in the help centre: search it, and name the article.
Never ask for a password. Never promise a date for a fix. Say so when something is a known incident.""",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the customer says, the tool that is asked, what it gives, and the answer."""

    hour: float
    said: str
    tool: ToolCall
    result: dict[str, object]
    answer: str
    thought: str = ""


CONVERSATION = (
    Turn(
        22.9,
        "I never get the reset mail. My address is mira@example.org.",
        ToolCall("toolu_01", "reset_password", {"email": "mira@example.org"}),
        {"sent": False, "reason": "mailbox full since 2026-11-02"},
        "Our mails bounce because your mailbox is full. Please make room, then tell me, and I will send a new one.",
        "The tool says that the mailbox is full. Sending again will not help before it is emptied.",
    ),
    Turn(
        23.3,
        "Done, I have deleted 2,000 mails. Try again?",
        ToolCall("toolu_02", "reset_password", {"email": "mira@example.org"}),
        {"sent": True, "message_id": "<77c1@mail.shop.example>"},
        "The mail is on its way. The link in it works for 30 minutes.",
    ),
    Turn(
        23.9,
        "Works! Where do I find how to switch on two-factor sign-in?",
        ToolCall("toolu_03", "search_articles", {"query": "two-factor sign-in", "limit": 3}),
        {"articles": [{"id": "kb-204", "title": "Switch on two-factor sign-in", "score": 0.94}]},
        "Open Account → Security → Two-factor sign-in. Article kb-204 shows every step with pictures.",
    ),
)


async def _classify(day: Day, service: Service, number: int, text: str, label: str, urgency: str) -> None:
    attributes: dict[str, AnyValue] = {
        "ticket.id": 7300 + number,
        "ticket.channel": ("mail", "chat", "form")[number % 3],
    }
    with service.tracer.start_as_current_span("classify_ticket", kind=SpanKind.CONSUMER, attributes=attributes) as root:
        messages = (Message("system", "Classify the ticket. Answer in JSON: label, urgency."), Message("user", text))
        reply = Message("assistant", json.dumps({"label": label, "urgency": urgency}))
        call = ModelCall(f"chatcmpl-{day.draw.getrandbits(96):024x}", "openai", "gpt-4.1-nano", messages, reply, 0.0)
        content = (Content.OLD_EVENTS, Content.EVENT, Content.SPAN_VALUES)[number % 3]
        with genai.model_call(service, call, content):
            await day.work(0.35)
        root.set_attributes({"ticket.label": label, "ticket.urgency": urgency})
        service.log(
            SeverityNumber.INFO, f"ticket {7300 + number} is {label}, {urgency}", **{"ticket.id": 7300 + number}
        )


async def _turn(day: Day, service: Service, number: int) -> None:
    conversation, turn = "conv-5b1e9a", CONVERSATION[number]
    said = [SYSTEM]
    for earlier in CONVERSATION[:number]:
        said += [Message("user", earlier.said), Message("assistant", earlier.answer)]
    said.append(Message("user", turn.said))
    with _agent(service, conversation):
        reply = Message("assistant", calls=(turn.tool,))
        await _chat(day, service, tuple(said), reply, conversation, cached=64 * number)
        await _execute(day, service, turn)
        said += [reply, Message("tool", json.dumps(turn.result), answers=turn.tool.id)]
        await _chat(day, service, tuple(said), Message("assistant", turn.answer), conversation, turn.thought)


def _agent(service: Service, conversation: str) -> AbstractContextManager[Span]:
    attributes: dict[str, AnyValue] = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "support-desk",
        "gen_ai.agent.id": "agent-support-desk",
        "gen_ai.agent.version": "12",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.conversation.id": conversation,
    }
    return service.tracer.start_as_current_span("invoke_agent support-desk", attributes=attributes)


async def _chat(
    day: Day,
    service: Service,
    said: tuple[Message, ...],
    reply: Message,
    conversation: str,
    thought: str = "",
    cached: int = 0,
) -> None:
    identity = f"msg_{day.draw.getrandbits(80):020x}"
    call = ModelCall(identity, "anthropic", "claude-sonnet-4-5", said, reply, 0.3, TOOLS, thought, cached)
    with genai.model_call(service, call, Content.SPAN_JSON, conversation):
        await day.work(0.9 + len(reply.text) / 70)


async def _execute(day: Day, service: Service, turn: Turn) -> None:
    attributes: dict[str, AnyValue] = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": turn.tool.name,
        "gen_ai.tool.type": "function",
        "gen_ai.tool.call.id": turn.tool.id,
        "gen_ai.tool.call.arguments": json.dumps(turn.tool.arguments),
    }
    with service.tracer.start_as_current_span(f"execute_tool {turn.tool.name}", attributes=attributes) as span:
        await day.work(0.25)
        span.set_attribute("gen_ai.tool.call.result", json.dumps(turn.result))


class RateLimitError(Exception):
    """The provider wants us to slow down."""


def _refuse() -> None:
    raise RateLimitError("429: 40,000 input tokens per minute are used up; retry after 12 s")


async def _limited(day: Day, service: Service) -> None:
    call = ModelCall(
        "", "anthropic", "claude-sonnet-4-5", (SYSTEM, Message("user", "Summarise this thread.")), Message("assistant")
    )
    with _agent(service, "conv-91c2d4") as root:
        try:
            with genai.model_call(service, call, Content.SPAN_JSON, "conv-91c2d4") as span:
                await day.work(0.3)
                span.set_attribute("error.type", "RateLimitError")
                _refuse()
        except RateLimitError as error:
            root.set_status(Status(StatusCode.ERROR, str(error)))
            service.log(SeverityNumber.WARN, f"model refused: {error}", **{"error.type": "RateLimitError"})


async def program(day: Day) -> None:
    """Classify tickets and answer conversations through the day; the newer instance takes over at noon."""
    old = day.service("support-bot", "5.0.2", "support-1", scope="opentelemetry.instrumentation.openai_v2")
    new = day.service("support-bot", "5.1.0", "support-2", scope="opentelemetry.instrumentation.anthropic")
    usage = new.meter.create_histogram("gen_ai.client.token.usage", unit="{token}", description="Tokens used by a call")
    tickets = [(hour, "ticket", number) for number, (hour, *_) in enumerate(TICKETS)]
    turns = [(turn.hour, "turn", number) for number, turn in enumerate(CONVERSATION)]
    for hour, kind, number in sorted([*tickets, *turns, (15.7, "limit", 0)]):
        await day.until(hour)
        service = old if hour < 12 else new
        if kind == "ticket":
            await _classify(day, service, number, *TICKETS[number][1:])
            usage.record(60 + 9 * number, {"gen_ai.request.model": "gpt-4.1-nano", "gen_ai.token.type": "input"})
        elif kind == "turn":
            await _turn(day, new, number)
        else:
            await _limited(day, service)


if __name__ == "__main__":
    run(program, seed=7300)

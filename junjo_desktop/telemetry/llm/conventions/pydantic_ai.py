"""Pydantic AI (versions 1 to 6 of its format) and Logfire.

Version 1 has its messages as a JSON list of events, all later ones as `gen_ai` reads them; Logfire has the provider's
own request and answer.
"""

from __future__ import annotations

from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.conventions.gen_ai_events import take_events
from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, USER, read_messages
from junjo_desktop.telemetry.llm.parameters import parameters_of, tool_definitions
from junjo_desktop.telemetry.llm.reported_usage import tokens_of_usage
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_object, items

ALL_MESSAGES = "pydantic_ai.all_messages"
NEW_MESSAGES_AT = "pydantic_ai.new_message_index"

KEYS = Keys(
    agent_name=("gen_ai.agent.name", "agent_name"),
    conversation_id=("gen_ai.conversation.id",),
    reported_cost=("operation.cost",),
)


def read(source: Source) -> Draft:
    """Read a span of a model request or of a whole agent."""
    draft = draft_of(source, KEYS)
    draft.parameters = parameters_of(source.object("model_request_parameters"))
    for name in [name for name, value in draft.parameters.items() if isinstance(value, dict | list)]:
        del draft.parameters[name]
    offered = source.object("model_request_parameters")
    draft.tools = tool_definitions([*items(offered.get("function_tools")), *items(offered.get("output_tools"))])
    draft.exact_tokens = tokens_of_usage(source.object("gen_ai.usage.raw"))
    _take_all_messages(draft, source)
    told = [as_object(one) for one in items(source.structure("events", "all_messages_events"))]
    take_events(draft, [(str(one.get("event.name")), one) for one in told if "event.name" in one])
    if (request := source.structure("request_data")) is not None:
        take_request(draft, request)
    if (answer := source.structure("response_data")) is not None:
        take_answer(draft, answer)
    return draft


def _take_all_messages(draft: Draft, source: Source) -> None:
    messages = read_messages(source.structure(ALL_MESSAGES), USER)
    if messages and messages[-1].role == ASSISTANT:
        draft.take_output(messages[-1:])
        messages = messages[:-1]
    draft.take_input(messages)

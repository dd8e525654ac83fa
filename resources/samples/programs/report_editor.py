"""The agent that edits a report: a scripted model with one tool, which once is not what it expects."""

from __future__ import annotations

from junjo import Agent, AgentLimits, AgentRunContext, ModelDriverBinding, ModelDriverDescriptor, Tool
from junjo.agent import FinalOutputResponse, ModelResponse, ModelUsage, ToolCall, ToolCallsResponse
from pydantic import BaseModel

from resources.samples.programs.day import Day
from resources.samples.programs.planner import Thoughtful


class Draft(BaseModel):
    """What is to be edited."""

    text: str
    number: int


class Edited(BaseModel):
    """What came out."""

    text: str


class Topic(BaseModel):
    """What the style guide is asked about."""

    topic: str


class Rule(BaseModel):
    """What it says."""

    rule: str


class StyleGuideError(Exception):
    """The style guide cannot be read."""


async def edit(day: Day, text: str, number: int, *, guide: bool) -> str:
    """Return the edited text of pass `number`; without the guide the agent fails from its second pass on."""
    edited = f"{text}\n(edited {number} times)"

    async def look_up(input: Topic, context: AgentRunContext[None]) -> Rule:  # noqa: A002, ARG001 - named by Junjo
        await day.work(0.05)
        if number > 1 and not guide:
            try:
                raise FileNotFoundError(2, "No such file or directory", "/srv/reports/style.toml")
            except OSError as error:
                raise StyleGuideError(f"no rule about {input.topic} can be read") from error
        return Rule(rule="Figures first, adjectives last.")

    script: tuple[ModelResponse, ...] = (
        ToolCallsResponse(
            tool_calls=[ToolCall(id=f"style-{number}", name="style_guide", arguments={"topic": "figures"})],
            assistant_text="I look up how figures are written.",
            usage=ModelUsage(input_tokens=640 + 30 * number, output_tokens=26, total_tokens=666 + 30 * number),
        ),
        FinalOutputResponse(
            output={"text": edited},
            usage=ModelUsage(input_tokens=702 + 30 * number, output_tokens=88, total_tokens=790 + 30 * number),
        ),
    )
    agent: Agent[Draft, Edited, None] = Agent(
        key="report-editor",
        name="edit_report",
        instructions="Edit the report. Look up the style guide before you change a figure.",
        input_type=Draft,
        output_type=Edited,
        model=ModelDriverBinding.shared(
            descriptor=ModelDriverDescriptor(
                driver_key="scripted", provider="anthropic", model="claude-haiku-4", fixture=True
            ),
            driver=Thoughtful(day, script),
        ),
        tools=(
            Tool(
                name="style_guide",
                description="What the style guide says about a topic.",
                input_type=Topic,
                output_type=Rule,
                shared_service=look_up,
            ),
        ),
        limits=AgentLimits(model_requests=3, tool_calls=3),
    )
    result = await agent.execute(Draft(text=text, number=number), dependencies=None)
    return result.output.text

"""A judge that scores answers, and whose process is killed: the root span of its last traces never arrives."""

from __future__ import annotations

import json

from opentelemetry import context
from opentelemetry.trace import Link, SpanContext, set_span_in_context
from opentelemetry.util.types import AnyValue

from resources.samples.programs import genai
from resources.samples.programs.conversation import Message, ModelCall
from resources.samples.programs.day import Day, Service, run
from resources.samples.programs.genai import Content

CASES = (
    (2.9, "Do you ship to Dubai?", "Yes, for €18 in five to seven working days.", 0.96, "complete and correct"),
    (9.2, "Is the Alpina mini made for induction?", "Yes, it is.", 0.04, "wrong: the Alpina mini is not for induction"),
    (15.1, "May I return worn shoes?", "Only when the soles show no wear.", 0.81, "correct, the 30 days are missing"),
    (23.8, "Where is order 1042?", "On its way.", 0.35, "no carrier and no date, although both are known"),
)


async def _answer(day: Day, service: Service, question: str, answer: str) -> SpanContext:
    with service.tracer.start_as_current_span("answer_case", attributes={"case.key": question[:24]}) as root:
        messages = (Message("system", "You are the assistant of a shop."), Message("user", question))
        call = ModelCall(
            f"gen-{day.draw.getrandbits(64):016x}", "deepseek", "deepseek-chat", messages, Message("assistant", answer)
        )
        with genai.model_call(service, call, Content.SPAN_VALUES):
            await day.work(1.1)
        return root.get_span_context()


async def _judge(
    day: Day, service: Service, judged: SpanContext, question: str, answer: str, score: float, why: str
) -> None:
    messages = (
        Message("system", "Judge the answer. JSON: score from 0 to 1, explanation."),
        Message("user", json.dumps({"question": question, "answer": answer}, ensure_ascii=False)),
    )
    reply = Message("assistant", json.dumps({"score": score, "explanation": why}))
    thought = "Compare the answer with the facts of the case, one after another, then weigh what is missing."
    call = ModelCall(
        f"chatcmpl-{day.draw.getrandbits(64):016x}", "openai", "o4-mini", messages, reply, 1.0, reasoning=thought
    )
    with genai.model_call(service, call, Content.SPAN_JSON):
        await day.work(1.2)
    attributes: dict[str, AnyValue] = {
        "gen_ai.evaluation.name": "correctness",
        "gen_ai.evaluation.score.value": score,
        "gen_ai.evaluation.score.label": "pass" if score >= 0.5 else "fail",
        "gen_ai.evaluation.explanation": why,
    }
    with service.tracer.start_as_current_span("record_verdict", attributes=attributes, links=[Link(judged)]):
        genai.emit(service, "gen_ai.evaluation.result", attributes)
        await day.work(0.05)


async def program(day: Day) -> None:
    """Answer and judge every case; the process dies in the middle of the last two."""
    service = day.service("evals", "0.3.0", "evals-1")
    for number, (hour, question, answer, score, why) in enumerate(CASES):
        await day.until(hour)
        judged = await _answer(day, service, question, answer)
        root = service.tracer.start_span("judge_answer", links=[Link(judged, {"link.kind": "judges"})])
        token = context.attach(set_span_in_context(root))
        await _judge(day, service, judged, question, answer, score, why)
        context.detach(token)
        if number < 2:
            root.end()


if __name__ == "__main__":
    run(program, seed=35)

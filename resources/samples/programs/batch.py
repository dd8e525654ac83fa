"""Night work: a long summary with many model calls at once, and invoices that come through a queue.

A message is published in one trace and worked on in another: the consumer's span links to the producer's.
"""

from __future__ import annotations

import asyncio
import json

from opentelemetry._logs import SeverityNumber
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.util.types import AnyValue

from resources.samples.programs import openinference
from resources.samples.programs.conversation import Message, ModelCall
from resources.samples.programs.day import Day, Service, run

INCIDENTS = (
    "02:14 checkout-agent answered 503 for four minutes: policy-service lost its database.",
    "05:40 Parcel 1042 was scanned in the wrong depot (Leipzig instead of Lille).",
    "07:02 The nightly catalogue import was 13 s late.",
    "09:31 Twelve customers could not log in after the update of the session store.",
    "11:15 Model provider limited us to 40,000 tokens a minute.",
    "13:48 Invoice 2026-118 carried the VAT number of the old company.",
)
INVOICES: tuple[dict[str, str | float], ...] = (
    {"number": "2026-117", "supplier": "Alpina Metall GmbH", "total": 1840.0, "currency": "EUR"},
    {"number": "2026-118", "supplier": "Thé & Co", "total": 412.5, "currency": "EUR"},
    {"number": "A-77/26", "supplier": "東京茶器株式会社", "total": 98200.0, "currency": "JPY"},
    {"number": "?", "supplier": "", "total": 0.0, "currency": ""},
)
QUEUE = {"messaging.system": "rabbitmq", "messaging.destination.name": "invoices"}
PAGE = "INVOICE {number}\n{supplier}\n\nTea things as delivered ........ {total} {currency}\nPayable within 30 days."


class UnreadableInvoiceError(Exception):
    """The page could not be understood."""


async def _summarise(day: Day, service: Service, number: int, incident: str) -> str:
    text = f"{incident.split(' ', 1)[1].split(':', maxsplit=1)[0]}. No further action."
    messages = (Message("system", "One sentence, no blame."), Message("user", incident))
    call = ModelCall(f"chatcmpl-{number}", "ollama", "llama3.2:3b", messages, Message("assistant", text), 0.7)
    with openinference.model_call(service.tracer, call) as span:
        span.set_attributes({"server.address": "localhost", "server.port": 11434})
        await day.work(3.5 + 1.1 * number)
    return text


async def _nightly_summary(day: Day, service: Service) -> None:
    attributes: dict[str, AnyValue] = {"openinference.span.kind": "CHAIN", "tag.tags": ["nightly", "report"]}
    with service.tracer.start_as_current_span("nightly_summary", attributes=attributes) as root:
        service.log(SeverityNumber.INFO, f"{len(INCIDENTS)} incidents to summarise")
        with openinference.embedding(service.tracer, "ollama", "nomic-embed-text", INCIDENTS):
            await day.work(1.4)
        told = await asyncio.gather(*(_summarise(day, service, n, each) for n, each in enumerate(INCIDENTS)))
        root.add_event("summaries ready", {"count": len(told)})
        body = "\n".join(told)
        messages = (Message("system", "Write the morning report in five lines."), Message("user", body))
        call = ModelCall(
            "chatcmpl-report", "mistral_ai", "mistral-large-latest", messages, Message("assistant", body), 0.4
        )
        with openinference.model_call(service.tracer, call):
            await day.work(7.0)
        root.set_attributes({"output.value": body, "output.mime_type": "text/plain"})
        service.log(SeverityNumber.INFO, "report sent", **{"report.lines": len(told)})


async def _publish(day: Day, web: Service, invoice: dict[str, str | float]) -> SpanContext:
    attributes: dict[str, AnyValue] = {
        **QUEUE,
        "messaging.operation.type": "send",
        "messaging.message.body.size": len(PAGE.format(**invoice)),
    }
    with (
        web.tracer.start_as_current_span(
            "POST /invoices", kind=SpanKind.SERVER, attributes={"http.route": "/invoices"}
        ),
        web.tracer.start_as_current_span("send invoices", kind=SpanKind.PRODUCER, attributes=attributes) as span,
    ):
        await day.work(0.04)
        return span.get_span_context()


async def _extract(day: Day, service: Service, published: SpanContext, invoice: dict[str, str | float]) -> None:
    link = Link(published, {"messaging.message.id": f"msg-{invoice['number']}", "link.kind": "published by"})
    attributes: dict[str, AnyValue] = {**QUEUE, "messaging.operation.type": "process"}
    with service.tracer.start_as_current_span(
        "extract_invoice", kind=SpanKind.CONSUMER, attributes=attributes, links=[link]
    ) as root:
        page = PAGE.format(**invoice)
        reply = Message(
            "assistant", json.dumps(invoice, ensure_ascii=False) if invoice["supplier"] else "I cannot read this."
        )
        messages = (Message("system", "Extract number, supplier, total, currency as JSON."), Message("user", page))
        call = ModelCall(f"chatcmpl-{day.draw.getrandbits(48):012x}", "openai", "gpt-4o", messages, reply, 0.0)
        with openinference.model_call(service.tracer, call):
            await day.work(4.2)
        try:
            json.loads(reply.text)
        except ValueError as cause:
            error = UnreadableInvoiceError("the model's answer is not JSON")
            error.__cause__ = cause
            root.record_exception(error)
            root.set_status(Status(StatusCode.ERROR, str(error)))
            root.set_attribute("error.type", "UnreadableInvoiceError")
            service.log(
                SeverityNumber.ERROR, "invoice put aside", **{"messaging.message.id": f"msg-{invoice['number']}"}
            )


async def program(day: Day) -> None:
    """Invoices through the day, the summary at night."""
    web = day.service("shop-web", "2026.11.3", "web-4", scope="opentelemetry.instrumentation.asgi")
    batch = day.service("batch", "1.0.7", "batch-1", scope="openinference.instrumentation.openai", host__name="node-c")
    done = batch.meter.create_counter("invoices.extracted", unit="{invoice}", description="Invoices read by the model")
    depth = batch.meter.create_gauge("queue.depth", unit="{message}", description="Messages waiting")
    await day.until(0.8)
    await _nightly_summary(day, batch)
    for number, invoice in enumerate(INVOICES):
        await day.until(7.5 + 3.9 * number)
        published = await _publish(day, web, invoice)
        depth.set(1, {"messaging.destination.name": "invoices"})
        await day.work(40)
        await _extract(day, batch, published, invoice)
        done.add(1, {"readable": bool(invoice["supplier"])})
    await day.until(23.2)
    await _nightly_summary(day, batch)


if __name__ == "__main__":
    run(program, seed=118)

"""What the header of a trace says: tags for what is wrong, and its facts. Qt-free."""

from __future__ import annotations

import time
from dataclasses import dataclass

from junjo_desktop.features.trace.health import Health
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.tree import SpanTree
from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cost_words import sums_facts
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, counted, duration_text, iso_text, moment_text

_GO_THROUGH = "Press to go through them with N and Shift+N."
_REPLACED = (
    "Spans that were received again: an exporter repeats a request when the answer was lost, and some programs send a "
    "span while it runs and once more at its end. The later one is shown. Which ones came again is not kept."
)
_RUNNING: tuple[str, Role, str, str] = (
    "running",
    "info",
    "Its root span has not arrived yet; spans came in the last 5 minutes. Spans are sent when they end.",
    "running",
)
_ROOT_MISSING: tuple[str, Role, str, str] = (
    "root missing",
    "warning",
    "Its root span never arrived, and nothing came for 5 minutes. The program may have ended before it could send it.",
    "root_missing",
)
QUIET_AFTER_NS = 5 * 60 * 1_000_000_000
"""A trace without a root counts as running this long after its last span was received."""


@dataclass(frozen=True, slots=True)
class HeadTag:
    """One tag. `oddity` names the kind of `health.Oddity` whose spans it leads to, or what is only explained."""

    text: str
    role: Role
    explanation: str
    oddity: str = ""


def head_tags(head: TraceHead, health: Health, now_ns: int | None = None) -> tuple[HeadTag, ...]:
    """Return a tag for everything that is not as it should be."""
    now_ns = time.time_ns() if now_ns is None else now_ns
    tags: list[HeadTag] = []
    for oddity in health.oddities:
        count = head.dropped_count if oddity.key == "dropped" else len(oddity.span_ids)
        role: Role = "error" if oddity.key == "failures" else "warning"
        words = f"{oddity.explanation} {_GO_THROUGH}"
        tags.append(HeadTag(counted(count, oddity.one, oddity.many), role, words, oddity.key))
    if head.root_span_id is None:
        running = now_ns - head.last_received_ns <= QUIET_AFTER_NS
        after_failures = 1 if health.oddity("failures") else 0
        tags.insert(after_failures, HeadTag(*(_RUNNING if running else _ROOT_MISSING)))
    if head.replaced_count:
        tags.append(HeadTag(counted(head.replaced_count, "replaced", "replaced"), "warning", _REPLACED, "replaced"))
    return tuple(tags)


def head_facts(head: TraceHead, tree: SpanTree, calls: CallSums | None = None) -> tuple[Fact, ...]:
    """Return the facts of a trace, by its own spans; `calls` is None where its calls are not read yet."""
    # From the spans that told their times: a single zero would make a trace of fifty years.
    duration_ns = tree.end_ns - tree.start_ns
    facts = [Fact("Started", "no start time", "None of its spans told both of its times")]
    if any(span.has_times for span in tree.spans):
        facts = [
            Fact("Started", moment_text(tree.start_ns), iso_text(tree.start_ns)),
            Fact("Duration", duration_text(duration_ns), f"{duration_ns:,} ns, from first start to last end"),
        ]
    facts.append(Fact("Spans", count_text(len(tree.spans))))
    facts += _told_calls(head) if calls is None else sums_facts(calls)
    named = ", ".join(head.services[:3]) + (f" +{len(head.services) - 3}" if len(head.services) > 3 else "")
    facts.append(Fact("Service" if len(head.services) == 1 else "Services", named, "\n".join(head.services)))
    if head.error_count:
        facts.append(Fact("Errors", count_text(head.error_count)))
    return tuple(facts)


def _told_calls(head: TraceHead) -> list[Fact]:
    """Return what the spans tell of calls, before these are read."""
    facts = [Fact("LLM calls", count_text(head.llm_count))] if head.llm_count else []
    if head.input_tokens is not None or head.output_tokens is not None:
        tokens = f"{count_text(head.input_tokens or 0)} in · {count_text(head.output_tokens or 0)} out"
        facts.append(Fact("Tokens", tokens, "As reported by the calls of language models"))
    return facts

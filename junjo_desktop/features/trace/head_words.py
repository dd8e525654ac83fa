"""What the header of a trace says: tags for what is wrong, and its facts. Qt-free."""

from __future__ import annotations

import time

from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.tree import Mark, SpanTree
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, counted, duration_text, iso_text, moment_text

QUIET_AFTER_NS = 5 * 60 * 1_000_000_000
"""A trace without a root counts as running this long after its last span was received."""


def head_tags(head: TraceHead, tree: SpanTree, now_ns: int | None = None) -> tuple[tuple[str, Role, str], ...]:
    """Return (word, colour role, explanation) for everything that is not as it should be."""
    now_ns = time.time_ns() if now_ns is None else now_ns
    tags: list[tuple[str, Role, str]] = []
    if head.error_count:
        tags.append((counted(head.error_count, "failure"), "error", "Spans that failed; E goes to the next one."))
    if head.root_span_id is None:
        if now_ns - head.last_received_ns <= QUIET_AFTER_NS:
            tags.append(("running", "info", "Its root span has not arrived yet; spans came in the last 5 minutes."))
        else:
            tags.append(("root missing", "warning", "Its root span never arrived, and nothing came for 5 minutes."))
    for count, word, words, explanation in _oddities(head, tree):
        if count:
            tags.append((counted(count, word, words), "warning", explanation))
    return tuple(tags)


def _oddities(head: TraceHead, tree: SpanTree) -> tuple[tuple[int, str, str, str], ...]:
    roots = tree.root_count
    return (
        (roots if roots > 1 else 0, "root", "roots", "More than one span names no parent; all of them are shown."),
        (
            tree.count(Mark.PARENT_MISSING),
            "parent missing",
            "parents missing",
            "Spans that name a parent which has not arrived stand at the root level.",
        ),
        (tree.count(Mark.CYCLE), "cycle", "cycles", "Spans that are their own ancestors; the circle is cut."),
        (
            tree.count(Mark.OUTSIDE_PARENT),
            "outside its parent",
            "outside their parents",
            "They reach beyond their parent by more than 1 ms: clocks differ, or work went on. Times are as sent.",
        ),
        (
            tree.count(Mark.ENDS_BEFORE_START) + tree.count(Mark.NO_TIME),
            "odd time",
            "odd times",
            "Spans that end before they start, or tell no time. Times are shown as sent.",
        ),
        (head.dropped_count, "item dropped", "items dropped", "Attributes, events and links that the senders dropped."),
        (head.replaced_count, "replaced", "replaced", "Spans that were received again; the later one is shown."),
    )


def head_facts(head: TraceHead, tree: SpanTree) -> tuple[Fact, ...]:
    """Return the facts of a trace, by its own spans."""
    # From the spans that told their times: a single zero would make a trace of fifty years.
    duration_ns = tree.end_ns - tree.start_ns
    facts = [Fact("Started", "no start time", "None of its spans told both of its times")]
    if any(span.has_times for span in tree.spans):
        facts = [
            Fact("Started", moment_text(tree.start_ns), iso_text(tree.start_ns)),
            Fact("Duration", duration_text(duration_ns), f"{duration_ns:,} ns, from first start to last end"),
        ]
    facts.append(Fact("Spans", count_text(len(tree.spans))))
    if head.llm_count:
        facts.append(Fact("LLM calls", count_text(head.llm_count)))
    if head.input_tokens is not None or head.output_tokens is not None:
        tokens = f"{count_text(head.input_tokens or 0)} in · {count_text(head.output_tokens or 0)} out"
        facts.append(Fact("Tokens", tokens, "As reported by the calls of language models"))
    named = ", ".join(head.services[:3]) + (f" +{len(head.services) - 3}" if len(head.services) > 3 else "")
    facts.append(Fact("Service" if len(head.services) == 1 else "Services", named, "\n".join(head.services)))
    if head.error_count:
        facts.append(Fact("Errors", count_text(head.error_count)))
    return tuple(facts)

"""What stands around calls of models as entries: tools that ran, searches, texts that were embedded. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junjo_desktop.telemetry.llm.call import CallError
from junjo_desktop.telemetry.llm.steps import Document, Embedding, Retrieval, ToolCall
from junjo_desktop.widgets.conversation.call_entries import usage_entry
from junjo_desktop.widgets.conversation.entries import (
    Badge,
    Entry,
    Part,
    message_part,
    note_part,
    text_part,
    value_part,
)
from junjo_desktop.widgets.conversation.messages import arguments_part, part_json, shown_parts
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import count_text, counted

_MOST = 500
"""Of documents and texts; more are counted, and stand in the attributes."""
_TITLE = 120


def tool_entries(tool: ToolCall) -> tuple[Entry, ...]:
    """Return a tool that ran: what it is, what it was given, what it gave back."""
    title = one_line(tool.name or "(no name)", _TITLE)
    about = (message_part("", tool.description),) if tool.description else ()
    given = arguments_part("Arguments", tool.arguments_text) if tool.arguments_text else note_part("No arguments told.")
    facts = f"call {tool.id}" if tool.id else ""
    entries = [Entry(("tool",), "tool", "tool", title, facts, parts=(*about, given), raw=tool.arguments_text)]
    if tool.result or tool.error is None:
        parts = shown_parts(tool.result) or (note_part("No result told."),)
        raw = [part_json(part) for part in tool.result]
        entries.append(Entry(("result",), "result", "tool", "", parts=parts, raw=raw))
    return (*entries, *_failed(tool.error))


def retrieval_entries(found: Retrieval) -> tuple[Entry, ...]:
    """Return a search: what was looked for, and the documents with their scores."""
    facts = [
        f"top {count_text(found.top_k)}" if found.top_k is not None else "",
        one_line(found.model or "", 80),
        one_line(found.data_source_id or "", 80),
    ]
    query = message_part("", found.query) if found.query else note_part("What was looked for is not told.")
    asked = " · ".join(fact for fact in facts if fact)
    entries = [Entry(("query",), "query", "retrieval", "", asked, parts=(query,), raw=found.query)]
    entries += [_document(place, one) for place, one in enumerate(found.documents[:_MOST])]
    if not found.documents and found.error is None:
        entries.append(Entry(("none",), "documents", "dim", "", parts=(note_part("No document was told."),)))
    return (*entries, *_rest(len(found.documents), "document"), *_failed(found.error))


def embedding_entries(embedding: Embedding, cost_lines: Sequence[Part] = (), told: str = "") -> tuple[Entry, ...]:
    """Return texts that were turned into vectors, and how long these are."""
    call = embedding.call
    facts = [
        counted(embedding.vector_count, "vector") if embedding.vector_count is not None else "",
        counted(embedding.dimensions, "dimension") if embedding.dimensions is not None else "",
    ]
    words = " · ".join(fact for fact in facts if fact)
    made = note_part(words or "The vectors are not told.")
    entries = [Entry(("vectors",), "embedding", "llm", one_line(call.model or "", _TITLE), parts=(made,))]
    for place, text in enumerate(embedding.texts[:_MOST]):
        entries.append(
            Entry(("text", place), "text", "info", "", f"{place + 1}", parts=(message_part("", text),), raw=text)
        )
    if not embedding.texts:
        switch = call.captured.switch or ""
        note = note_part(f"The texts were not captured. {switch}".strip())
        entries.append(Entry(("untold",), "note", "warning", "", parts=(note,)))
    entries += [
        Entry(("said", place), "note", "warning", "", parts=(note_part(note),)) for place, note in enumerate(call.notes)
    ]
    return (*entries, *_rest(len(embedding.texts), "text"), *_failed(call.error), usage_entry(call, cost_lines, told))


def _document(place: int, document: Document) -> Entry:
    score = "" if document.score is None else f"score {document.score:.6g}"
    parts: tuple[Part, ...] = (
        (message_part("", document.content),) if document.content else (note_part("Its content was not captured."),)
    )
    if document.metadata:
        parts += (value_part("Metadata", dict(document.metadata)),)
    raw = {"id": document.id, "content": document.content, "score": document.score, "metadata": dict(document.metadata)}
    facts = " · ".join(fact for fact in (f"{place + 1}", score) if fact)
    return Entry(
        ("document", place), "document", "retrieval", one_line(document.id or "", _TITLE), facts, parts=parts, raw=raw
    )


def _rest(count: int, one: str) -> Iterator[Entry]:
    if count > _MOST:
        words = f"The first {count_text(_MOST)} of {counted(count, one)} are shown; the attributes hold them all."
        yield Entry(("rest",), "note", "warning", "", words)


def _failed(error: CallError | None) -> Iterator[Entry]:
    if error is not None:
        words = ": ".join(word for word in (error.type, error.message) if word)
        part = text_part("", words or "It failed; nothing tells why.", "error")
        yield Entry(("error",), "error", "error", "", badges=(Badge("failed", "error"),), parts=(part,))

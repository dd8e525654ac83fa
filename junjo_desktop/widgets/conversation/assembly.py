"""Puts the turns of a trace together to a conversation: what is new in each call, tools with their results. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from junjo_desktop.telemetry.llm.call import CallError
from junjo_desktop.telemetry.llm.parts import Message
from junjo_desktop.widgets.conversation.entries import Badge, Entry, Part, Way, note_part, text_part
from junjo_desktop.widgets.conversation.matching import Asked, Matching
from junjo_desktop.widgets.conversation.messages import arguments_part, message_entry, part_json, shown_parts
from junjo_desktop.widgets.conversation.turns import Ledger, ToolRun, Turn
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text, counted, duration_text

_FAILED = Badge("failed", "error")
_USUAL_ENDS = (None, "stop", "tool_calls")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a call stands in: the innermost agent or workflow around it."""

    key: str
    """Its span; empty for none."""
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ShowAgain:
    """The wish to see the messages that a call repeats, or not any more."""

    span_id: str


Around = Callable[[str], Surroundings]


def assembled(
    turns: Sequence[Turn], runs: Sequence[ToolRun], ledger: Ledger, around: Around, opened: frozenset[str] = frozenset()
) -> tuple[Entry, ...]:
    """Return the entries, in the order of time; `opened` are the calls whose repeated messages are to be seen."""
    return tuple(_Assembly(turns, runs, ledger, around, opened).entries())


class _Assembly:
    def __init__(
        self,
        turns: Sequence[Turn],
        runs: Sequence[ToolRun],
        ledger: Ledger,
        around: Around,
        opened: frozenset[str],
    ) -> None:
        self._turns = turns
        self._runs = runs
        self._ledger = ledger
        self._around = around
        self._opened = opened
        self._seen: set[int] = set()
        self._matching = Matching(turns, runs, ledger)

    def entries(self) -> Iterator[Entry]:
        where = Surroundings("")
        alone = [run for run in self._runs if not self._matching.is_taken(run)]
        said: list[Turn | ToolRun] = [*self._turns, *alone]
        for item in sorted(said, key=lambda item: (item.start_ns, item.span_id)):
            here = self._around(item.span_id)
            if here.key != where.key and here.key:
                yield self._separator(here, item.span_id)
            where = here
            yield from self._turn(item) if isinstance(item, Turn) else (_alone(item),)

    def _separator(self, here: Surroundings, span_id: str) -> Entry:
        title = here.name.strip() or "(no name)"
        return Entry(("around", span_id), here.kind, "workflow", one_line(title, 120), span_id=here.key)

    # One call

    def _turn(self, turn: Turn) -> Iterator[Entry]:
        for number in turn.system:
            if number not in self._seen:
                yield self._message(("system", turn.span_id, number), number, turn)
        repeated = self._repeated(turn)
        if repeated:
            yield self._fold(turn, repeated)
            if turn.span_id in self._opened:
                for place, number in enumerate(repeated):
                    yield self._message(("again", turn.span_id, place), number, turn, depth=1)
        for place, number in enumerate(turn.asked[len(repeated) :]):
            if not self._matching.is_told(number):
                yield self._message(("asked", turn.span_id, place), number, turn)
        self._seen.update(turn.system, turn.asked)
        yield from self._answers(turn)
        self._seen.update(turn.answered)

    def _repeated(self, turn: Turn) -> tuple[int, ...]:
        """Return the messages at the beginning that were there before; results told with their calls count as that."""
        count = 0
        for number in turn.asked:
            if number not in self._seen and not self._matching.is_told(number):
                break
            count += 1
        # Results alone are no history: they stand right above, with the calls that asked for them.
        known = turn.asked[:count]
        return known if any(number in self._seen for number in known) else ()

    def _fold(self, turn: Turn, repeated: Sequence[int]) -> Entry:
        is_open = turn.span_id in self._opened
        words = f"{counted(len(repeated), 'earlier message')} repeated"
        way = Way("Hide them" if is_open else "Show them", ShowAgain(turn.span_id), "fold" if is_open else "unfold")
        return Entry(("fold", turn.span_id), "history", "dim", "", words, turn.span_id, ways=(way,))

    def _message(self, key: tuple[str, str, int], number: int, turn: Turn, depth: int = 0) -> Entry:
        return message_entry(key, self._ledger.message(number), span_id=turn.span_id, depth=depth)

    def _answers(self, turn: Turn) -> Iterator[Entry]:
        answers = turn.call.output_messages
        notes, badges = _ending(turn), (_FAILED,) if turn.call.error is not None else ()
        if not answers:
            facts = call_facts(turn, None)
            yield Entry(
                ("call", turn.span_id, 0), _kind(turn), "llm", "", facts, turn.span_id, badges=badges, parts=notes
            )
        for choice, answer in enumerate(answers):
            is_last = choice == len(answers) - 1
            asked = self._matching.asked(turn, choice)
            entry = message_entry(
                ("call", turn.span_id, choice),
                answer,
                span_id=turn.span_id,
                facts=call_facts(turn, answer) if is_last else f"choice {choice + 1}",
                badges=badges if is_last else (),
                notes=(*_calls_note(asked), *(notes if is_last else ())),
                without_calls=True,
            )
            yield entry
            for place, one in enumerate(asked):
                yield _tool(one, turn, (choice, place))


def _kind(turn: Turn) -> str:
    return "model" if turn.call.operation in ("chat", "text_completion") else turn.call.operation


def call_facts(turn: Turn, answer: Message | None) -> str:
    """Return model, tokens, duration, first token and why the answer ended, as far as they are told."""
    call = turn.call
    first_ns = call.time_to_first_token_ns
    facts = [
        _model(call.model),
        call.usage.words if call.usage is not None else "tokens unknown",
        duration_text(turn.duration_ns) if turn.duration_ns is not None else "",
        f"first token {duration_text(first_ns)}" if first_ns is not None else "",
        "" if answer is None or answer.finish_reason in _USUAL_ENDS else str(answer.finish_reason),
    ]
    return " · ".join(fact for fact in facts if fact)


def _model(name: str | None) -> str:
    """Return a model's name; one that is written from right to left must not turn what stands behind it."""
    if name is None:
        return "unknown model"
    return name if name.isascii() else isolated(name)


def _ending(turn: Turn) -> tuple[Part, ...]:
    """Return what a call says besides its answer: its error, what was not captured and why, what was lost."""
    call = turn.call
    parts = [_error_part(call.error)] if call.error is not None else []
    if call.operation in ("chat", "text_completion") and not call.captured.is_complete and call.error is None:
        missing = [
            word
            for word, told in (("What was asked", call.captured.input), ("What was answered", call.captured.output))
            if not told
        ]
        parts.append(note_part(f"{' and '.join(missing)} was not captured. {call.captured.switch or ''}".strip()))
    return (*parts, *(note_part(note) for note in call.notes))


def _error_part(error: CallError) -> Part:
    words = ": ".join(word for word in (error.type, error.message) if word)
    return text_part("", words or "It failed; nothing tells why.", "error")


def _is_said(error: CallError, parts: Sequence[Part]) -> bool:
    """Whether the result tells the same already: many tools answer the model with their error."""
    return bool(error.message) and any(part.text == error.message for part in parts)


def _calls_note(asked: Sequence[Asked]) -> tuple[Part, ...]:
    return (note_part(f"asks for {counted(len(asked), 'tool call')}"),) if asked else ()


# Tools


def _tool(asked: Asked, turn: Turn, place: tuple[int, int]) -> Entry:
    part, run = asked.part, asked.run
    parts: list[Part] = [arguments_part("Arguments", part.arguments_text)] if part.arguments_text else []
    if asked.result is not None:
        parts += shown_parts(asked.result.parts, "Result") or (note_part("Result: nothing"),)
    elif run is not None:
        parts += _result_parts(run)
    if run is None and asked.result is None:
        parts.append(note_part("No result of this call has arrived."))
    if run is not None and run.tool.error is not None and not _is_said(run.tool.error, parts):
        parts.append(_error_part(run.tool.error))
    facts = [f"call {part.id}" if part.id else "", _lasted(run)]
    raw = [part_json(part), *([part_json(asked.result)] if asked.result is not None else [])]
    return Entry(
        key=("tool", turn.span_id, *place),
        tag="tool",
        role="tool",
        title=one_line(part.name or "(no name)", 120),
        facts=" · ".join(fact for fact in facts if fact),
        span_id=turn.span_id if run is None else run.span_id,
        depth=1,
        badges=(_FAILED,) if run is not None and run.is_failed else (),
        parts=tuple(parts),
        raw=raw,
    )


def _alone(run: ToolRun) -> Entry:
    """Return a tool that ran without an answer that is known to have asked for it."""
    tool = run.tool
    parts = [arguments_part("Arguments", tool.arguments_text)] if tool.arguments_text else []
    parts += _result_parts(run)
    if tool.error is not None:
        parts.append(_error_part(tool.error))
    facts = [f"call {tool.id}" if tool.id else "", _lasted(run)]
    return Entry(
        key=("run", run.span_id),
        tag="tool",
        role="tool",
        title=one_line(tool.name or "(no name)", 120),
        facts=" · ".join(fact for fact in facts if fact),
        span_id=run.span_id,
        badges=(_FAILED,) if run.is_failed else (),
        parts=tuple(parts),
        raw={
            "type": "tool",
            "name": tool.name,
            "id": tool.id,
            "arguments": tool.arguments_text,
            "result": [part_json(part) for part in tool.result],
        },
    )


def _result_parts(run: ToolRun) -> tuple[Part, ...]:
    return shown_parts(run.tool.result, "Result")


def _lasted(run: ToolRun | None) -> str:
    return "" if run is None or run.duration_ns is None else duration_text(run.duration_ns)


def cut_note(read: int, total: int) -> Entry:
    """Return the entry that says that not all calls were read."""
    words = f"The first {count_text(read)} of {count_text(total)} calls of models and tools are shown."
    return Entry(("cut",), "note", "warning", "", words)

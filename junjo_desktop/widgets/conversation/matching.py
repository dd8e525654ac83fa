"""Which run of a tool and which result answer a call that a model asked for. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.telemetry.llm.parts import ToolCallPart, ToolResultPart
from junjo_desktop.widgets.conversation.turns import Ledger, ToolRun, Turn, is_result, results_in


@dataclass(frozen=True)
class Asked:
    """A tool call in an answer, with what became of it; None where nothing tells."""

    part: ToolCallPart
    run: ToolRun | None
    result: ToolResultPart | None


class Matching:
    """Matches by id; where a side has none, by the tool's name, each run and result once, in the order of time."""

    def __init__(self, turns: Sequence[Turn], runs: Sequence[ToolRun], ledger: Ledger) -> None:
        self._ledger = ledger
        self._runs = list(runs)
        self._taken: set[str] = set()
        self._told: set[int] = set()
        self._result_of: dict[str, ToolResultPart] = {}
        for turn in turns:
            for number in turn.asked:
                for part in results_in((ledger.message(number),)):
                    if part.id is not None:
                        self._result_of.setdefault(part.id, part)
        self._asked: dict[tuple[str, int], tuple[Asked, ...]] = {}
        for place, turn in enumerate(turns):
            following = turns[place + 1 :]
            for choice, answer in enumerate(turn.call.output_messages):
                parts = [part for part in answer.parts if isinstance(part, ToolCallPart)]
                asked = tuple(self._match(part, turn, following) for part in parts)
                self._asked[(turn.span_id, choice)] = asked
        self._find_told(turns)

    def asked(self, turn: Turn, choice: int) -> tuple[Asked, ...]:
        """Return the tool calls of an answer."""
        return self._asked.get((turn.span_id, choice), ())

    def is_told(self, number: int) -> bool:
        """Whether a message is nothing but results that stand with the calls that asked for them."""
        return number in self._told

    def is_taken(self, run: ToolRun) -> bool:
        """Whether a run of a tool stands with the call that asked for it."""
        return run.span_id in self._taken

    def _match(self, part: ToolCallPart, turn: Turn, following: Sequence[Turn]) -> Asked:
        run = self._run_of(part, turn)
        result = self._result_of.get(part.id) if part.id is not None else self._unnamed_result(part, following)
        return Asked(part, run, result)

    def _run_of(self, part: ToolCallPart, turn: Turn) -> ToolRun | None:
        free = [run for run in self._runs if run.span_id not in self._taken]
        found = next((run for run in free if part.id is not None and run.tool.id == part.id), None)
        if found is None:
            named = (run for run in free if run.tool.id is None or part.id is None)
            later = (run for run in named if run.tool.name == part.name and run.start_ns >= turn.start_ns)
            found = next(later, None)
        if found is not None:
            self._taken.add(found.span_id)
        return found

    def _unnamed_result(self, part: ToolCallPart, following: Sequence[Turn]) -> ToolResultPart | None:
        """Return the result that the next call brings of a tool with this name, where neither side has an id."""
        for number in following[0].asked if following else ():
            for result in results_in((self._ledger.message(number),)):
                if result.id is None and result.name in (None, part.name):
                    return result
        return None

    def _find_told(self, turns: Sequence[Turn]) -> None:
        shown = {id(one.result) for asked in self._asked.values() for one in asked if one.result is not None}
        ids = {one.part.id for asked in self._asked.values() for one in asked if one.part.id is not None}
        for turn in turns:
            for number in turn.asked:
                message = self._ledger.message(number)
                results = results_in((message,))
                if is_result(message) and all(id(part) in shown or part.id in ids for part in results):
                    self._told.add(number)

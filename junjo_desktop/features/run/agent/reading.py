"""Everything that the panel of an agent shows, made at once off the GUI thread. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.run.agent.conversation import conversation
from junjo_desktop.features.run.agent.definition import definition_entries
from junjo_desktop.features.run.agent.nesting import operations_around
from junjo_desktop.features.run.agent.operations import OperationRow, operation_rows
from junjo_desktop.telemetry.junjo.agent import AgentRun
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.conversation.entries import Entry


@dataclass(frozen=True)
class ReadAgent:
    """The pages of an agent's run. `around`: span id of the operation that each step is or is in."""

    run: Run
    conversation: tuple[Entry, ...]
    operations: tuple[OperationRow, ...]
    definition: tuple[Entry, ...]
    around: Mapping[str, str]


@dataclass(frozen=True)
class ReadingAgent:
    """A job: arrange a run."""

    run: Run
    agent: AgentRun

    def __call__(self) -> ReadAgent:
        with collection_held_back():
            return ReadAgent(
                self.run,
                conversation(self.run, self.agent),
                operation_rows(self.run, self.agent),
                definition_entries(self.run, self.agent),
                operations_around(self.run, self.agent),
            )

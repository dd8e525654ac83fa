"""Which steps changed one path, told in one pass over the versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from junjo_desktop.telemetry.junjo.state.certainty import UNKNOWN_STATE, Certainty
from junjo_desktop.telemetry.junjo.state.chain import Chain
from junjo_desktop.telemetry.junjo.state.judgement import Judgement, Replay
from junjo_desktop.telemetry.junjo.state.patch import Patch
from junjo_desktop.telemetry.junjo.state.pointer import Tokens, value_at
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.state.touching import touches, written
from junjo_desktop.telemetry.junjo.state.transition import PathChange


def path_changes(replay: Replay, judgements: Sequence[Judgement], tokens: Tokens) -> tuple[PathChange, ...]:
    """Return what each step did to a path, in order; steps that did nothing to it are left out.

    Where no state is known, the patch tells what it wrote.
    """
    found: list[PathChange] = []
    position = 0
    while position < replay.count:
        chain = replay.chains[position]
        if chain is None:
            found.extend(_told_by_patch(replay, position, tokens))
            position += 1
        else:
            found.extend(_told_by_chain(chain, judgements, tokens))
            position = chain.end
    return tuple(found)


def _told_by_chain(chain: Chain, judgements: Sequence[Judgement], tokens: Tokens) -> Iterator[PathChange]:
    for position, document_before, document_after in chain.walk(partial(touches, tokens=tokens)):
        before, after = value_at(document_before, tokens), value_at(document_after, tokens)
        if not is_same(before, after):
            said = judgements[position]
            is_exact = said.before is Certainty.EXACT and said.after is Certainty.EXACT
            yield PathChange(position, before, after, Certainty.EXACT if is_exact else Certainty.INFERRED)


def _told_by_patch(replay: Replay, position: int, tokens: Tokens) -> Iterator[PathChange]:
    patch = replay.patches[position]
    if isinstance(patch, Patch) and touches(patch, tokens):
        yield PathChange(position, UNKNOWN_STATE, written(patch, tokens), Certainty.UNKNOWN)

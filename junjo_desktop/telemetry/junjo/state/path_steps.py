"""Which steps changed one path, told in one pass over the versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import UNKNOWN_STATE, Certainty
from junjo_desktop.telemetry.junjo.state.chain import Chain
from junjo_desktop.telemetry.junjo.state.judgement import Judgement, Replay
from junjo_desktop.telemetry.junjo.state.patch import Patch
from junjo_desktop.telemetry.junjo.state.pointer import Tokens, value_at
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.state.touching import changed_below, touches, written
from junjo_desktop.telemetry.junjo.state.transition import PathChange

Values = tuple[Any, Any]


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
    look = partial(value_at, tokens=tokens)
    for position, patch, before, after in chain.walk(partial(touches, tokens=tokens), look):
        if not _is_same(patch, before, after, tokens):
            said = judgements[position]
            is_exact = said.before is Certainty.EXACT and said.after is Certainty.EXACT
            values = _values(chain, position, tokens, before, after)
            yield PathChange(position, Certainty.EXACT if is_exact else Certainty.INFERRED, values)


def _values(chain: Chain, position: int, tokens: Tokens, before: Any, after: Any) -> Callable[[], Values]:
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return partial(_made_again, chain, position, tokens)
    return partial(_kept, (before, after))


def _made_again(chain: Chain, position: int, tokens: Tokens) -> Values:
    return value_at(chain.before(position), tokens), value_at(chain.after(position), tokens)


def _kept(values: Values) -> Values:
    return values


def _is_same(patch: Patch, before: Any, after: Any, tokens: Tokens) -> bool:
    """Whether a patch left the value as it was. Looks first where the patch changed something: it mostly did."""
    below = changed_below(patch, tokens)
    return all(is_same(value_at(before, path), value_at(after, path)) for path in below) and is_same(before, after)


def _told_by_patch(replay: Replay, position: int, tokens: Tokens) -> Iterator[PathChange]:
    patch = replay.patches[position]
    if isinstance(patch, Patch) and touches(patch, tokens):
        told = UNKNOWN_STATE, written(patch, tokens)
        yield PathChange(position, Certainty.UNKNOWN, partial(_kept, told))

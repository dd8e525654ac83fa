"""The index of words, brought up to date at once."""

from __future__ import annotations

from functools import partial

from junjo_desktop.store.database import Store
from junjo_desktop.store.word_index import Group, next_group, write_words
from junjo_desktop.store.word_reading import read_words


def index_words(store: Store) -> list[Group]:
    """Read the words of every group that is full; return these groups."""
    read = []
    while (group := store.read(next_group)) is not None:
        found = store.read(partial(read_words, group=group))
        with store.write(only_adds=True) as writer:
            assert write_words(writer, found)
        read.append(group)
    return read

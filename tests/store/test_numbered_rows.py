"""Rows by their numbers: in order, found again, and known to mean something else once the file was rewritten."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.store import rewriting
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.numbered_rows import (
    LOGS,
    SPANS,
    Census,
    RowNumbers,
    RowsAsked,
    added_since,
    census,
    is_in_place,
    newest,
    numbers,
    only_grew,
)
from junjo_desktop.store.occupancy import occupancy_of
from junjo_desktop.telemetry.intake import Signal
from tests.store.entries import Source
from tests.support import otlp

Drain = Callable[[], None]
START = 1_790_000_000_000_000_000


def send(source: Source, *ids: int) -> None:
    """Append spans; the id is also when it starts."""
    source.append(
        otlp.trace_request(
            *(otlp.span(str(id_), trace=otlp.trace_id(id_), id=otlp.span_id(id_), start_ns=START + id_) for id_ in ids)
        )
    )


def taken(store: Store) -> Census:
    return store.read(partial(census, table=SPANS))


def delete(store: Store, *ids: int) -> None:
    with store.write() as writer:
        for id_ in ids:
            writer.execute("DELETE FROM spans WHERE name = ?", [str(id_)])


@given(st.lists(st.integers(0, 2**62), unique=True), st.lists(st.integers(0, 2**62), unique=True), st.integers(0, 9))
def test_a_head_and_the_rest_of_other_numbers_are_one_list(head: list[int], tail: list[int], skipped: int) -> None:
    skipped = min(skipped, len(tail))
    wanted = [*head, *(number for number in tail[skipped:])]
    ids = RowNumbers(array("q", head), array("q", tail), skipped)
    assert [ids[row] for row in range(len(ids))] == list(map(str, wanted))
    assert ids.page(1, 3) == wanted[1:4]
    assert [ids.find(str(number)) for number in wanted] == [wanted.index(number) for number in wanted]
    assert ids.find("-1") == ids.find("x") == ids.find("9" * 40) == -1


def test_rows_come_in_the_order_that_is_asked_for(store: Store, source: Source, index: Drain) -> None:
    send(source, 5, 1, 3)
    index()
    newest = RowsAsked(SPANS, "start_ns DESC, rowid DESC")
    assert list(store.read(partial(numbers, asked=newest))) == [0, 2, 1]
    assert list(store.read(partial(numbers, asked=newest, limit=2))) == [0, 2]
    of_one = RowsAsked(SPANS, "rowid", "name = $name", {"name": "3"})
    assert list(store.read(partial(numbers, asked=of_one))) == [2]


def test_what_was_added_is_told_apart_from_what_was_deleted(store: Store, source: Source, index: Drain) -> None:
    send(source, 1, 2, 3)
    index()
    before = taken(store)
    send(source, 9, 4)
    index()
    after = taken(store)
    assert store.read(lambda cursor: only_grew(cursor, SPANS, before, after))
    asked = RowsAsked(SPANS, "rowid")
    rows, moments = store.read(partial(added_since, asked=asked, last=before.last, from_ns=START + 5))
    assert (list(rows), list(moments)) == ([3], [START + 9])
    delete(store, 1)
    assert not store.read(lambda cursor: only_grew(cursor, SPANS, before, taken(store)))
    assert store.read(lambda cursor: is_in_place(cursor, SPANS, after))


def test_a_span_that_came_again_is_no_mere_growth(store: Store, source: Source, index: Drain) -> None:
    send(source, 1, 2)
    index()
    before = taken(store)
    send(source, 2, 3)
    index()
    assert not store.read(lambda cursor: only_grew(cursor, SPANS, before, taken(store)))
    assert store.read(lambda cursor: is_in_place(cursor, SPANS, before))


def test_rewriting_the_file_is_noticed_where_rows_moved(store: Store, source: Source, index: Drain) -> None:
    send(source, 1, 2, 3)
    index()
    whole = taken(store)
    occupancy = store.read(lambda cursor: occupancy_of(cursor, store.path))
    rewriting.rewrite(store, occupancy, lambda _share: None, CancelToken())
    assert store.read(lambda cursor: is_in_place(cursor, SPANS, whole))
    delete(store, 1)
    with_gap = taken(store)
    rewriting.rewrite(store, occupancy, lambda _share: None, CancelToken())
    assert not store.read(lambda cursor: is_in_place(cursor, SPANS, with_gap))
    send(source, 4, 5)
    index()
    assert not store.read(lambda cursor: is_in_place(cursor, SPANS, with_gap))


@pytest.mark.parametrize("where", ["true", "body_text < '5'", "observed_ns > 0 AND time_ns = 0", "false"])
def test_the_newest_are_the_first_of_all_also_where_only_the_observation_is_told(
    store: Store, source: Source, index: Drain, where: str
) -> None:
    for first in (0, 20):
        source.append(
            otlp.log_request(
                *(
                    otlp.log(
                        str(place), time_ns=0 if place % 3 else START + place * 7 % 31, observed_ns=place % 2 * START
                    )
                    for place in range(first, first + 20)
                )
            ),
            Signal.LOGS,
        )
    index()
    asked = RowsAsked(LOGS, f"{LOGS.moment} DESC, rowid DESC", where)
    for limit in (1, 7, 100):
        whole = store.read(partial(numbers, asked=asked))
        assert store.read(partial(newest, asked=asked, limit=limit)) == whole[:limit]

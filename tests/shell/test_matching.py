"""Fuzzy matching finds what people mean; history remembers where they were."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.shell.fuzzy import ranked, score
from junjo_desktop.shell.history import History

TITLES = ["Traces", "Back", "Fold or unfold the rail", "Only traces with failures", "Preferences", "Test span"]


def test_starts_of_words_win() -> None:
    assert ranked("tr", TITLES, str)[0] == "Traces"
    assert ranked("ft", TITLES, str)[0] == "Fold or unfold the rail"
    assert ranked("pref", TITLES, str) == ["Preferences"]


def test_letters_must_come_in_order() -> None:
    assert score("cart", "Traces") is None
    assert score("TRC", "Traces") is not None


def test_an_empty_query_keeps_the_order() -> None:
    assert ranked("", TITLES, str) == TITLES


@given(st.text(max_size=30), st.text(max_size=5))
def test_every_text_matches_itself_and_its_own_beginning(text: str, more: str) -> None:
    assert score(text, text + more) is not None


@given(st.lists(st.integers(0, 5)))
def test_going_back_all_the_way_and_forward_again_ends_where_it_began(places: list[int]) -> None:
    history: History[int] = History()
    for place in places:
        history.visit(place)
    last = history.current
    seen = []
    while (place_before := history.back()) is not None:
        seen.append(place_before)
    while history.forward() is not None:
        pass
    assert history.current == last
    assert len(seen) == sum(before != after for before, after in pairwise(places))


def test_a_new_place_forgets_what_lay_forward() -> None:
    history: History[str] = History()
    for place in "abc":
        history.visit(place)
    history.back()
    history.back()
    history.visit("d")
    assert not history.can_go_forward
    assert history.back() == "a"

"""Rows counted by the values of their fields."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.store.facets import VALUES, Facet, FacetColumn, Facets, FacetValue, count_values

NAME, KIND = FacetColumn("name", "Name", "name"), FacetColumn("kind", "Kind", "upper(kind)")
rows_of = st.lists(
    st.tuples(
        st.one_of(st.none(), st.text(max_size=2), st.sampled_from("abc")), st.sampled_from(["x", "y"]), st.booleans()
    ),
    max_size=40,
)


def counted(rows: list[tuple[str | None, str, bool]], where: str = "true") -> Facets:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE listed (name VARCHAR, kind VARCHAR, is_bad BOOLEAN)")
        for row in rows:
            connection.execute("INSERT INTO listed VALUES (?, ?, ?)", row)
        return count_values(connection, "listed", (NAME, KIND), where, {}, failed="is_bad")


@settings(max_examples=40, deadline=None)
@given(rows_of)
def test_each_value_is_counted_with_its_failures(rows: list[tuple[str | None, str, bool]]) -> None:
    found = counted(rows)
    assert found.total == len(rows)
    facets = {facet.field: facet for facet in found.facets}
    names = Counter(name for name, _, _ in rows if name)
    failures = Counter(name for name, _, bad in rows if name and bad)
    if not names:
        assert "name" not in facets
        return
    facet = facets["name"]
    assert len(facet.values) == min(VALUES, len(names))
    assert all((value.count, value.failed) == (names[value.text], failures[value.text]) for value in facet.values)
    counts = [value.count for value in facet.values]
    assert counts == sorted(names.values(), reverse=True)[: len(counts)]
    assert facet.others == len(names) - len(facet.values)
    assert facet.other_count + sum(counts) == sum(names.values())


def test_fields_stand_in_the_order_asked_for_and_only_rows_that_pass_are_counted() -> None:
    rows: list[tuple[str | None, str, bool]] = [("a", "x", False), ("b", "y", True), ("a", "y", True)]
    assert counted(rows, "kind = 'y'") == Facets(
        2,
        (
            Facet("name", "Name", (FacetValue("a", 1, 1), FacetValue("b", 1, 1))),
            Facet("kind", "Kind", (FacetValue("Y", 2, 2),)),
        ),
    )


@pytest.mark.parametrize("where", ["true", "false"])
def test_without_rows_there_are_no_fields(where: str) -> None:
    assert counted([], where) == Facets()

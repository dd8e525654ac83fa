"""Several pages may show one class of destinations; each says which of them are its own."""

from __future__ import annotations

from dataclasses import replace

from tests.shell.conftest import OpenIt
from tests.shell.pages import Built, OpenNote


def test_each_destination_finds_the_page_that_shows_it(open_window: OpenIt) -> None:
    built = Built()
    upper = replace(built.feature("upper", 1, destinations=(OpenNote,)), shows=lambda note: "upp" in str(note))
    lower = replace(built.feature("lower", 2, destinations=(OpenNote,)), shows=lambda note: "low" in str(note))
    workbench = open_window([upper, lower]).workbench
    assert workbench.open(OpenNote("low"))
    assert built.pages["lower"].asked[0] == OpenNote("low")
    assert not workbench.can_open(OpenNote("Neither"))

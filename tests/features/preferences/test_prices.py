"""Prices in Preferences: what has none, and what the user sets."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features.preferences.page import PreferencesPage
from junjo_desktop.features.preferences.prices_section import PricesSection
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.own_prices import own_prices_of
from junjo_desktop.telemetry.llm.prices.own_price import OwnPrice
from tests.features.conftest import Show
from tests.support import hands

_TOLD = {
    "own": [{"model": "mine", "input": 0.15, "output": 0.6, "cache_read": None, "cache_write": 0.2}],
    "unpriced": [{"model": "<b>x</b>", "provider": "acme", "calls": 3}],
    "table_version": "litellm 1.0 (abc)",
    "priced_by": {"litellm 0.9 (def)": 2},
    "to_price": 1,
}


@pytest.fixture
def section(qtbot: QtBot) -> PricesSection:
    shown = PricesSection()
    qtbot.addWidget(shown)
    shown.show_prices(_TOLD)
    return shown


def test_models_with_and_without_a_price_are_listed(section: PricesSection) -> None:
    assert section.list.rows.row_text(0) == "mine\t0.15\t0.6\t\t0.2\t"
    assert section.list.rows.row_text(1) == "<b>x</b>\tunpriced\tunpriced\t\t\t3 calls"
    assert section.table.text() == ("litellm 1.0 (abc). 2 calls priced by another table. 1 trace still to be priced.")


def test_a_model_is_chosen_and_gets_its_price(section: PricesSection, qtbot: QtBot) -> None:
    section.list.setCurrentIndex(section.list.rows.index(1, 0))
    assert (section.model.text(), section.remove.isEnabled()) == ("<b>x</b>", False)
    hands.write(section.fields["input"], "2")
    hands.write(section.fields["output"], "much")
    section.set.click()
    assert section.words.text().startswith("Output is not a number")
    hands.write(section.fields["output"], "$4")
    with qtbot.waitSignal(section.set_wanted) as wanted:
        section.set.click()
    assert wanted.args == [("<b>x</b>", OwnPrice(2.0, 4.0))]


def test_a_price_is_kept_and_taken_away(
    workbench: Workbench, engine: Engine, show: Show[PreferencesPage], qtbot: QtBot
) -> None:
    page = show(PreferencesPage(workbench))
    page.prices.set_wanted.emit(("mine", OwnPrice(1.0, 2.0)))
    qtbot.waitUntil(lambda: page.prices.list.rows.rowCount() == 1)
    assert engine.read(own_prices_of) == {"mine": OwnPrice(1.0, 2.0)}
    page.prices.set_wanted.emit(("mine", None))
    qtbot.waitUntil(lambda: page.prices.list.rows.rowCount() == 0)
    page.prices.again.click()
    qtbot.waitUntil(lambda: "computed anew" in page.prices.words.text())

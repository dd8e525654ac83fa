"""What the section of prices shows is read in the background, and what is set there is kept there, too."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from junjo_desktop.errors import UserError
from junjo_desktop.features.preferences.prices_section import PricesSection
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.own_prices import prices_answer


class PricesPanel(QObject):
    """Reads while the page is seen."""

    def __init__(self, workbench: Workbench, section: PricesSection, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._section = section
        self._is_seen = False
        self._is_outdated = False
        self._reader = workbench.reader(self, self._show)
        self._setter = workbench.worker(self, self._take, self._refuse)
        section.set_wanted.connect(self._set)
        section.again_wanted.connect(self._price_again)
        workbench.batch_stored.connect(self.read)

    def begin(self) -> None:
        """The page is seen."""
        self._is_seen = True
        self.read()

    def end(self) -> None:
        """The page is not seen any more."""
        self._is_seen = False

    def read(self) -> None:
        """Read again what is told of prices."""
        self._is_outdated = self._reader.busy
        if self._is_seen and not self._is_outdated:
            self._reader.submit(prices_answer)

    def _show(self, told: dict[str, Any]) -> None:
        self._section.show_prices(told)
        if self._is_outdated:
            self.read()

    def _set(self, wished: tuple[str, Any]) -> None:
        model, price = wished
        words = f"{model} has its price" if price is not None else f"{model} has no price of its own any more"
        self._submit(partial(self._workbench.backend.prices.set_price, model, price), words)

    def _price_again(self) -> None:
        self._submit(self._workbench.backend.prices.price_again, "All costs are computed anew")

    def _submit(self, job: Any, words: str) -> None:
        self._setter.submit(partial(_done, job, words))

    def _take(self, words: str) -> None:
        self._section.say(f"{words}. Calls are priced again in the background.")
        self.read()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._section.say(str(error), is_error=True)
        else:
            self._workbench.report_error(error)


def _done(job: Any, words: str) -> str:
    job()
    return words

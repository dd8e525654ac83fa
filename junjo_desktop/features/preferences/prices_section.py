"""Prices: what models cost that no price table knows, and which stored calls have no price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from junjo_desktop.errors import UserError
from junjo_desktop.features.preferences.number_field import number_field
from junjo_desktop.features.preferences.section import Section, wrapped_label
from junjo_desktop.telemetry.llm.prices.own_price import LONGEST_MODEL, OwnPrice, checked_model, checked_price
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.inspector.row_list import RowList

_REMARK = (
    "US dollars for a million tokens. Your prices go before those of LiteLLM's table; a price for a cache that is left "
    "empty is that of other input. Kept in state.sqlite3; on the command line: junjo-desktop prices."
)
_FIELDS = (("input", "Input"), ("output", "Output"), ("cache_read", "Cache read"), ("cache_write", "Cache write"))
_MUST = ("input", "output")
_LIST_PX = 150
_MODEL_PX, _NUMBER_PX = 250, 112


class PricesSection(Section):
    """`set_wanted` carries (model, `OwnPrice`), or (model, None) for one whose price is to go."""

    set_wanted = Signal(object)
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Prices", parent)
        self._listed: list[tuple[str, OwnPrice | None]] = []
        self.list = RowList("Models", ("Model", "Input", "Output", "Cache read", "Cache write", "Calls"), (), self)
        self.model = QLineEdit(self)
        self.fields: dict[str, QLineEdit] = {name: number_field(f"{title} price", self) for name, title in _FIELDS}
        self.set = QPushButton("Set price", self)
        self.remove = QPushButton("Remove price", self)
        self.again = QPushButton("Recompute all costs", self)
        self.words = wrapped_label(self, "")
        self.table = wrapped_label(self, "")
        self._build()
        self.list.row_chosen.connect(self._fill)
        self.set.clicked.connect(self._set)
        self.remove.clicked.connect(self._remove)
        self.again.clicked.connect(self.again_wanted)
        self.model.textEdited.connect(self._check)
        self._check()

    def _build(self) -> None:
        self.list.setFixedHeight(_LIST_PX)
        for place, width in enumerate((_MODEL_PX, 76, 76, 84, 88)):
            self.list.header().resizeSection(place, width)
        self.model.setPlaceholderText("Model, as it is called, or provider/model")
        self.model.setAccessibleName("Model")
        self.model.setMaxLength(LONGEST_MODEL)
        self.again.setToolTip("Costs are kept as they were computed; have all be computed by today's prices")
        numbers = _line(self, [self.fields[name] for name, _ in _FIELDS])
        for name, title in _FIELDS:
            self.fields[name].setPlaceholderText(title)
            self.fields[name].setFixedWidth(_NUMBER_PX)
        self.add_row("Models", self.list)
        self.add_row("Price of", self.model)
        self.add_row("", numbers)
        self.add_row("", _line(self, [self.set, self.remove]))
        self.add_row("", self.words)
        self.add_remark(_REMARK)
        self.add_row("Price table", self.table)
        self.add_row("", _line(self, [self.again]))
        self.words.hide()

    def show_prices(self, told: Mapping[str, Any]) -> None:
        """Show what `store.own_prices.prices_answer` tells; what is being typed stays."""
        own = [(str(one["model"]), OwnPrice(*(one[name] for name, _ in _FIELDS))) for one in told["own"]]
        rows = [(model, *map(_number_text, _numbers(price)), "") for model, price in own]
        unpriced = [one for one in told["unpriced"] if one["model"] not in dict(own)]
        rows += [(str(one["model"]), "unpriced", "unpriced", "", "", counted(one["calls"], "call")) for one in unpriced]
        listed: list[tuple[str, OwnPrice | None]] = [*own, *((str(one["model"]), None) for one in unpriced)]
        if listed != self._listed:
            self._listed = listed
            self.list.rows.show_rows(rows)
        version = told["table_version"] or "There is none: only own prices and reported costs are known."
        left = f" {counted(told['to_price'], 'trace')} still to be priced." if told["to_price"] else ""
        others = sum(calls for by, calls in told["priced_by"].items() if by != told["table_version"])
        older = f" {counted(others, 'call')} priced by another table." if others else ""
        self.table.setText(f"{version}.{older}{left}" if told["table_version"] else f"{version}{left}")
        self._check()

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Say what came of it."""
        self.words.setProperty("look", "error" if is_error else "dim")
        self.words.style().polish(self.words)
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def _fill(self, row: int) -> None:
        model, price = self._listed[row]
        self.model.setText(model)
        self.model.setCursorPosition(0)
        for (name, _), number in zip(_FIELDS, (None,) * 4 if price is None else _numbers(price), strict=True):
            self.fields[name].setText(_number_text(number))
        self._check()

    def _check(self, _text: str = "") -> None:
        model = self.model.text().strip()
        self.set.setEnabled(bool(model))
        self.remove.setEnabled(any(name == model and price is not None for name, price in self._listed))

    def _set(self) -> None:
        try:
            read = [self._read(name, title) for name, title in _FIELDS]
            price = checked_price(OwnPrice(read[0] or 0.0, read[1] or 0.0, read[2], read[3]))
            self.set_wanted.emit((checked_model(self.model.text()), price))
        except UserError as error:
            self.say(str(error), is_error=True)

    def _read(self, name: str, title: str) -> float | None:
        text = self.fields[name].text().strip().removeprefix("$").strip()
        if not text and name not in _MUST:
            return None
        try:
            return float(text)
        except ValueError:
            raise UserError(f"{title} is not a number.", "Write US dollars for a million tokens, like 0.15.") from None

    def _remove(self) -> None:
        self.set_wanted.emit((self.model.text().strip(), None))


def _numbers(price: OwnPrice) -> tuple[float | None, ...]:
    return price.input, price.output, price.cache_read, price.cache_write


def _number_text(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _line(parent: QWidget, parts: Sequence[QWidget]) -> QWidget:
    held = QWidget(parent)
    line = QHBoxLayout(held)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    held.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return held

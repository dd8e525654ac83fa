"""Says that counting takes long, and offers a shorter time: asking for that ends the count under way."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.time_range import PRESETS, TimeRange, range_words

_PATIENCE_MS = 800
_SHORTER = tuple(PRESETS[title] for title in ("Last 15 minutes", "Last hour", "Last 24 hours", "Last 7 days"))


class WaitNotice(NoticeBar):
    """`shorter_asked` carries the `TimeRange` that is wanted instead. Hidden while counting is quick."""

    shorter_asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.patience = QTimer(self)
        self.patience.setSingleShot(True)
        self.patience.setInterval(_PATIENCE_MS)
        self.patience.timeout.connect(self._say_so)
        self._shown = ServicesFilter()

    def begin(self, chosen: ServicesFilter) -> None:
        """Counting began."""
        self._shown = chosen
        self.hide()
        self.patience.start()

    def end(self) -> None:
        """Counting has ended."""
        self.patience.stop()
        self.hide()

    def _say_so(self) -> None:
        shorter = shorter_than(self._shown.time_range)
        words = f"Counting all spans: {range_words(self._shown.time_range)} …"
        actions = () if shorter is None else ((f"Only {range_words(shorter)}", self._ask),)
        self.show_notice(words, "info", actions)

    def _ask(self) -> None:
        shorter = shorter_than(self._shown.time_range)
        if shorter is not None:
            self.shorter_asked.emit(shorter)


def shorter_than(time_range: TimeRange) -> TimeRange | None:
    """Return the next shorter time that is offered; None for the shortest, and between two moments."""
    if time_range.is_open:
        return _SHORTER[-1]
    if time_range.last_ns is None:
        return None
    last_ns = time_range.last_ns
    return next((one for one in reversed(_SHORTER) if one.last_ns is not None and one.last_ns < last_ns), None)

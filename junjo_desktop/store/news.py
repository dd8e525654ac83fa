"""Tells whoever wants to hear of it that something was stored."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import RLock

logger = logging.getLogger(__name__)


class News:
    """Who wants to hear of stored batches. Whoever has unsubscribed is not called any more, by no thread."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._listeners: dict[object, Callable[[], None]] = {}

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        """Call `on_change`, on any thread, with all news; return how to unsubscribe."""
        ticket = object()
        with self._lock:
            self._listeners[ticket] = on_change

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(ticket, None)

        return unsubscribe

    def tell(self) -> None:
        """Call all who have subscribed."""
        with self._lock:
            for on_change in tuple(self._listeners.values()):
                try:
                    on_change()
                except Exception:
                    # A listener's bug must not stop the indexer.
                    logger.exception("A listener for stored batches failed")

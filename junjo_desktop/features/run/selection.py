"""What is selected on the page of a run: one span, and one state update when one is chosen. All parts share it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

Step = tuple[str, int]
"""A state update: the store's id, and its position among the store's transitions, from 0."""


class RunSelection(QObject):
    """One selection for the graph, the steps, the state and the failures.

    Whoever the user points at calls `select_span` or `select_step`; everybody listens to `changed` and shows it.
    Selecting what is selected already emits nothing, so that parts may answer one another.
    """

    changed = Signal(object)
    """The selection changed; carries this object."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._span_id: str | None = None
        self._step: Step | None = None
        self._carriers: Mapping[Step, str] = {}

    @property
    def span_id(self) -> str | None:
        """The selected span: for a state update the one that carries it. None for nothing."""
        return self._span_id

    @property
    def step(self) -> Step | None:
        """The selected state update, or None while a whole span is selected."""
        return self._step

    def renew(self, carriers: Mapping[Step, str], span_id: str | None, step: Step | None) -> None:
        """Know which span carries each update of another run, and what is selected in it, without `changed`.

        Called by the page before it gives its parts a run; they show what is selected with it. `announce` follows.
        """
        self._carriers = carriers
        self._span_id, self._step = (span_id, None) if step is None else (carriers.get(step), step)

    def announce(self) -> None:
        """Emit `changed` for what `renew` selected."""
        self.changed.emit(self)

    def select_span(self, span_id: str | None) -> None:
        """Select a whole span, or nothing."""
        self._set(span_id, None)

    def select_step(self, store_id: str, position: int) -> None:
        """Select a state update, and with it the span that carries it."""
        step = (store_id, position)
        self._set(self._carriers.get(step), step)

    def clear(self) -> None:
        """Select nothing."""
        self._set(None, None)

    def _set(self, span_id: str | None, step: Step | None) -> None:
        if (span_id, step) != (self._span_id, self._step):
            self._span_id, self._step = span_id, step
            self.changed.emit(self)

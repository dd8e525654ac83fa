"""Puts into notices what goes on behind the pages: deletions under way, and trouble with receiving and storing."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from junjo_desktop.shell.housekeeping import Housekeeping, Outcome, Progress
from junjo_desktop.shell.notices import Notices
from junjo_desktop.telemetry.intake import IntakeReport, Refusal, RefusalReason

_WORK = "housekeeping"
_STORING = "storing"
_OVERLOAD = "overload"
_OVERLOAD_ENDS_MS = 15_000


class HousekeepingNews(QObject):
    """A standing notice with the progress and a way to stop, then what came of it."""

    def __init__(self, housekeeping: Housekeeping, notices: Notices) -> None:
        super().__init__(notices)
        self._housekeeping = housekeeping
        self._notices = notices
        housekeeping.began.connect(self._show_begun)
        housekeeping.progressed.connect(self._show_progress)
        housekeeping.ended.connect(self._show_outcome)

    def _show_begun(self) -> None:
        stop = (("Stop", self._housekeeping.stop),)
        self._notices.show_message(_WORK, "", "info", stop, is_standing=True)

    def _show_progress(self, progress: Progress) -> None:
        self._notices.show_progress(_WORK, progress.sentence, progress.share)

    def _show_outcome(self, outcome: Outcome) -> None:
        if outcome.sentence:
            self._notices.show_message(_WORK, outcome.sentence, outcome.role)
        else:
            self._notices.take_away(_WORK)


class IntakeNews(QObject):
    """Says what keeps telemetry from being received or stored for as long as it does, and what was found damaged.

    What the user has closed does not come back while the same trouble lasts.
    """

    def __init__(self, notices: Notices) -> None:
        super().__init__(notices)
        self._notices = notices
        self._had_error = False
        self._is_error_told = False
        self._overloads: int | None = None
        self._told: set[str] = set()
        self._overload_ends = QTimer(self)
        self._overload_ends.setSingleShot(True)
        self._overload_ends.setInterval(_OVERLOAD_ENDS_MS)
        self._overload_ends.timeout.connect(self._end_overload)

    def show_report(self, report: IntakeReport) -> None:
        """Compare a report with the one before."""
        self._show_error(report.last_error)
        self._show_overload(next((one for one in report.refusals if one.reason is RefusalReason.OVERLOADED), None))
        for sentence in report.notices:
            if sentence not in self._told:
                self._told.add(sentence)
                self._notices.show_message(sentence, sentence, "warning", is_standing=True)

    def _show_error(self, sentence: str | None) -> None:
        lasts, self._had_error = self._had_error and sentence is not None, sentence is not None
        if sentence is None:
            if self._is_error_told:
                self._notices.show_message(_STORING, "Storing goes on: nothing that was acknowledged is lost.", "ok")
            self._is_error_told = False
        elif self._is_error_told:
            # The same trouble in other words (less and less room, say), unless the user has closed it.
            self._notices.show_progress(_STORING, sentence, None)
        elif lasts:
            # What is over by the next report needs no notice.
            self._is_error_told = True
            self._notices.show_message(_STORING, sentence, "error", is_standing=True)

    def _show_overload(self, refusal: Refusal | None) -> None:
        count = 0 if refusal is None else refusal.count
        before, self._overloads = self._overloads, count
        if refusal is None or before is None or count <= before:
            return
        sentence = (
            "More arrives than can be stored, so senders are asked to send it again later (RESOURCE_EXHAUSTED). "
            f"{refusal.detail}"
        )
        if self._overload_ends.isActive():
            self._notices.show_progress(_OVERLOAD, sentence, None)
        else:
            self._notices.show_message(_OVERLOAD, sentence, "warning", is_standing=True)
        self._overload_ends.start()

    def _end_overload(self) -> None:
        self._notices.take_away(_OVERLOAD)

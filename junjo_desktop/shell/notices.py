"""What happened, said at the top of the page in front: never a dialog, never the same twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.errors import UserError
from junjo_desktop.shell.crash_report import BugReport, bug_report
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.notice_bar import NoticeBar

_AT_ONCE = 3
_BUG = "Something went wrong."

Actions = tuple[tuple[str, Callable[[], object]], ...]


@dataclass(slots=True)
class _Shown:
    bar: NoticeBar
    count: int
    report: BugReport | None = None
    is_standing: bool = False
    """It says how things are now; whoever put it up takes it away."""


class Notices(QWidget):
    """A `UserError` is its sentence and what to do next; anything else is a bug, with details that can be copied.

    `closed` carries the key of a notice that the user closed.
    """

    closed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[str, _Shown] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences shown, from top to bottom."""
        return tuple(shown.bar.text for shown in self._shown.values())

    def show_error(self, error: Exception) -> None:
        """Tell about an error; one that is shown already is counted."""
        if isinstance(error, UserError):
            self._show(str(error), str(error), "error", None)
        else:
            report = bug_report(error)
            self._show(report.summary, f"{_BUG} {report.summary}", "error", report)

    def show_last_crash(self, trace: str) -> None:
        """Offer the stack that a crash before this start left."""
        report = BugReport("The app ended unexpectedly last time.", trace)
        self._show(report.summary, report.summary, "warning", report)

    def show_message(
        self, key: str, text: str, role: Role = "info", actions: Actions = (), *, is_standing: bool = False
    ) -> None:
        """Say something under `key`, in the place of what was said there before."""
        shown = self._shown.get(key) or self._add(key)
        shown.is_standing = is_standing
        shown.bar.show_notice(text, role, actions)
        self.show()

    def show_progress(self, key: str, text: str, share: float | None) -> None:
        """Say how far something is, in the notice that `show_message` put up; nothing when it was closed."""
        if (shown := self._shown.get(key)) is not None:
            shown.bar.show_progress(text, share)

    def take_away(self, key: str) -> None:
        """Take a notice away, if it is there."""
        self._drop(key)

    def _show(self, key: str, text: str, role: Role, report: BugReport | None) -> None:
        shown = self._shown.get(key) or self._add(key)
        shown.count += 1
        shown.report = report
        repeats = f" ({shown.count} times)" if shown.count > 1 else ""
        actions: Actions = ()
        if report is not None:
            actions = (("Details", partial(self.show_details, key)), ("Copy report", partial(self._copy, key)))
        shown.bar.show_notice(text + repeats, role, actions)
        self.show()

    def _add(self, key: str) -> _Shown:
        passing = [other for other, shown in self._shown.items() if not shown.is_standing]
        for other in passing[: max(0, len(passing) - _AT_ONCE + 1)]:
            self._drop(other)
        bar = NoticeBar(self)
        bar.dismissed.connect(partial(self._close, key))
        self._column.addWidget(bar)
        self._shown[key] = _Shown(bar, 0)
        return self._shown[key]

    def _close(self, key: str) -> None:
        self._drop(key)
        self.closed.emit(key)

    def _drop(self, key: str) -> None:
        shown = self._shown.pop(key, None)
        if shown is not None:
            self._column.removeWidget(shown.bar)
            shown.bar.hide()
            shown.bar.deleteLater()
        self.setVisible(bool(self._shown))

    def _copy(self, key: str) -> None:
        shown = self._shown.get(key)
        if shown is not None and shown.report is not None:
            QGuiApplication.clipboard().setText(shown.report.details)

    def show_details(self, key: str) -> None:
        """Open the report, so that it can be read before it is copied."""
        shown = self._shown.get(key)
        if shown is not None and shown.report is not None:
            # Loaded only now: the text view is not needed to start.
            from junjo_desktop.shell.report_dialog import ReportDialog

            ReportDialog(shown.report, self.window()).open()

"""Says what a deletion takes and what it keeps, and asks. Cancel is the default, and Escape cancels."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.errors import UserError
from junjo_desktop.shell.deletion_words import DeletionRequest, noted_words, older_than
from junjo_desktop.widgets.figures import count_text, counted

if TYPE_CHECKING:
    from junjo_desktop.shell.workbench import Backend, Workbench
    from junjo_desktop.store.selection import Selection, Toll

_WIDTH_PX = 460
_FIRST_DAYS = 7
_MOST_DAYS = 36_500
_FIGURES = ("Traces", "Spans", "Log records", "Metrics")


class DeletionDialog(QDialog):
    """One question. `asks_age` lets the user say how old; the figures follow."""

    def __init__(
        self, workbench: Workbench, request: DeletionRequest, parent: QWidget, *, asks_age: bool = False
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._request = request
        self._counted: tuple[Selection, Toll] | None = None
        self._counting = workbench.worker(self, self._take_toll, self._refuse)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Delete telemetry")
        self.age = QSpinBox(self) if asks_age else None
        self.starred_too = QCheckBox("Delete starred traces too", self)
        self.cancel = QPushButton("Cancel", self)
        self.delete = QPushButton("Delete", self)
        self._lay_out()
        self._prepare()
        self._count()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        self._question = _wrapped(self, "title", self._request.question)
        layout.addWidget(self._question)
        if self.age is not None:
            layout.addLayout(_age_line(self, self.age))
        layout.addWidget(self._figures_card())
        self.kept = _wrapped(self, "", "")
        self._remark = _wrapped(self, "dim", f"{self._request.remark} This cannot be undone.")
        for widget in (self.kept, self.starred_too, self._remark):
            layout.addWidget(widget)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(self.cancel)
        line.addWidget(self.delete)
        layout.addSpacing(4)
        layout.addLayout(line)
        self.setFixedWidth(_WIDTH_PX)

    def _figures_card(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("look", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setVerticalSpacing(2)
        self._figures = []
        for column, caption in enumerate(_FIGURES):
            label, figure = QLabel(caption, card), QLabel("…", card)
            label.setProperty("look", "dim")
            figure.setProperty("look", "title")
            figure.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(label, 0, column)
            grid.addWidget(figure, 1, column)
            grid.setColumnStretch(column, 1)
            self._figures.append(figure)
        return card

    def _prepare(self) -> None:
        self.starred_too.hide()
        self.delete.setProperty("look", "danger")
        self.delete.setEnabled(False)
        self.cancel.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.delete.clicked.connect(self.accept)
        self.starred_too.toggled.connect(self._count)
        if self.age is None:
            self.cancel.setFocus()
        else:
            self.age.valueChanged.connect(self._count)
            self.age.setFocus()
            self.age.selectAll()

    @property
    def figures(self) -> dict[str, str]:
        """What is shown, by caption."""
        return {caption: figure.text() for caption, figure in zip(_FIGURES, self._figures, strict=True)}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter in the field means "this many", not the default button.
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (is_enter and self.age is not None and self.age.hasFocus()):
            super().keyPressEvent(event)

    def accept(self) -> None:
        if self._counted is None or not self.delete.isEnabled():
            return
        if self._workbench.housekeeping.busy:
            self._say("Something else is being deleted. Wait until it has ended, or stop it.")
            return
        self._workbench.housekeeping.delete(*self._counted)
        super().accept()

    def _count(self) -> None:
        self._counted = None
        self.delete.setEnabled(False)
        if self.age is not None:
            self._request = older_than(self.age.value())
        self._say("Counting what this takes …")
        self._counting.submit(
            partial(_count, self._workbench.backend, self._request, starred_too=self.starred_too.isChecked())
        )

    def _take_toll(self, answer: tuple[Selection, Toll, int]) -> None:
        selection, toll, starred = answer
        self._counted = (selection, toll)
        for figure, count in zip(self._figures, (toll.traces, toll.spans, toll.logs, toll.metrics), strict=True):
            figure.setText(count_text(count))
        self._say_kept(toll, starred)
        self.delete.setEnabled(bool(toll))
        self.delete.setText(f"Delete {counted(toll.traces, 'trace')}" if toll.traces else "Delete")
        self.adjustSize()

    def _say_kept(self, toll: Toll, starred: int) -> None:
        words = ""
        if self._request.is_by_name and starred:
            words = f"{counted(starred, 'of them is', 'of them are')} starred and deleted all the same."
        elif toll.kept:
            words = f"{counted(toll.kept, 'starred trace is', 'starred traces are')} kept."
        if toll.noted:
            words = f"{words} {noted_words(toll)}".strip()
        self._say(words)
        # Once ticked it stays: nothing is kept then, and it must be possible to take the tick off again.
        self.starred_too.setVisible(toll.kept > 0 or self.starred_too.isChecked())

    def _refuse(self, error: Exception) -> None:
        for figure in self._figures:
            figure.setText("?")
        if isinstance(error, UserError):
            self._say(f"What this would take cannot be counted. {error}")
        else:
            self._workbench.report_error(error)
            self.reject()

    def _say(self, words: str) -> None:
        self.kept.setText(words)
        self.kept.setVisible(bool(words))
        self.adjustSize()


def ask_deletion(workbench: Workbench, request: DeletionRequest, parent: QWidget) -> DeletionDialog:
    """Open the dialog over the window of `parent`; what is confirmed is deleted in the background."""
    return _opened(DeletionDialog(workbench, request, parent.window()))


def ask_old_deletion(workbench: Workbench, parent: QWidget) -> DeletionDialog:
    """The same for what is older than a number of days that the dialog asks for."""
    return _opened(DeletionDialog(workbench, older_than(_FIRST_DAYS), parent.window(), asks_age=True))


def _opened(dialog: DeletionDialog) -> DeletionDialog:
    dialog.open()
    return dialog


def _count(backend: Backend, request: DeletionRequest, *, starred_too: bool) -> tuple[Selection, Toll, int]:
    """Return what is selected, what deleting it takes, and how many starred traces are named by it."""
    selection = request.select()
    if starred_too:
        selection = replace(selection, starred_too=True)
    return selection, backend.toll_of(selection), len(backend.starred().intersection(selection.trace_ids))


def _age_line(dialog: QDialog, age: QSpinBox) -> QHBoxLayout:
    age.setRange(0, _MOST_DAYS)
    age.setValue(_FIRST_DAYS)
    age.setSuffix(" days")
    age.setAccessibleName("Older than this many days")
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(QLabel("Older than", dialog))
    line.addWidget(age)
    line.addStretch(1)
    return line


def _wrapped(parent: QWidget, look: str, text: str) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("look", look)
    return label

"""The findings of the connection doctor as rows: a sign, a sentence, what is known about it, what to do next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from junjo_desktop.receiver.diagnosis import Finding, Severity
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current

_ICON_PX = 15
_LONG_WORD = re.compile(r"\S{32,}")
_ROLES: dict[Severity, Role] = {"ok": "ok", "info": "info", "warning": "warning", "error": "error"}


class Sign(QWidget):
    """The icon of a severity; it follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity: Severity = "info"
        self.setFixedSize(QSize(_ICON_PX, _ICON_PX + 2))

    def set_severity(self, severity: Severity) -> None:
        """Show another severity."""
        self._severity = severity
        self.setAccessibleName(severity)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = role_color(current(), _ROLES[self._severity])
        paint_icon(painter, QRect(0, 2, _ICON_PX, _ICON_PX), self._severity, color)
        painter.end()


class FindingRow(QFrame):
    """One finding. Text can be selected; it wraps, and is never markup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Finding | None = None
        self._sign = Sign(self)
        self._title = _label(self)
        self._detail = _label(self, "dim")
        self._next_step = _label(self)
        words = QVBoxLayout()
        words.setSpacing(1)
        for label in (self._title, self._detail, self._next_step):
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 3, 0, 3)
        layout.setSpacing(8)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def show_finding(self, finding: Finding) -> None:
        """Show another finding; nothing happens when it is the same, so that a selection stays."""
        if finding == self._shown:
            return
        self._shown = finding
        self._sign.set_severity(finding.severity)
        arrow = f"→ {finding.next_step}" if finding.next_step else ""
        for label, text in ((self._title, finding.title), (self._detail, finding.detail), (self._next_step, arrow)):
            if label.text() != _breakable(text):
                label.setText(_breakable(text))
            label.setVisible(bool(text))
        self.setAccessibleName(f"{finding.severity}: {finding.title} {finding.detail} {finding.next_step}".strip())


class FindingsSection(QWidget):
    """A heading with its findings; rows are kept and refilled, so that nothing flickers or moves needlessly.

    `quiet` is said when there is no finding.
    """

    def __init__(self, title: str, quiet: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FindingRow] = []
        heading = QLabel(title, self)
        heading.setProperty("look", "heading")
        self._quiet = _label(self, "dim")
        self._quiet.setText(quiet)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(heading)
        self._layout.addWidget(self._quiet)
        self.setAccessibleName(title)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these findings instead."""
        while len(self._rows) < len(findings):
            row = FindingRow(self)
            self._rows.append(row)
            self._layout.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(findings))
            if place < len(findings):
                row.show_finding(findings[place])
        self._quiet.setVisible(not findings and bool(self._quiet.text()))


def _breakable(text: str) -> str:
    # A label breaks lines between words only; a name of a hundred letters gets places to break.
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(r".{1,12}", word[0])), text)


def _label(parent: QWidget, look: str = "") -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    # A word longer than the pane must not widen it.
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    if look:
        label.setProperty("look", look)
    return label

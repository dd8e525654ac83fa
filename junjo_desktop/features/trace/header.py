"""The header line of the Trace page: where we are, what is wrong, the id, find in trace, the star, and a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from junjo_desktop.features.trace.find_field import FindField
from junjo_desktop.features.trace.head_words import HeadTag
from junjo_desktop.features.trace.tag_strip import TagStrip
from junjo_desktop.shell.stars import KEPT_WORDS
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 48
_SERVICE_PX = 180
_NAME_PX = 130
"""What of the name is never given up for tags."""
_ID_CHARACTERS = 16
_WITH_ID_PX = 1000


class TraceHeader(QFrame):
    """`traces_asked` and `service_asked` when a part of the breadcrumb was pressed.

    `oddity_asked` carries the kind of `health.Oddity` whose tag was pressed.
    """

    traces_asked = Signal()
    service_asked = Signal()
    oddity_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self._trace_id = ""
        self._arrows: list[QLabel] = []
        self.traces = QPushButton("Traces", self)
        self.service = QPushButton(self)
        self.name = ElidedLabel(parent=self, look="heading")
        self.id = QLabel(self)
        self.copy_id = CopyButton(self._copied_id, name="Copy trace id", parent=self)
        self.finder = FindField(self)
        self.run = QPushButton("Open run", self)
        self.star = QToolButton(self)
        self.more = QToolButton(self)
        self.tags = TagStrip(self)
        self._lay_out()
        self.traces.clicked.connect(self.traces_asked)
        self.service.clicked.connect(self.service_asked)
        self.tags.oddity_asked.connect(self.oddity_asked)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 12, 0)
        line.setSpacing(4)
        for crumb, tip in ((self.traces, "Back to the list"), (self.service, "Traces of this service")):
            crumb.setProperty("look", "quiet")
            crumb.setToolTip(tip)
            line.addWidget(crumb)
            arrow = QLabel("›", self)
            arrow.setProperty("look", "dim")
            line.addWidget(arrow)
            self._arrows.append(arrow)
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line.addSpacing(4)
        line.addWidget(self.name)
        line.addSpacing(6)
        line.addWidget(self.tags)
        line.addSpacing(6)
        self.id.setProperty("look", "mono")
        self.id.setTextFormat(Qt.TextFormat.PlainText)
        self.id.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.addWidget(self.id)
        line.addWidget(self.copy_id)
        line.addStretch(1)
        line.addWidget(self.finder)
        line.addSpacing(4)
        self.run.setIcon(icon("workflows"))
        self.run.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line.addWidget(self.run)
        self.star.setCheckable(True)
        self.more.setIcon(icon("more"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip("More to do with this trace")
        self.more.setAccessibleName("More to do with this trace")
        for button in (self.star, self.more):
            button.setProperty("look", "button")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width_px: int) -> None:
        is_wide = width_px >= _WITH_ID_PX
        # The id can be copied all the same; the name says more.
        self.id.setVisible(is_wide)
        self.finder.fit(is_narrow=not is_wide)
        self.name.setMinimumWidth(min(self.name.sizeHint().width(), _NAME_PX) if is_wide else 0)

    def show_trace(self, trace_id: str, name: str, service: str) -> None:
        """Say which trace is shown; an empty name for one that is not stored."""
        self._trace_id = trace_id
        self.name.setText(name.strip() or "(no name)")
        self._fit(self.width())
        metrics = self.service.fontMetrics()
        crumb = metrics.elidedText(one_line(service), Qt.TextElideMode.ElideRight, _SERVICE_PX)
        self.service.setText(crumb.replace("&", "&&"))
        self.service.setAccessibleName(f"Traces of {one_line(service, 40)}")
        for part in (self.service, self._arrows[1]):
            part.setVisible(bool(service))
        self.id.setText(trace_id[:_ID_CHARACTERS] + ("…" if len(trace_id) > _ID_CHARACTERS else ""))
        self.id.setToolTip(trace_id)

    def show_run_way(self, run: str) -> None:
        """Say to which run the selected span belongs; empty for none."""
        self.run.setVisible(bool(run))
        self.run.setToolTip(plain_tooltip(f"Open {run} (W)"))
        self.run.setAccessibleName(f"Open run: {one_line(run, 40)}")

    def show_star(self, starred: bool | None) -> None:
        """Say whether the trace is starred; None: there is none to be starred."""
        words = "Remove the star" if starred else "Star this trace"
        self.star.setChecked(bool(starred))
        self.star.setIcon(icon("star-full" if starred else "star"))
        self.star.setToolTip(f"{words} (S)\n{KEPT_WORDS}")
        self.star.setAccessibleName(words)
        for button in (self.star, self.more):
            button.setVisible(starred is not None)

    def show_tags(self, tags: Sequence[HeadTag]) -> None:
        """Show these tags."""
        self.tags.set_tags(tags)

    @property
    def tag_words(self) -> list[str]:
        """The tags that are shown."""
        return self.tags.words

    def _copied_id(self) -> str:
        return self._trace_id

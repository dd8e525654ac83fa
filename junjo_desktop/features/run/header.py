"""The header line of a run: where we are, how it went, and the ways to other runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from junjo_desktop.features.run.head_words import HeadTag
from junjo_desktop.shell.stars import KEPT_WORDS
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 48
_CRUMB_PX = 150
_WITH_WORDS_PX = 1080


class RunHeader(QFrame):
    """Buttons emit; whoever owns the header knows what they lead to."""

    list_asked = Signal()
    service_asked = Signal()
    around_asked = Signal()
    older_asked = Signal()
    newer_asked = Signal()
    trace_asked = Signal()
    star_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link_text: Callable[[], str] = str
        """What the link button copies; whoever owns the header sets it."""
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self._tags: list[Tag] = []
        self.list = QPushButton("Workflows", self)
        self.service = QPushButton(self)
        self.around = QPushButton(self)
        self._arrows = {crumb: QLabel("›", self) for crumb in (self.list, self.service, self.around)}
        self.name = ElidedLabel(parent=self, look="heading")
        self.facts = ElidedLabel(parent=self, look="dim")
        self.older = QPushButton(self)
        self.newer = QPushButton(self)
        self.compare = QPushButton(self)
        self.compare_menu = QMenu(self)
        self.trace = QPushButton(self)
        self.link = CopyButton(self._link_text, name="Copy a link to this place (Shift+C)", parent=self)
        self.star = QToolButton(self)
        self._places = QHBoxLayout()
        self._lay_out()
        for button, asked in (
            (self.list, self.list_asked),
            (self.service, self.service_asked),
            (self.around, self.around_asked),
            (self.older, self.older_asked),
            (self.newer, self.newer_asked),
            (self.trace, self.trace_asked),
            (self.star, self.star_asked),
        ):
            button.clicked.connect(asked)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 12, 0)
        line.setSpacing(4)
        for crumb, arrow in self._arrows.items():
            crumb.setProperty("look", "quiet")
            arrow.setProperty("look", "dim")
            line.addWidget(crumb)
            line.addWidget(arrow)
        self.list.setToolTip("Back to the list")
        line.addSpacing(4)
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line.addWidget(self.name)
        line.addSpacing(4)
        self._places.setSpacing(6)
        line.addLayout(self._places)
        line.addSpacing(4)
        # What is left: the name needs the room more.
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line.addWidget(self.facts, 1)
        line.addSpacing(8)
        self._lay_out_buttons(line)

    def _lay_out_buttons(self, line: QHBoxLayout) -> None:
        for button, picture, tip in (
            (self.older, "chevron-left", "The run of the same name before this one (Ctrl+PgUp)"),
            (self.newer, "chevron-right", "The run of the same name after this one (Ctrl+PgDown)"),
            (self.compare, "columns", "Compare with another run of the same name"),
            (self.trace, "traces", "Open the trace at the selected span (T)"),
        ):
            button.setIcon(icon(picture))
            button.setToolTip(tip)
        self.compare.setMenu(self.compare_menu)
        self.newer.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.star.setCheckable(True)
        ends: tuple[QWidget, ...] = (self.older, self.newer, self.compare, self.trace, self.link, self.star)
        for end in ends:
            end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(end)
        self.star.setProperty("look", "button")
        self._label_buttons(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label_buttons(event.size().width())

    def _label_buttons(self, width_px: int) -> None:
        # In a narrow window the name of the run needs the room more than words that have an icon.
        for button, words in (
            (self.older, "Previous run"),
            (self.newer, "Next run"),
            (self.compare, "Compare with…"),
            (self.trace, "Open trace"),
        ):
            button.setAccessibleName(words.rstrip("…"))
            button.setText(words if width_px >= _WITH_WORDS_PX else "")

    def show_places(self, list_name: str, service: str, around: str) -> None:
        """Say where the run stands; an empty text leaves that part of the breadcrumb out."""
        self.list.setText(list_name)
        for crumb, text, tip in (
            (self.service, service, "Runs of this service"),
            (self.around, around, "The run that this one is part of"),
        ):
            shown = crumb.fontMetrics().elidedText(one_line(text), Qt.TextElideMode.ElideRight, _CRUMB_PX)
            crumb.setText(shown.replace("&", "&&"))
            crumb.setToolTip(plain_tooltip(f"{tip}: {text}"))
            crumb.setAccessibleName(f"{tip}: {one_line(text, _CRUMB_PX)}")
            for part in (crumb, self._arrows[crumb]):
                part.setVisible(bool(text))

    def show_run(self, name: str, tags: Sequence[HeadTag], facts: str, facts_tip: str) -> None:
        """Say which run is shown and how it went."""
        self.name.setText(name)
        self.facts.setText(facts)
        self.facts.setToolTip(plain_tooltip(facts_tip))
        while len(self._tags) < len(tags):
            tag = Tag(parent=self)
            self._tags.append(tag)
            self._places.addWidget(tag)
        for place, tag in enumerate(self._tags):
            shown = tags[place] if place < len(tags) else HeadTag("", "node")
            tag.set_tag(shown.text, shown.role)
            tag.setToolTip(plain_tooltip(shown.tip))

    def _link_text(self) -> str:
        return self.link_text()

    @property
    def tag_words(self) -> list[str]:
        """The tags that are shown."""
        return [tag.text for tag in self._tags if tag.text]

    def show_ways(self, *, older: bool, newer: bool, others: bool) -> None:
        """Say whether there are runs before and after this one, and others to compare it with."""
        self.older.setEnabled(older)
        self.newer.setEnabled(newer)
        self.compare.setVisible(others)

    def show_star(self, starred: bool | None) -> None:
        """Say whether the trace is starred; None: there is nothing to star, open, link to or compare."""
        words = "Remove the star" if starred else "Star this trace"
        self.star.setChecked(bool(starred))
        self.star.setIcon(icon("star-full" if starred else "star"))
        self.star.setToolTip(f"{words} (S)\n{KEPT_WORDS}")
        self.star.setAccessibleName(words)
        for button in (self.star, self.link, self.trace, self.older, self.newer):
            button.setVisible(starred is not None)

"""What differs between the two spans of a row: model call, attributes, events, resource."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.compare.rows import ComparedRow
from junjo_desktop.features.compare.side_panel import SidePanel
from junjo_desktop.features.compare.traces.span_pair import Difference, ReadSpanPair, SpanPair
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.display_text import many_lines
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.segmented import Segmented
from junjo_desktop.widgets.state_changes.change_tree import ChangeTree
from junjo_desktop.widgets.state_changes.lines_view import LinesView
from junjo_desktop.widgets.tab_bar import TabBar

_BAR_PX = 38
_PARTS = ("call", "attributes", "events", "resource")
_TITLES = {"call": "Model call", "attributes": "Attributes", "events": "Events", "resource": "Resource"}
_HAVE = {"call": "model call", "attributes": "attributes", "events": "events", "resource": "resource and scope"}


class SpanPanel(SidePanel):
    """Reads in the background whatever row is current."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: SpanPair | None = None
        self._parts: list[str] = []
        self._wanted_part = "call"
        self._reader = workbench.reader(self, self._show)
        self.name = ElidedLabel(parent=self, look="heading")
        self.tabs = TabBar("Parts of both spans", parent=self)
        self.how = Segmented((("tree", "Changes"), ("lines", "Side by side")), name="Show differences as", parent=self)
        self.changes = ChangeTree(self, has_history=False)
        self.lines = LinesView("Left and right side by side", ("Left", "Right"), self)
        self.nothing = EmptyState("Choose a span to see what differs in it.", parent=self)
        self.note = QLabel(self)
        self.stack = QStackedWidget(self)
        self._lay_out()
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.how.chosen.connect(self._choose_view)

    def _lay_out(self) -> None:
        head, bar = QFrame(self), QFrame(self)
        for frame in (head, bar):
            frame.setProperty("look", "bar")
            frame.setFixedHeight(_BAR_PX)
        top, line = QHBoxLayout(head), QHBoxLayout(bar)
        top.setContentsMargins(14, 0, 10, 0)
        top.addWidget(self.name, 1)
        top.addWidget(self.how)
        line.setContentsMargins(7, 0, 10, 0)
        line.addWidget(self.tabs)
        line.addStretch(1)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setProperty("look", "dim")
        self.note.setContentsMargins(14, 6, 14, 6)
        for view in (self.nothing, self.changes, self.lines):
            self.stack.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (head, bar, self.note):
            layout.addWidget(part)
        layout.addWidget(self.stack, 1)
        self._bar = bar
        self.forget()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._reader.busy

    @property
    def shown(self) -> SpanPair | None:
        """What is on screen."""
        return self._pair

    def forget(self) -> None:
        """Show nothing."""
        self._reader.cancel()
        self._pair = None
        self.name.setText("")
        self._bar.hide()
        self.note.hide()
        self.how.hide()
        self.say("Choose a span to see what differs in it.")

    def show_row(self, row: ComparedRow | None, left_trace_id: str, right_trace_id: str) -> None:
        """Read the spans of a row, each of its trace."""
        if row is None or (row.left.span_id is None and row.right.span_id is None):
            self.forget()
            return
        self.name.setText(row.name)
        left = None if row.left.span_id is None else (left_trace_id, row.left.span_id)
        right = None if row.right.span_id is None else (right_trace_id, row.right.span_id)
        self._reader.submit(ReadSpanPair(left, right))

    def _show(self, pair: SpanPair) -> None:
        self._pair = pair
        differences = {part: self._of(pair, part) for part in _PARTS}
        self._parts = [part for part in _PARTS if differences[part] is not None]
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for part in self._parts:
            difference = differences[part]
            count = 0 if difference is None else difference.changes.count
            self.tabs.addTab(f"{_TITLES[part]} {count:,}" if count else _TITLES[part])
        self.tabs.setCurrentIndex(self._parts.index(self._wanted_part) if self._wanted_part in self._parts else 0)
        self.tabs.blockSignals(False)
        self._bar.show()
        self.how.show()
        self._choose_view()

    @staticmethod
    def _of(pair: SpanPair, part: str) -> Difference | None:
        found: Difference | None = getattr(pair, part)
        return found

    def _tab_chosen(self, tab: int) -> None:
        if 0 <= tab < len(self._parts):
            self._wanted_part = self._parts[tab]
            self._choose_view()

    def _choose_view(self, _how: str = "") -> None:
        pair, tab = self._pair, self.tabs.currentIndex()
        if pair is None or not 0 <= tab < len(self._parts):
            return
        part = self._parts[tab]
        difference = self._of(pair, part)
        self.note.setText(many_lines(" ".join(pair.notes)))
        self.note.setVisible(part == "call" and bool(pair.notes))
        if difference is None or not difference.changes.count:
            is_empty = difference is None or difference.is_empty
            words = f"Neither has {_HAVE[part]}." if is_empty else f"Both have the same {_HAVE[part]}."
            self.say(words, icon_name="ok")
        elif self.how.value == "tree":
            self.changes.show_changes(difference.changes)
            self.stack.setCurrentWidget(self.changes)
        else:
            self.lines.show_lines(difference.lines, difference.longest)
            self.stack.setCurrentWidget(self.lines)

    def save_state(self, state: QSettings) -> None:
        """Write how differences are shown, and of what."""
        state.setValue("span_how", self.how.value)
        state.setValue("span_part", self._wanted_part)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        how, part = str(state.value("span_how", "")), str(state.value("span_part", ""))
        if how in ("tree", "lines"):
            self.how.set_value(how)
        if part in _PARTS:
            self._wanted_part = part

"""Rows of an outline that can be scrolled: the current one, folds, and a place that is kept while the trace grows.

Only the rows in sight are ever made into anything: how many others there are does not matter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from junjo_desktop.features.trace.layout import Layout, layout_of
from junjo_desktop.features.trace.outline import Key, Outline
from junjo_desktop.features.trace.tree import build_tree
from junjo_desktop.features.trace.words import fold_sentence, span_sentence
from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.display_text import one_line

UNFOLDED_UP_TO = 5_000
"""Traces with more rows open folded below their second level."""
_FOLDED_DEPTH = 2
_REST_MS = 60


class RowView(QAbstractScrollArea):
    """`span_selected` carries the id of the current span, empty for none and for a fold."""

    span_selected = Signal(str)
    rows_rested = Signal()
    """Other rows are in sight, and stay there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outline = Outline(layout_of(build_tree(())))
        self._current: Key | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.rows_rested)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(ROW_PX)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # The trace

    @property
    def layout_shown(self) -> Layout:
        """All lines that rows can be."""
        return self._outline.layout

    @property
    def outline(self) -> Outline:
        """Which of them are rows. To be changed by the methods of this view."""
        return self._outline

    def show_tree(self, layout: Layout) -> None:
        """Show another trace from its top."""
        self._outline = Outline(layout)
        if len(self._outline.rows) > UNFOLDED_UP_TO:
            self._outline.to_depth(_FOLDED_DEPTH)
        self._current = None
        self._fit_scroll_bar()
        self.verticalScrollBar().setValue(0)
        self._changed()

    def grow(self, layout: Layout) -> None:
        """Take over the same trace with more spans; what is looked at stays where it is."""
        anchor, top = self._anchor()
        columns, watched = self.layout_shown.tree.columns, {self.selected_span}
        watched.update(columns.ids.one(position) for position in self.visible_positions())
        self._outline.grow(layout, watched)
        self._put_back(anchor, top)

    def _anchor(self) -> tuple[Key | None, int]:
        """Return the row that must not move, and where it is: the current one when it is in sight, else the first.

        None when all is at the top.
        """
        row = self.current_row()
        scrolled, height = self.verticalScrollBar().value(), self.viewport().height()
        if row is not None and -ROW_PX < row * ROW_PX - scrolled < height:
            return self._current, row * ROW_PX - scrolled
        if scrolled == 0 or not len(self._outline.rows):
            return None, 0
        row = min(scrolled // ROW_PX, len(self._outline.rows) - 1)
        return self._outline.key_of(self._outline.rows[row]), row * ROW_PX - scrolled

    def _put_back(self, anchor: Key | None, top: int) -> None:
        self._fit_scroll_bar()
        line = None if anchor is None else self._outline.line_of(anchor)
        if line is not None:
            self.verticalScrollBar().setValue(self._row_near(line) * ROW_PX - top)
        self._changed()

    def _row_near(self, line: int) -> int:
        """Return the row of a line, or of what it is folded into."""
        return max(0, bisect_left(self._outline.rows, line + 1) - 1)

    def _changed(self) -> None:
        self._repaint()
        self._rest.start()

    # Folding

    def unfold_all(self) -> None:
        """Unfold every span and every fold."""
        self._fold(lambda: self._outline.to_depth(None, with_folds=True))

    def fold_all(self) -> None:
        """Fold every span."""
        self._fold(lambda: self._outline.to_depth(0))

    def fold_to_depth(self, depth: int | None) -> None:
        """Show so many levels; None: all, with siblings that repeat folded."""
        self._fold(lambda: self._outline.to_depth(depth))

    def set_type_open(self, span_type: str, is_open: bool) -> None:
        """Fold or unfold all spans of a type."""
        self._fold(lambda: self._outline.set_type(span_type, is_open=is_open))

    def set_open(self, line: int, is_open: bool) -> None:
        """Fold or unfold a line."""
        self._fold(lambda: self._outline.set_open(line, is_open=is_open))

    def fold_current(self) -> None:
        """Fold the current row."""
        line = self.current_line()
        if line is not None:
            self.set_open(line, False)

    def unfold_below(self) -> None:
        """Unfold the current row and everything below it."""
        line = self.current_line()
        if line is not None:
            self._fold(lambda: self._outline.open_below(line))

    def _fold(self, change: Callable[[], None]) -> None:
        anchor, top = self._anchor()
        change()
        # What is folded into another row leaves the selection there.
        line = self.current_line()
        if line is not None and self._outline.row_of(line) is None:
            self._go_to_row(self._row_near(line))
        self._put_back(anchor, top)

    # Selection

    @property
    def selected_span(self) -> str:
        """Id of the current span, empty for none and for a fold."""
        return self._current if isinstance(self._current, str) else ""

    def current_line(self) -> int | None:
        """Return the current line; None when there is none, or its span is no longer there."""
        return None if self._current is None else self._outline.line_of(self._current)

    def current_row(self) -> int | None:
        """Return which row is current; None when it is folded away."""
        line = self.current_line()
        return None if line is None else self._outline.row_of(line)

    @property
    def current_sentence(self) -> str:
        """What the current row is, in words; empty for none."""
        line = self.current_line()
        return "" if line is None else self.sentence(line)

    def select_span(self, span_id: str) -> bool:
        """Select a span, unfold what hides it and bring it into sight; False when it is not in this trace."""
        line = self._outline.line_of(span_id)
        if line is None:
            return False
        if self._outline.reveal(line):
            self._fit_scroll_bar()
            self._changed()
        self._make_current(line)
        self.show_current()
        return True

    def show_current(self) -> None:
        """Bring the current row into sight."""
        row = self.current_row()
        if row is not None:
            bar, top, room = self.verticalScrollBar(), row * ROW_PX, self.viewport().height() - ROW_PX
            if not bar.value() <= top <= bar.value() + room:
                is_near = -room < top - bar.value() < 2 * room
                edge = top if top < bar.value() else top - room
                bar.setValue(edge if is_near else top - room // 2)

    def _go_to_row(self, row: int) -> None:
        if 0 <= row < len(self._outline.rows):
            self._make_current(self._outline.rows[row])
            self.show_current()

    def _make_current(self, line: int) -> None:
        key = self._outline.key_of(line)
        if key == self._current:
            return
        self._current = key
        self.setAccessibleDescription(one_line(self.sentence(line)))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self._repaint()
        self.span_selected.emit(self.selected_span)

    def sentence(self, line: int) -> str:
        """Return what a line is, in words."""
        fold, node = self.layout_shown.fold_at(line), self.layout_shown.nodes[line]
        return span_sentence(self.layout_shown.tree.columns.row(node)) if fold is None else fold_sentence(fold)

    # What is in sight

    def _rows_in_sight(self) -> range:
        scrolled = self.verticalScrollBar().value()
        last = (scrolled + self.viewport().height()) // ROW_PX + 1
        return range(scrolled // ROW_PX, min(last, len(self._outline.rows)))

    def visible_positions(self) -> list[int]:
        """Return the positions of the spans in sight."""
        nodes, rows = self.layout_shown.nodes, self._outline.rows
        return [nodes[rows[row]] for row in self._rows_in_sight() if nodes[rows[row]] >= 0]

    def row_at(self, y: float) -> int:
        """Return the row at a height of the viewport, -1 for none."""
        row = int(y + self.verticalScrollBar().value()) // ROW_PX
        return row if 0 <= row < len(self._outline.rows) else -1

    def _scrolled(self, _value: int) -> None:
        self._changed()

    def _fit_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self._outline.rows) * ROW_PX - self.viewport().height()))
        bar.setPageStep(self.viewport().height())

    def _repaint(self) -> None:
        self.viewport().update()

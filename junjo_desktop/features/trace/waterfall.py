"""The waterfall: spans as a tree, their time as bars, with zoom and pan."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.area import Area
from junjo_desktop.features.trace.axis_header import HEIGHT_PX, SPAN_COLUMN, TIME_COLUMN, AxisHeader
from junjo_desktop.features.trace.bar_marks import MarkGroup
from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.lane import Lane
from junjo_desktop.features.trace.layout import Layout
from junjo_desktop.features.trace.mark_painting import group_at
from junjo_desktop.features.trace.row_painter import RowPainter
from junjo_desktop.features.trace.row_steps import step_from
from junjo_desktop.features.trace.row_view import RowView
from junjo_desktop.features.trace.time_hand import TimeHand
from junjo_desktop.features.trace.words import mark_sentences
from junjo_desktop.features.trace.zoom import Zoom
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.tooltip import plain_tooltip

_INDENT_PX = 16
_LEAST_INDENT_PX = 8
_DEEPEST_INDENT_PX = 240
"""A deep tree is indented less, so that nearly all of its names can be seen."""
_NAME_WIDTH_PX = 340
_NAME_SHARE = 0.62
_CHEVRON_PX = 10
_FOCUS_PX = 2


class Waterfall(RowView):
    """Shift and dragging chooses an area of time: Enter zooms into it, Esc leaves it."""

    entered_span = Signal()
    """Enter or Space: the user wants to see more of the current span."""
    mark_chosen = Signal(object)
    """Carries a `MarkGroup` whose events or log records the user wants to see."""

    def __init__(self, zoom: Zoom, parent: QWidget | None = None, area: Area | None = None) -> None:
        super().__init__(parent)
        self.area = area or Area(self)
        self.rows_painter = RowPainter(zoom)
        self._zoom = zoom
        self._hovered = -1
        self._indent = _INDENT_PX
        self._name_width = _NAME_WIDTH_PX
        self._is_fitting = False
        self._hand = TimeHand(self._time_zoom, self.lane, self.area)
        self._header = AxisHeader(zoom, self)
        self.setAccessibleName("Spans of the trace")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.viewport().setMouseTracking(True)
        self._lay_out_header()
        zoom.changed.connect(self._repaint)
        self.area.changed.connect(self._repaint)

    def _lay_out_header(self) -> None:
        self.setViewportMargins(0, HEIGHT_PX, 0, 0)
        header = self._header
        header.setModel(QStandardItemModel(0, 2, header))
        header.setSectionResizeMode(SPAN_COLUMN, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(SPAN_COLUMN, _NAME_WIDTH_PX)
        header.sectionResized.connect(self._name_resized)

    def _time_zoom(self) -> Zoom:
        return self._zoom

    def header(self) -> AxisHeader:
        """Return the time axis."""
        return self._header

    def lane(self) -> Lane:
        """Return where time runs, in pixels of the viewport."""
        return self._header.lane()

    def show_tree(self, layout: Layout) -> None:
        """Show another trace from its top."""
        self._hovered = -1
        self._indent = _indent_for(layout)
        super().show_tree(layout)

    # Widths

    @property
    def name_width(self) -> int:
        """How wide names are where there is room, in pixels."""
        return self._name_width

    def set_name_width(self, width_px: int) -> None:
        """Have names this wide; in a narrow view they leave bars their share."""
        self._name_width = width_px
        self._fit_names()

    def _fit_names(self) -> None:
        self._is_fitting = True
        self._header.resizeSection(SPAN_COLUMN, min(self._name_width, round(self.viewport().width() * _NAME_SHARE)))
        self._is_fitting = False

    def _name_resized(self, section: int, _before: int, width: int) -> None:
        if section == SPAN_COLUMN and not self._is_fitting:
            self._name_width = width
        self._repaint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        view = self.viewport().geometry()
        self._header.setGeometry(view.left(), view.top() - HEIGHT_PX, view.width(), HEIGHT_PX)
        self._fit_names()
        self._fit_scroll_bar()

    def fit_selection(self) -> None:
        """Zoom to the current span, or to all of the current fold."""
        if (stretch := self._current_stretch()) is not None:
            self._zoom.show(self._zoom.window.around(*stretch))

    def _current_stretch(self) -> tuple[int, int] | None:
        """Return the earlier and the later time of the current row; None when it told none."""
        line, layout = self.current_line(), self.layout_shown
        if line is None:
            return None
        fold, columns, node = layout.fold_at(line), layout.tree.columns, layout.nodes[line]
        if fold is not None:
            return (fold.starts[0], fold.ends[-1]) if len(fold.starts) else None
        if not columns.has_times(node):
            return None
        first, last = sorted((columns.starts[node], columns.ends[node]))
        return first, last

    # What is shown beside spans

    def choose_area(self) -> None:
        """Choose the time of the current span, or of the current fold, for its totals."""
        if (stretch := self._current_stretch()) is not None:
            self.area.drag(*stretch)
            self.area.settle()

    def set_found(self, span_ids: frozenset[str]) -> None:
        """Tint the names of spans that a search found."""
        self.rows_painter.found = span_ids
        self._repaint()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show which parts of bars are the spans' own, and the critical path; None until they are known."""
        self.rows_painter.analysis = analysis
        self._repaint()

    @property
    def color_by(self) -> ColorBy:
        """What the colours of bars stand for."""
        return self.rows_painter.color_by

    def set_color_by(self, color_by: ColorBy) -> None:
        """Let colours of bars stand for something else; tags keep the colours of kinds."""
        self.rows_painter.color_by = color_by
        self._repaint()

    def show_path(self, shown: bool) -> None:
        """Mark the critical path, or not."""
        self.rows_painter.shows_path = shown
        self._repaint()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, view = QPainter(self.viewport()), self.viewport()
        painter.fillRect(event.rect(), QColor(current().panel))
        self._paint_area(painter)
        scrolled, current_line = self.verticalScrollBar().value(), self.current_line()
        for row in self._rows_in_sight():
            rect = QRect(0, row * ROW_PX - scrolled, view.width(), ROW_PX)
            line = self._outline.rows[row]
            self._paint_ground(painter, rect, row, is_current=line == current_line)
            self._paint_row(painter, rect, line)
        painter.end()

    def _paint_ground(self, painter: QPainter, rect: QRect, row: int, *, is_current: bool) -> None:
        tokens = current()
        if is_current:
            painter.fillRect(rect, QColor(tokens.accent_bg))
            if self.hasFocus():
                painter.fillRect(rect.left(), rect.top(), _FOCUS_PX, rect.height(), QColor(tokens.accent))
        elif row == self._hovered:
            ground = QColor(tokens.text)
            ground.setAlphaF(0.035)
            painter.fillRect(rect, ground)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(mix(tokens.line, tokens.panel, 0.8)))

    def _paint_row(self, painter: QPainter, rect: QRect, line: int) -> None:
        layout, split = self.layout_shown, self._header.sectionSize(SPAN_COLUMN)
        name = QRect(self._name_left(line), rect.top(), 0, rect.height())
        name.setRight(split - 1)
        painter.save()
        painter.setClipRect(0, rect.top(), split, rect.height())
        if layout.has_children(line):
            icon = "chevron-down" if self._outline.is_open(line) else "chevron-right"
            paint_icon(painter, self._chevron(rect, line), icon, current().dim)
        painter.restore()
        time = QRect(split, rect.top(), rect.width() - split, rect.height())
        fold = layout.fold_at(line)
        if fold is None:
            self.rows_painter.paint_span(painter, name, time, layout, layout.nodes[line])
        else:
            self.rows_painter.paint_fold(painter, name, time, fold, is_open=self._outline.is_open(line))

    def _name_left(self, line: int) -> int:
        return _CHEVRON_PX + 8 + self.layout_shown.depths[line] * self._indent

    def _chevron(self, rect: QRect, line: int) -> QRect:
        spot = QRect(0, 0, _CHEVRON_PX, _CHEVRON_PX)
        spot.moveCenter(QPoint(self._name_left(line) - _CHEVRON_PX // 2 - 4, rect.center().y()))
        return spot

    def _paint_area(self, painter: QPainter) -> None:
        if self.area.is_set:
            lane, window = self.lane(), self._zoom.window
            left, right = lane.x(window, self.area.start_ns), lane.x(window, self.area.end_ns)
            ground = QRectF(left, 0, right - left, self.viewport().height())
            painter.fillRect(ground, QColor(mix(current().accent, current().panel, 0.14)))

    # Hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.current_line()
        if event.key() == Qt.Key.Key_Escape and self.area.is_set:
            self.area.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._enter(line)
        elif not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self._step(event.key(), line):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _enter(self, line: int | None) -> None:
        if self.area.is_set:
            self._zoom.show(self._zoom.window.shown(self.area.start_ns, self.area.end_ns))
        elif line is not None and self.layout_shown.fold_at(line) is not None:
            self.set_open(line, not self._outline.is_open(line))
        elif line is not None:
            self.entered_span.emit()

    def _step(self, key: int, line: int | None) -> bool:
        step = step_from(self._outline, line, key, page=max(1, self.viewport().height() // ROW_PX - 1))
        if step is None:
            return False
        if step.opens is not None and line is not None:
            self.set_open(line, step.opens)
        else:
            self._go_to_row(step.row)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._hand.wheel(event):
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        row = self.row_at(at.y())
        if at.x() >= self.columnViewportPosition(TIME_COLUMN) and self._hand.press(event):
            return
        if row < 0:
            return
        line = self._outline.rows[row]
        rect = QRect(0, row * ROW_PX - self.verticalScrollBar().value(), self.viewport().width(), ROW_PX)
        self._go_to_row(row)
        is_fold = self.layout_shown.fold_at(line) is not None and at.x() < self.columnViewportPosition(TIME_COLUMN)
        on_chevron = self._chevron(rect, line).adjusted(-4, -8, 4, 8).contains(at)
        if event.button() == Qt.MouseButton.LeftButton and (is_fold or on_chevron):
            self.set_open(line, not self._outline.is_open(line))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hand.move(event)
        row = self.row_at(event.position().y())
        if row != self._hovered:
            self._hovered = row
            self._repaint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._hand.release() and event.button() == Qt.MouseButton.LeftButton:
            group = self._marks_at(event.position().toPoint())
            if group is not None:
                self.mark_chosen.emit(group)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        line = -1 if row < 0 else self._outline.rows[row]
        if line >= 0 and self.layout_shown.fold_at(line) is None and self.layout_shown.has_children(line):
            self.set_open(line, not self._outline.is_open(line))

    def columnViewportPosition(self, section: int) -> int:
        """Return where a column begins."""
        return self._header.sectionViewportPosition(section)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hovered = -1
            self._repaint()
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return super().viewportEvent(event)

    def _marks_at(self, at: QPoint) -> MarkGroup | None:
        row = self.row_at(at.y())
        node = -1 if row < 0 else self.layout_shown.nodes[self._outline.rows[row]]
        if node < 0 or at.x() < self.columnViewportPosition(TIME_COLUMN):
            return None
        marks = self.rows_painter.marks.get(self.layout_shown.tree.columns.ids.one(node), ())
        return group_at(self.lane(), marks, self._zoom.window, at.x()) if marks else None

    def tip_at(self, at: QPoint) -> str:
        """Return what hovering over a point says."""
        group = self._marks_at(at)
        row = self.row_at(at.y())
        if group is not None:
            return plain_tooltip(group.words)
        if row < 0:
            return ""
        line = self._outline.rows[row]
        node, tree = self.layout_shown.nodes[line], self.layout_shown.tree
        lines = [self.sentence(line)]
        if node >= 0:
            lines.extend(mark_sentences(tree.marks[node], tree.columns.row(node)))
        return plain_tooltip("\n".join(lines))


def _indent_for(layout: Layout) -> int:
    depths = sorted(layout.depths[:: max(1, len(layout) // 1000)])
    deep = depths[len(depths) * 95 // 100] if depths else 0
    return max(_LEAST_INDENT_PX, min(_INDENT_PX, _DEEPEST_INDENT_PX // max(deep, 1)))

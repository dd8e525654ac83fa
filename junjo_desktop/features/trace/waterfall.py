"""The waterfall: spans as a tree, their time as bars, with zoom and pan; it keeps its place while the trace grows."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTreeView, QWidget

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.axis_header import AxisHeader
from junjo_desktop.features.trace.model import SPAN_COLUMN, TIME_COLUMN, SpanModel
from junjo_desktop.features.trace.span_delegate import SpanDelegate
from junjo_desktop.features.trace.tree import SpanTree
from junjo_desktop.features.trace.unfolding import Unfolding
from junjo_desktop.features.trace.zoom import STEP, Zoom
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.state import current

Index = QModelIndex | QPersistentModelIndex

UNFOLDED_UP_TO = 5_000
"""Larger traces open folded below their second level."""
_UNFOLDED_AT_ONCE = 500
"""Some 4 ms; more spans are unfolded piece by piece."""
_FOLDED_DEPTH = 1
_INDENT_PX = 16
_LEAST_INDENT_PX = 8
_DEEPEST_INDENT_PX = 240
"""A deep tree is indented less, so that nearly all of its names can be seen."""
_NAME_WIDTH_PX = 340
_NAME_SHARE = 0.62
_CHEVRON_PX = 10
_DRAG_PX = 4
_FOCUS_PX = 2
_PAN_SHARE = 0.12


class Waterfall(QTreeView):
    """`span_selected` carries the id of the current span, empty for none."""

    span_selected = Signal(str)
    entered_span = Signal()
    """Enter or Space: the user wants to see more of the current span."""

    def __init__(self, zoom: Zoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spans = SpanModel(self)
        self._zoom = zoom
        self._delegate = SpanDelegate(self.spans, zoom, self)
        self._hovered = QPersistentModelIndex()
        self._pan_from: QPoint | None = None
        self._is_panning = False
        self._name_width = _NAME_WIDTH_PX
        self._is_fitting = False
        self.setAccessibleName("Spans of the trace")
        self.setModel(self.spans)
        self.setItemDelegate(self._delegate)
        self._unfolding = Unfolding(self)
        self._lay_out_header()
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        zoom.changed.connect(self._repaint)
        self.entered.connect(self._hover)

    def _lay_out_header(self) -> None:
        header = AxisHeader(self._zoom, self)
        self.setHeader(header)
        header.setSectionResizeMode(SPAN_COLUMN, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(SPAN_COLUMN, _NAME_WIDTH_PX)
        header.sectionResized.connect(self._name_resized)

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
        self.header().resizeSection(SPAN_COLUMN, min(self._name_width, round(self.viewport().width() * _NAME_SHARE)))
        self._is_fitting = False

    def _name_resized(self, section: int, _before: int, width: int) -> None:
        if section == SPAN_COLUMN and not self._is_fitting:
            self._name_width = width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_names()

    # The trace

    def show_tree(self, tree: SpanTree) -> None:
        """Show another trace from its top."""
        self.spans.set_tree(tree)
        depths = sorted(tree.depths)
        deep = depths[len(depths) * 95 // 100] if depths else 0
        self.setIndentation(max(_LEAST_INDENT_PX, min(_INDENT_PX, _DEEPEST_INDENT_PX // max(deep, 1))))
        self._unfolding.stop()
        if len(tree.spans) <= _UNFOLDED_AT_ONCE:
            self.expandAll()
        else:
            self.expandToDepth(_FOLDED_DEPTH)
            if len(tree.spans) <= UNFOLDED_UP_TO:
                self._unfolding.start(self.spans.parents())
        self.verticalScrollBar().setValue(0)

    @property
    def is_unfolding(self) -> bool:
        """Whether spans are still being unfolded."""
        return self._unfolding.is_busy

    def unfold_all(self) -> None:
        """Unfold every span, a piece at a time when there are many."""
        self._unfolding.start(self.spans.parents())

    def fold_all(self) -> None:
        """Fold every span."""
        self._unfolding.stop()
        self.collapseAll()

    def expand_still(self, indexes: Iterable[QModelIndex]) -> None:
        """Unfold these; what is looked at stays where it is."""
        anchor = self._anchor()
        top = self.visualRect(anchor).top() if anchor.isValid() else 0
        for index in indexes:
            self.expand(index)
        self._put_back(anchor, top)

    def _put_back(self, anchor: QPersistentModelIndex, top: int) -> None:
        if anchor.isValid():
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(anchor).top() - top)

    def grow(self, tree: SpanTree) -> None:
        """Take over the same trace with more spans; what is looked at stays where it is."""
        anchor = self._anchor()
        top = self.visualRect(anchor).top() if anchor.isValid() else 0
        unfolds = len(tree.spans) <= UNFOLDED_UP_TO
        for index in self.spans.grow(tree):
            if unfolds:
                self.expand(index)
        self._put_back(anchor, top)

    def _anchor(self) -> QPersistentModelIndex:
        """The row that must not move: the selected one when it is in sight, else the first unless all is at the top."""
        selected = self.currentIndex()
        if selected.isValid() and self.viewport().rect().intersects(self.visualRect(selected)):
            return QPersistentModelIndex(selected)
        if self.verticalScrollBar().value() == 0:
            return QPersistentModelIndex()
        return QPersistentModelIndex(self.indexAt(QPoint(1, 1)))

    # Selection

    @property
    def selected_span(self) -> str:
        """Id of the current span, empty for none."""
        index = self.currentIndex()
        return self.spans.span_at(index).span_id if index.isValid() else ""

    def select_span(self, span_id: str) -> bool:
        """Select a span, unfold what hides it and bring it into sight; False when it is not in this trace."""
        index = self.spans.index_of(span_id)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def set_found(self, span_ids: frozenset[str]) -> None:
        """Tint the names of spans that a search found."""
        self._delegate.found = span_ids
        self._repaint()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show which parts of bars are the spans' own, and the critical path; None until they are known."""
        self._delegate.analysis = analysis
        self._repaint()

    def show_path(self, shown: bool) -> None:
        """Mark the critical path, or not."""
        self._delegate.shows_path = shown
        self._repaint()

    def fit_selection(self) -> None:
        """Zoom to the selected span."""
        index = self.currentIndex()
        if index.isValid() and self.spans.span_at(index).has_times:
            span = self.spans.span_at(index)
            self._zoom.show(self._zoom.window.around(*sorted((span.start_ns, span.end_ns))))

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        self.span_selected.emit(self.spans.span_at(now).span_id if now.isValid() else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self.entered_span.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:
        """Letters are commands here; find in trace looks for names."""

    # Painting

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        rect: QRect = option.rect
        if self.selectionModel().isSelected(index):
            painter.fillRect(rect, QColor(tokens.accent_bg))
        elif self._hovered.isValid() and self._hovered == index:
            painter.fillRect(rect, QColor(mix(tokens.text, tokens.panel, 0.035)))
        self._draw_cells(painter, option, index)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(mix(tokens.line, tokens.panel, 0.8)))
        if self.hasFocus() and self.currentIndex().siblingAtColumn(SPAN_COLUMN) == index:
            painter.fillRect(rect.left(), rect.top(), _FOCUS_PX, rect.height(), QColor(tokens.accent))

    def _draw_cells(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # Qt's own way paints the style's selection over the ground.
        cell = QStyleOptionViewItem(option)
        name = self.visualRect(index)
        name.setLeft(name.left() + max(0, _CHEVRON_PX + 4 - self.indentation()))
        self.drawBranches(painter, QRect(0, name.top(), name.left(), name.height()), index)
        for column, rect in ((SPAN_COLUMN, name), (TIME_COLUMN, self._time_rect(name))):
            cell.rect = rect
            self._delegate.paint(painter, cell, index.sibling(index.row(), column))

    def _time_rect(self, row: QRect) -> QRect:
        left = self.columnViewportPosition(TIME_COLUMN)
        return QRect(left, row.top(), self.columnWidth(TIME_COLUMN), row.height())

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if self.spans.rowCount(index) == 0:
            return
        spot = QRect(0, 0, _CHEVRON_PX, _CHEVRON_PX)
        spot.moveCenter(QPoint(rect.right() - max(self.indentation(), _CHEVRON_PX + 4) // 2, rect.center().y()))
        name = "chevron-down" if self.isExpanded(index) else "chevron-right"
        paint_icon(painter, spot, name, current().dim)

    def _repaint(self) -> None:
        self.viewport().update()

    def _hover(self, index: QModelIndex) -> None:
        self._hovered = QPersistentModelIndex(index.siblingAtColumn(SPAN_COLUMN))
        self._repaint()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hovered = QPersistentModelIndex()
            self._repaint()
        return super().viewportEvent(event)

    # Zoom and pan by hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        modifiers = event.modifiers()
        turned = event.angleDelta().y() or event.angleDelta().x()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._zoom.zoom_by(STEP if turned > 0 else 1 / STEP, self._moment_at(event.position().x()))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or event.angleDelta().y() == 0:
            window = self._zoom.window
            self._zoom.show(window.panned(round(-turned / 120 * _PAN_SHARE * window.span_ns)))
        else:
            super().wheelEvent(event)
            return
        event.accept()

    def _moment_at(self, x: float) -> int:
        header = self.header()
        window = self._zoom.window
        if not isinstance(header, AxisHeader) or x < self.columnViewportPosition(TIME_COLUMN):
            return (window.start_ns + window.end_ns) // 2
        lane = header.lane()
        return window.moment(x - lane.left, lane.width)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and at.x() >= self.columnViewportPosition(TIME_COLUMN):
            self._pan_from = at
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position().toPoint().x() - self._pan_from.x()
        if self._is_panning or abs(moved) >= _DRAG_PX:
            self._is_panning = True
            self._pan_from = event.position().toPoint()
            window = self._zoom.window
            width = max(self.columnWidth(TIME_COLUMN), 1)
            self._zoom.show(window.panned(-round(moved * window.span_ns / width)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pan_from = None
        self._is_panning = False
        super().mouseReleaseEvent(event)

"""Nodes and edges of the call graph as items of a scene, painted from the tokens in force."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from junjo_desktop.features.trace.span_graph.model import GraphEdge, GraphNode
from junjo_desktop.features.trace.span_graph.picture import LINE_PX, PADDING_PX, TOP_PX
from junjo_desktop.features.trace.span_graph.words import edge_text, node_failures, node_figures, node_title
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX
from junjo_desktop.widgets.layered.fonts import detail_font, edge_font, elided, label_font, metrics
from junjo_desktop.widgets.layered.labels import shown_text
from junjo_desktop.widgets.layered.lines import arrow_path, line_path
from junjo_desktop.widgets.layered.model import Rect, Route

_MARGIN = 7.0
_STRIPE_PX, _SHARE_PX = 4.0, 3.0
_NO_TEXT_BELOW = 0.4
_REACH_PX = 8.0
_LEAST_LINE, _MOST_LINE = 1.2, 3.6


class GraphNodeItem(QGraphicsItem):
    """A box: a stripe in its colour, name and figures, and along its foot its share of all own time."""

    def __init__(self, node: GraphNode, rect: Rect) -> None:
        super().__init__()
        self._width, self._height = rect.width, rect.height
        self._is_selected = self._has_focus = self._is_found = self._is_plain = False
        self._role: Role = "node"
        self._share = 0.0
        self._has_service = False
        self.node = node
        self.setPos(rect.x, rect.y)
        self.setZValue(10)

    @property
    def key(self) -> str:
        """The key of its node."""
        return self.node.key

    @property
    def box(self) -> QRectF:
        """The box, in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self._width, self._height)

    def show_node(self, node: GraphNode, role: Role, share: float, *, has_service: bool) -> None:
        """Show other figures; `share` is that of the own time of all spans."""
        self.node, self._role, self._share, self._has_service = node, role, share, has_service
        self.update()

    def set_marks(self, *, is_selected: bool, has_focus: bool) -> None:
        """Show whether this is selected, and whether the keys go to it."""
        self._is_selected, self._has_focus = is_selected, has_focus
        self.update()

    def set_found(self, is_found: bool) -> None:
        """Show whether a search found one of its spans."""
        if is_found != self._is_found:
            self._is_found = is_found
            self.update()

    def set_plain(self, is_plain: bool) -> None:
        """Paint for a file: without marks, all of the text at any scale."""
        self._is_plain = is_plain

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self._height).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(0, 0, self._width, self._height))
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        tokens, node = current(), self.node
        color = role_color(tokens, self._role)
        box = QRectF(0, 0, self._width, self._height).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, RADIUS_PX, RADIUS_PX)
        painter.fillPath(outline, QColor(mix(color, tokens.panel, 0.05)))
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(0, 0, _STRIPE_PX, self._height), QColor(color))
        if self._share > 0:
            foot = QRectF(0, self._height - _SHARE_PX, max(2.0, self._width * self._share), _SHARE_PX)
            painter.fillRect(foot, QColor(mix(tokens.accent, tokens.panel, 0.7)))
        painter.restore()
        border = tokens.error if node.error_count else mix(color, tokens.line, 0.45)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(border), 1.3))
        painter.drawPath(outline)
        if not self._is_plain:
            self._paint_marks(painter, box)
        if self._is_plain or option.levelOfDetailFromTransform(painter.worldTransform()) >= _NO_TEXT_BELOW:
            self._paint_words(painter)

    def _paint_marks(self, painter: QPainter, box: QRectF) -> None:
        tokens = current()
        if self._is_found:
            painter.setPen(QPen(QColor(tokens.warning), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), RADIUS_PX + 2, RADIUS_PX + 2)
        if self._is_selected:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        if self._has_focus:
            painter.setPen(QPen(QColor(tokens.accent), 1.2))
            painter.drawRoundedRect(box.adjusted(-3.5, -3.5, 3.5, 3.5), RADIUS_PX + 3, RADIUS_PX + 3)

    def _paint_words(self, painter: QPainter) -> None:
        tokens, node = current(), self.node
        room = self._width - 2 * PADDING_PX
        painter.setFont(label_font())
        painter.setPen(QColor(tokens.text))
        painter.drawText(QPointF(PADDING_PX, TOP_PX), elided(label_font, node_title(node), room))
        painter.setFont(detail_font())
        y = TOP_PX + LINE_PX
        if self._has_service:
            painter.setPen(QColor(tokens.dim))
            painter.drawText(QPointF(PADDING_PX, y), elided(detail_font, shown_text(node.service_name), room))
            y += LINE_PX
        failures = node_failures(node)
        x = PADDING_PX
        if failures:
            painter.setPen(QColor(tokens.error))
            painter.drawText(QPointF(x, y), elided(detail_font, failures, room))
            x += metrics(detail_font).horizontalAdvance(failures + " · ")
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QPointF(x, y), elided(detail_font, node_figures(node), self._width - PADDING_PX - x))


class GraphEdgeItem(QGraphicsItem):
    """A line as thick as its calls took long, red where any of them failed."""

    def __init__(self, edge: GraphEdge, route: Route) -> None:
        super().__init__()
        self.edge = edge
        self._share = 0.0
        self._line, self._arrow = line_path(route), arrow_path(route)
        self._label = route.label
        self._has_text, self._is_near = True, False
        stroker = QPainterPathStroker()
        stroker.setWidth(_REACH_PX)
        self._near = stroker.createStroke(self._line)
        if self._label is not None:
            self._near.addRect(QRectF(self._label.x, self._label.y, self._label.width, self._label.height))
        self._bounds = self._near.boundingRect().united(self._arrow.boundingRect()).adjusted(-4, -4, 4, 4)
        self.setZValue(4)

    def show_edge(self, edge: GraphEdge, share: float) -> None:
        """Show other figures; `share` is that of the longest edge."""
        self.edge, self._share = edge, share
        self.update()

    def set_near(self, is_near: bool) -> None:
        """Stand out: one of its ends is selected."""
        if is_near != self._is_near:
            self._is_near = is_near
            self.setZValue(6 if is_near else 4)
            self.update()

    def set_text(self, has_text: bool) -> None:
        """Show the count beside the line, or not."""
        if has_text != self._has_text:
            self._has_text = has_text
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        return self._near

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        tokens = current()
        plain = mix(tokens.error if self.edge.error_count else tokens.dim, tokens.panel_2, 0.62)
        color = QColor(tokens.accent if self._is_near else plain)
        pen = QPen(color, _LEAST_LINE + (_MOST_LINE - _LEAST_LINE) * self._share)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(self._line)
        painter.setPen(QPen(color, 1.0))
        painter.setBrush(color)
        painter.drawPath(self._arrow)
        text = edge_text(self.edge)
        if self._has_text and self._label is not None and text:
            painter.setFont(edge_font())
            painter.setPen(QColor(tokens.accent if self._is_near else tokens.dim))
            at = QPointF(self._label.x, self._label.y + metrics(edge_font).ascent())
            painter.drawText(at, elided(edge_font, text, self._label.width + 12))

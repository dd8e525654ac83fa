"""Nodes and edges of the map as items of a scene, painted from the tokens in force."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from junjo_desktop.features.services.map_picture import ICON_ROOM, DrawnEdge, DrawnNode
from junjo_desktop.features.services.map_words import node_detail, node_icon, node_role, node_title, tally_text
from junjo_desktop.store.service_map import EdgeKind, NodeKind
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX
from junjo_desktop.widgets.layered.fonts import detail_font, edge_font, elided, label_font, metrics
from junjo_desktop.widgets.layered.lines import arrow_path, line_path
from junjo_desktop.widgets.layered.model import Rect, Route

_MARGIN = 7.0
_PADDING = 12.0
_ICON_PX = 14
_SHARE_PX = 2.5
_LEAST_RED_PX = 5.0
_REACH_PX = 10.0
_RED_STEPS = 24
_FAINT_LINE = 1.0
_PLAIN, _FAINT = 0.62, 0.28
"""How much of a line's colour is seen."""
_NO_TEXT_BELOW = 0.4
_DASHES = (4.0, 3.0)
_EDGE_DASHES = {EdgeKind.OUTSIDE: (6.0, 4.0), EdgeKind.LINK: (2.0, 3.0)}


class MapNodeItem(QGraphicsItem):
    """A box: what it is, its name, its figures, and along its foot in red how many of its requests failed."""

    def __init__(self, drawn: DrawnNode, rect: Rect) -> None:
        super().__init__()
        self.drawn = drawn
        self._width, self._height = rect.width, rect.height
        self._is_selected = self._has_focus = self._is_plain = False
        self.setPos(rect.x, rect.y)
        self.setZValue(10)

    @property
    def key(self) -> str:
        """The key of its node."""
        return self.drawn.key

    @property
    def box(self) -> QRectF:
        """The box, in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self._width, self._height)

    def show_node(self, drawn: DrawnNode) -> None:
        """Show other figures."""
        self.drawn = drawn
        self.update()

    def set_marks(self, *, is_selected: bool, has_focus: bool) -> None:
        """Show whether this is selected, and whether the keys go to it."""
        self._is_selected, self._has_focus = is_selected, has_focus
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
        tokens, node = current(), self.drawn.node
        color = role_color(tokens, node_role(node.key.kind))
        is_service = node.key.kind is NodeKind.SERVICE
        box = QRectF(0, 0, self._width, self._height)
        painter.setBrush(QColor(tokens.panel if is_service else mix(color, tokens.panel, 0.07)))
        pen = QPen(QColor(mix(color, tokens.line, 0.55)), 1.3)
        if not is_service:
            pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        self._paint_share(painter, box)
        if not self._is_plain:
            self._paint_marks(painter, box)
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        if self._is_plain or detail >= _NO_TEXT_BELOW:
            self._paint_words(painter, color)

    def _paint_share(self, painter: QPainter, box: QRectF) -> None:
        requests = self.drawn.node.requests
        if not requests.errors:
            return
        room = box.width() - 2 * RADIUS_PX
        width = max(_LEAST_RED_PX, room * requests.error_share)
        foot = QRectF(RADIUS_PX, box.bottom() - _SHARE_PX - 2.5, min(width, room), _SHARE_PX)
        painter.fillRect(foot, QColor(current().error))

    def _paint_marks(self, painter: QPainter, box: QRectF) -> None:
        tokens = current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._is_selected:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        if self._has_focus:
            painter.setPen(QPen(QColor(tokens.accent), 1.2))
            painter.drawRoundedRect(box.adjusted(-3.5, -3.5, 3.5, 3.5), RADIUS_PX + 3, RADIUS_PX + 3)

    def _paint_words(self, painter: QPainter, color: str) -> None:
        tokens, node = current(), self.drawn.node
        spot = QRect(round(_PADDING), round(self._height / 2 - _ICON_PX / 2), _ICON_PX, _ICON_PX)
        paint_icon(painter, spot, node_icon(node.key.kind), color)
        left, room = ICON_ROOM + 2, self._width - ICON_ROOM - _PADDING
        painter.setFont(label_font())
        painter.setPen(QColor(tokens.text))
        painter.drawText(QPointF(left, 18.0), elided(label_font, node_title(node), room))
        painter.setFont(detail_font())
        painter.setPen(QColor(tokens.error if node.requests.errors else tokens.dim))
        painter.drawText(QPointF(left, 34.0), elided(detail_font, node_detail(node), room))


class MapEdgeItem(QGraphicsItem):
    """A line as thick as there are calls, red as far as they failed; dashed: only the caller told; dotted: messages."""

    def __init__(self, drawn: DrawnEdge, route: Route) -> None:
        super().__init__()
        self.drawn = drawn
        self._line, self._arrow = line_path(route), arrow_path(route)
        self._label = route.label
        self._length = self._line.length()
        self._red: QPainterPath | None = None
        self._has_text = True
        self._is_faint = self._is_near = False
        self._is_selected = self._has_focus = False
        stroker = QPainterPathStroker()
        stroker.setWidth(_REACH_PX)
        self._near = stroker.createStroke(self._line)
        if self._label is not None:
            self._near.addRect(_rect(self._label))
        self._bounds = self._near.boundingRect().united(self._arrow.boundingRect()).adjusted(-4, -4, 4, 4)
        self.setZValue(4)

    @property
    def key(self) -> str:
        """The key of its edge."""
        return self.drawn.key

    def show_edge(self, drawn: DrawnEdge) -> None:
        """Show other figures."""
        self.drawn = drawn
        self._red = None
        self.update()

    def set_marks(self, *, is_selected: bool, has_focus: bool) -> None:
        """Show whether this is selected, and whether the keys go to it."""
        self._is_selected, self._has_focus = is_selected, has_focus
        self.update()

    def set_look(self, *, has_text: bool, is_faint: bool, is_near: bool) -> None:
        """Show the figures beside the line, or not; stand back behind other lines, or before them."""
        self._has_text, self._is_faint, self._is_near = has_text, is_faint, is_near
        self.setZValue(6 if is_near else 4)
        self.update()

    @property
    def middle(self) -> QPointF:
        """The middle of the line, in the scene."""
        return self._line.pointAtPercent(0.5)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        return self._near

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        tokens, tally = current(), self.drawn.edge.tally
        plain = mix(tokens.dim, tokens.panel_2, _FAINT if self._is_faint else _PLAIN)
        near = mix(tokens.accent, plain, 0.6) if self._is_near else plain
        base = tokens.accent if self._is_selected else near
        pen = QPen(QColor(base), self._width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        # Hundreds of dashed curves take longer than a frame; those that stand back go without.
        dashes = None if self._is_faint else _EDGE_DASHES.get(self.drawn.edge.kind)
        if dashes is not None:
            pen.setDashPattern([size / self.drawn.width for size in dashes])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(self._line)
        if tally.errors:
            self._paint_red(painter)
        painter.setPen(QPen(QColor(base), 1.0))
        painter.setBrush(QColor(base))
        painter.drawPath(self._arrow)
        if self._has_text and self._label is not None:
            self._paint_label(painter, self._label)

    def _paint_red(self, painter: QPainter) -> None:
        tokens = current()
        pen = QPen(QColor(mix(tokens.error, tokens.panel_2, 0.5) if self._is_faint else tokens.error), self._width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawPath(self._red_part())

    def _red_part(self) -> QPainterPath:
        """Return so much of the line, from the caller on, as calls failed."""
        if self._red is None:
            least = min(1.0, _LEAST_RED_PX * 2 / max(self._length, 1.0))
            share = max(self.drawn.edge.tally.error_share, least)
            self._red = QPainterPath(self._line.pointAtPercent(0))
            for step in range(1, _RED_STEPS + 1):
                self._red.lineTo(self._line.pointAtPercent(share * step / _RED_STEPS))
        return self._red

    @property
    def _width(self) -> float:
        return min(self.drawn.width, _FAINT_LINE) if self._is_faint else self.drawn.width

    def _paint_label(self, painter: QPainter, label: Rect) -> None:
        tokens = current()
        text = elided(edge_font, tally_text(self.drawn.edge.tally), label.width)
        width = metrics(edge_font).horizontalAdvance(text)
        top = label.y - self.drawn.width / 2
        at = QPointF(label.x + max(0.0, (label.width - width) / 2), top + metrics(edge_font).ascent())
        if self._is_near:
            # In a dense drawing it lies over other lines.
            painter.fillRect(QRectF(at.x() - 3, top, width + 6, label.height), QColor(tokens.panel_2))
        painter.setFont(edge_font())
        failed = self.drawn.edge.tally.errors > 0
        painter.setPen(QColor(tokens.accent if self._is_selected else tokens.error if failed else tokens.dim))
        painter.drawText(at, text)
        if self._has_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 1.0))
            painter.drawRoundedRect(QRectF(at.x() - 4, top - 1, width + 8, label.height + 1), 3, 3)


def _rect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)

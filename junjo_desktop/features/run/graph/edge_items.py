"""One edge in the scene: its line, its arrow, the mark of a condition, and its text. All painted by Qt itself."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsSimpleTextItem

from junjo_desktop.features.run.graph.colors import edge_color, edge_text_color
from junjo_desktop.features.run.graph.fonts import edge_font, elided
from junjo_desktop.features.run.graph.layout_model import Point, Route
from junjo_desktop.features.run.graph.picture_model import DrawnEdge
from junjo_desktop.features.run.graph.picture_words import edge_tooltip
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.tooltip import plain_tooltip

_ARROW_LENGTH = 8.0
_ARROW_HALF = 4.0
_DIAMOND = 4.0
_DASHES = (4.0, 3.0)


class EdgeItems:
    """Makes and styles the items of one edge. A condition has a small diamond at its tail, as in BPMN."""

    def __init__(self, edge: DrawnEdge, route: Route, depth: int) -> None:
        self._edge = edge
        self.line = QGraphicsPathItem(_line_path(route))
        self.head = QGraphicsPathItem(_arrow(route, _direction_at_end(route)))
        self.text: QGraphicsSimpleTextItem | None = None
        self._diamond = None if edge.condition is None else QGraphicsPathItem(_diamond(route))
        z = depth * 10 + 5
        for item in self.items():
            item.setZValue(z if edge.is_taken else z - 1)
        if route.label is not None:
            self.text = _text_item(edge, route)
            self.text.setZValue(z + 1)
        self.restyle()
        self._set_tooltips()

    def items(self) -> list[QGraphicsItem]:
        """Return everything to be put into the scene."""
        found: list[QGraphicsItem | None] = [self.line, self.head, self._diamond, self.text]
        return [item for item in found if item is not None]

    def show_edge(self, edge: DrawnEdge) -> None:
        """Show what the edge did in the meantime; its text has kept its width."""
        if edge == self._edge:
            return
        self._edge = edge
        if self.text is not None:
            self.text.setText(elided(edge_font, edge.text, self.text.boundingRect().width()))
        self.restyle()
        self._set_tooltips()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        tokens, edge = current(), self._edge
        color = QColor(edge_color(tokens, is_taken=edge.is_taken))
        pen = QPen(color, 1.5 if edge.is_taken else 1.1)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if not edge.is_taken:
            pen.setDashPattern(_DASHES)
        self.line.setPen(pen)
        solid = QPen(color, 1.0)
        solid.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        self.head.setPen(solid)
        self.head.setBrush(QBrush(color) if edge.is_taken else QBrush(QColor(tokens.panel_2)))
        if self._diamond is not None:
            self._diamond.setPen(solid)
            self._diamond.setBrush(QColor(tokens.panel))
        if self.text is not None:
            self.text.setBrush(QColor(edge_text_color(tokens, is_taken=edge.is_taken)))

    def _set_tooltips(self) -> None:
        tooltip = plain_tooltip(edge_tooltip(self._edge))
        for item in self.items():
            item.setToolTip(tooltip)


def _text_item(edge: DrawnEdge, route: Route) -> QGraphicsSimpleTextItem:
    place = route.label
    width = 0.0 if place is None else place.width
    item = QGraphicsSimpleTextItem(elided(edge_font, edge.text, width))
    item.setFont(edge_font())
    if place is not None:
        item.setPos(place.x + max(0.0, (width - item.boundingRect().width()) / 2), place.y)
    return item


def _line_path(route: Route) -> QPainterPath:
    path = QPainterPath(QPointF(*route.start))
    for number, segment in enumerate(route.segments):
        is_last = number == len(route.segments) - 1
        x, y = segment[-2], segment[-1]
        if is_last:
            # The line ends inside its arrow: a blunt end would stick out at the tip.
            dx, dy = _direction_at_end(route)
            x, y = x - dx * _ARROW_LENGTH * 0.7, y - dy * _ARROW_LENGTH * 0.7
        if len(segment) == 2:
            path.lineTo(x, y)
        else:
            path.cubicTo(segment[0], segment[1], segment[2], segment[3], x, y)
    return path


def _direction_at_end(route: Route) -> Point:
    last = route.segments[-1]
    if len(last) == 6:
        origin: Point = (last[2], last[3])
    elif len(route.segments) > 1:
        origin = (route.segments[-2][-2], route.segments[-2][-1])
    else:
        origin = route.start
    return _unit(origin, route.end)


def _direction_at_start(route: Route) -> Point:
    return _unit(route.start, (route.segments[0][0], route.segments[0][1]))


def _unit(origin: Point, goal: Point) -> Point:
    dx, dy = goal[0] - origin[0], goal[1] - origin[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)


def _arrow(route: Route, direction: Point) -> QPainterPath:
    x, y = route.end
    dx, dy = direction
    back_x, back_y = x - dx * _ARROW_LENGTH, y - dy * _ARROW_LENGTH
    corners = [
        QPointF(x, y),
        QPointF(back_x - dy * _ARROW_HALF, back_y + dx * _ARROW_HALF),
        QPointF(back_x + dy * _ARROW_HALF, back_y - dx * _ARROW_HALF),
    ]
    return _closed(corners)


def _diamond(route: Route) -> QPainterPath:
    x, y = route.start
    dx, dy = _direction_at_start(route)
    middle_x, middle_y = x + dx * _DIAMOND * 1.5, y + dy * _DIAMOND * 1.5
    along_x, along_y = dx * _DIAMOND * 1.4, dy * _DIAMOND * 1.4
    corners = [
        QPointF(middle_x + along_x, middle_y + along_y),
        QPointF(middle_x - dy * _DIAMOND, middle_y + dx * _DIAMOND),
        QPointF(middle_x - along_x, middle_y - along_y),
        QPointF(middle_x + dy * _DIAMOND, middle_y - dx * _DIAMOND),
    ]
    return _closed(corners)


def _closed(corners: list[QPointF]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([*corners, corners[0]]))
    path.closeSubpath()
    return path

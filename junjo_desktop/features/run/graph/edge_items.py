"""One edge in the scene: its line, its arrow, the mark of a condition, and its text. All painted by Qt itself."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsSimpleTextItem

from junjo_desktop.features.run.graph.colors import edge_color, edge_text_color
from junjo_desktop.features.run.graph.node_item import STACK_DEPTH
from junjo_desktop.features.run.graph.picture_model import DrawnEdge
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.layered.fonts import edge_font, elided
from junjo_desktop.widgets.layered.lines import arrow_path, closed_path, direction_at_end, direction_at_start, line_path
from junjo_desktop.widgets.layered.model import Rect, Route

_DIAMOND = 4.0
_DASHES = (4.0, 3.0)
_DOWN = 0.9
"""The direction of a line that leads down; the cards of a stack stick out above and at the right."""


class EdgeLook:
    """Pens and colours of all edges that were taken, or of all that were not, in one theme."""

    def __init__(self, tokens: Tokens, *, is_taken: bool) -> None:
        color = QColor(edge_color(tokens, is_taken=is_taken))
        self.line = QPen(color, 1.5 if is_taken else 1.1)
        self.line.setCapStyle(Qt.PenCapStyle.FlatCap)
        if not is_taken:
            self.line.setDashPattern(_DASHES)
        self.outline = QPen(color, 1.0)
        self.outline.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        self.arrow = QBrush(color) if is_taken else QBrush(QColor(tokens.panel_2))
        self.diamond = QBrush(QColor(tokens.panel))
        self.text = QBrush(QColor(edge_text_color(tokens, is_taken=is_taken)))


class EdgeItems:
    """Makes and styles the items of one edge. A condition has a small diamond at its tail, as in BPMN."""

    def __init__(self, edge: DrawnEdge, route: Route, depth: int, *, leaves_stack: bool, enters_stack: bool) -> None:
        """A closed subflow looks like a stack of cards: lines begin and end at its edge, not at its first card."""
        self.edge = edge
        route = _trimmed(route, leaves_stack=leaves_stack, enters_stack=enters_stack)
        self._line = QGraphicsPathItem(line_path(route))
        self._head = QGraphicsPathItem(arrow_path(route))
        self._diamond = None if edge.condition is None else QGraphicsPathItem(_diamond(route))
        self.text = None if route.label is None else _text_item(edge, route.label)
        z = depth * 10 + (5 if edge.is_taken else 4)
        for item in self.items():
            item.setZValue(z)

    def items(self) -> list[QGraphicsItem]:
        """Return everything to be put into the scene."""
        found: list[QGraphicsItem | None] = [self._line, self._head, self._diamond, self.text]
        return [item for item in found if item is not None]

    def show_edge(self, edge: DrawnEdge) -> None:
        """Show what the edge did in the meantime; its text has kept its width. `restyle` has to follow."""
        self.edge = edge
        if self.text is not None:
            self.text.setText(elided(edge_font, edge.text, self.text.boundingRect().width()))

    def restyle(self, look: EdgeLook) -> None:
        """Take the pens and colours of the theme in force."""
        self._line.setPen(look.line)
        self._head.setPen(look.outline)
        self._head.setBrush(look.arrow)
        if self._diamond is not None:
            self._diamond.setPen(look.outline)
            self._diamond.setBrush(look.diamond)
        if self.text is not None:
            self.text.setBrush(look.text)


def _text_item(edge: DrawnEdge, place: Rect) -> QGraphicsSimpleTextItem:
    item = QGraphicsSimpleTextItem(elided(edge_font, edge.text, place.width))
    item.setFont(edge_font())
    item.setPos(place.x + max(0.0, (place.width - item.boundingRect().width()) / 2), place.y)
    return item


def _trimmed(route: Route, *, leaves_stack: bool, enters_stack: bool) -> Route:
    start, segments = route.start, route.segments
    dx, dy = direction_at_start(route)
    if leaves_stack and dy < _DOWN:
        start = start[0] + dx * STACK_DEPTH, start[1] + dy * STACK_DEPTH
    dx, dy = direction_at_end(route)
    if enters_stack and dy > _DOWN:
        *rest, x, y = segments[-1]
        segments = (*segments[:-1], (*rest, x, y - STACK_DEPTH))
    return Route(start, segments, route.label)


def _diamond(route: Route) -> QPainterPath:
    x, y = route.start
    dx, dy = direction_at_start(route)
    middle_x, middle_y = x + dx * _DIAMOND * 1.5, y + dy * _DIAMOND * 1.5
    along_x, along_y = dx * _DIAMOND * 1.4, dy * _DIAMOND * 1.4
    corners = [
        QPointF(middle_x + along_x, middle_y + along_y),
        QPointF(middle_x - dy * _DIAMOND, middle_y + dx * _DIAMOND),
        QPointF(middle_x - along_x, middle_y - along_y),
        QPointF(middle_x + dy * _DIAMOND, middle_y - dx * _DIAMOND),
    ]
    return closed_path(corners)

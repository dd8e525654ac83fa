"""One node in the scene: a box with two lines, a group, or an opened subflow."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from junjo_desktop.features.run.graph.colors import (
    NodeColors,
    frame_border,
    frame_fill,
    group_border,
    group_fill,
    node_colors,
)
from junjo_desktop.features.run.graph.picture import HEADER_HEIGHT
from junjo_desktop.features.run.graph.picture_model import DrawnNode
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.graph import NodeKind
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import RADIUS_PX
from junjo_desktop.widgets.layered.fonts import detail_font, elided, header_font, label_font, metrics
from junjo_desktop.widgets.layered.model import Rect

_MARGIN = 9.0
"""Room around the box for the stacked look of subflows, and for the rings."""
_PADDING = 12.0
_STACK_STEP = 3.0
STACK_DEPTH = 2 * _STACK_STEP
"""How far the cards behind a closed subflow stick out, above and at the right."""
_CHEVRON_ROOM = 24.0
_SIGN = 5.0
_NO_TEXT_BELOW = 0.4
_BLOCKS_BELOW = 0.2
"""Far away a node is a block in the colour of its state: a border would be too thin to be seen."""
_DASHES = (4.0, 3.0)
_DOTS = (1.5, 2.5)


class NodeItem(QGraphicsItem):
    """Paints one node from the tokens in force. Its place is the corner of its box."""

    def __init__(self, node: DrawnNode, rect: Rect, depth: int) -> None:
        super().__init__()
        self.node = node
        self._width, self._height = rect.width, rect.height
        self._is_selected = False
        self._has_focus = False
        self.setPos(rect.x, rect.y)
        # What is inside lies over what is around it; edges lie between the two.
        self.setZValue(depth * 10)
        self._is_plain = False
        self.set_plain(False)

    def show_node(self, node: DrawnNode) -> None:
        """Show what the node did in the meantime."""
        if node != self.node:
            self.node = node
            self.update()

    def set_marks(self, *, is_selected: bool, has_focus: bool) -> None:
        """Show whether this is the selected node, and whether the keys go to it."""
        if (is_selected, has_focus) != (self._is_selected, self._has_focus):
            self._is_selected, self._has_focus = is_selected, has_focus
            self.update()

    def set_plain(self, is_plain: bool) -> None:
        """Paint for a file: without marks, all of the text at any scale, and not from a kept picture."""
        self._is_plain = is_plain
        is_kept = not is_plain and not self.node.is_container
        mode = QGraphicsItem.CacheMode
        self.setCacheMode(mode.DeviceCoordinateCache if is_kept else mode.NoCache)

    @property
    def key(self) -> str:
        """The key of its node."""
        return self.node.key

    @property
    def box(self) -> QRectF:
        """The box, in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self._width, self._height)

    def is_on_chevron(self, point: QPointF) -> bool:
        """Whether a point of the scene lies where a click opens or closes."""
        at = self.mapFromScene(point)
        is_right = self._width - _CHEVRON_ROOM - 4 <= at.x() <= self._width
        return self.node.can_open and is_right and 0 <= at.y() <= HEADER_HEIGHT

    def is_on_header(self, point: QPointF) -> bool:
        """Whether a point of the scene lies on the header of a container."""
        return 0 <= self.mapFromScene(point).y() <= HEADER_HEIGHT

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self._height).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(0, 0, self._width, self._height))
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        tokens, node = current(), self.node
        colors = node_colors(tokens, node.state)
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        box = QRectF(0, 0, self._width, self._height)
        if detail < _BLOCKS_BELOW and not self._is_plain and not node.is_container:
            painter.fillRect(box, QColor(tokens.warning if self._is_selected else colors.border))
            return
        if node.is_container:
            self._paint_container(painter, box, colors)
        else:
            if node.is_stack:
                self._paint_stack(painter, box, colors)
            painter.setBrush(QColor(colors.fill))
            painter.setPen(self._border(colors.border))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        if not self._is_plain:
            self._paint_marks(painter, box)
        if detail < _NO_TEXT_BELOW and not self._is_plain:
            return
        if node.is_container:
            self._paint_header(painter, colors)
        else:
            self._paint_lines(painter, colors)
        self._paint_sign(painter, colors)

    def _border(self, color: str, width: float = 1.5) -> QPen:
        pen = QPen(QColor(color), width)
        if self.node.state is ExecutionState.NOT_RUN:
            pen.setWidthF(1.0)
            pen.setDashPattern(_DASHES)
        elif self.node.state in (ExecutionState.LOST, ExecutionState.CANCELLED):
            pen.setDashPattern(_DOTS)
        return pen

    def _paint_stack(self, painter: QPainter, box: QRectF, colors: NodeColors) -> None:
        painter.setBrush(QColor(colors.fill))
        painter.setPen(self._border(colors.border, 1.0))
        for step in (2, 1):
            away = step * _STACK_STEP
            painter.drawRoundedRect(box.translated(away, -away).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)

    def _paint_container(self, painter: QPainter, box: QRectF, colors: NodeColors) -> None:
        tokens, node = current(), self.node
        is_group = node.kind is NodeKind.CONCURRENT
        is_calm = node.state in (ExecutionState.DONE, ExecutionState.NOT_RUN)
        color = colors.border if not is_calm else group_border(tokens) if is_group else frame_border(tokens)
        painter.setBrush(QColor(group_fill(tokens) if is_group else frame_fill(tokens)))
        painter.setPen(self._border(color, 1.0 if is_calm else 1.5))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX + 2, RADIUS_PX + 2)

    def _paint_marks(self, painter: QPainter, box: QRectF) -> None:
        tokens = current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._is_selected:
            painter.setPen(QPen(QColor(tokens.warning), 3))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        if self._has_focus:
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), RADIUS_PX + 3, RADIUS_PX + 3)

    def _paint_lines(self, painter: QPainter, colors: NodeColors) -> None:
        room = self._width - 2 * _PADDING
        label_room = room - (_CHEVRON_ROOM - _PADDING if self.node.can_open else 0)
        self._text(painter, label_font, colors.label, 17.5, self.node.label, label_room)
        self._text(painter, detail_font, colors.detail, 33.0, self.node.detail, room - self._sign_room())

    def _paint_header(self, painter: QPainter, colors: NodeColors) -> None:
        room = self._width - 2 * _PADDING - self._sign_room() - (_CHEVRON_ROOM if self.node.can_open else 0)
        label = elided(header_font, self.node.label, room)
        painter.setFont(header_font())
        tokens = current()
        is_calm = self.node.state in (ExecutionState.DONE, ExecutionState.NOT_RUN)
        painter.setPen(QColor(tokens.text if is_calm else colors.label))
        baseline = 20.0
        painter.drawText(QPointF(_PADDING, baseline), label)
        used = metrics(header_font).horizontalAdvance(label) + 6
        detail = elided(detail_font, f"· {self.node.detail}", room - used)
        if len(detail) > 2:
            painter.setFont(detail_font())
            painter.setPen(QColor(tokens.dim if is_calm else colors.detail))
            painter.drawText(QPointF(_PADDING + used, baseline), detail)

    def _text(self, painter: QPainter, font_of: object, color: str, baseline: float, text: str, room: float) -> None:
        painter.setFont(label_font() if font_of is label_font else detail_font())
        painter.setPen(QColor(color))
        painter.drawText(QPointF(_PADDING, baseline), elided(font_of, text, room))

    def _sign_room(self) -> float:
        return 0.0 if self.node.state in (ExecutionState.DONE, ExecutionState.NOT_RUN) else 4 * _SIGN

    def _paint_sign(self, painter: QPainter, colors: NodeColors) -> None:
        """Paint the chevron that opens, and a shape for what is neither done nor not run."""
        y = HEADER_HEIGHT / 2 if self.node.is_container else 13.0
        if self.node.can_open:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(current().dim))
            painter.drawPolygon(_triangle(QPointF(self._width - 15, y), is_down=self.node.is_open))
        if not self._sign_room():
            return
        x = self._width - (34 if self.node.is_container and self.node.can_open else 15)
        middle = QPointF(x, y if self.node.is_container else 29.0)
        painter.setPen(QPen(QColor(colors.border), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, _SIGN, _SIGN)
        reach = _SIGN * 0.45
        match self.node.state:
            case ExecutionState.FAILED:
                painter.drawLine(middle + QPointF(-reach, -reach), middle + QPointF(reach, reach))
                painter.drawLine(middle + QPointF(-reach, reach), middle + QPointF(reach, -reach))
            case ExecutionState.CANCELLED:
                painter.drawLine(middle + QPointF(-reach - 1, 0), middle + QPointF(reach + 1, 0))
            case ExecutionState.RUNNING:
                painter.setBrush(QColor(colors.border))
                painter.drawEllipse(middle, 1.5, 1.5)
            case _:
                painter.drawLine(middle + QPointF(0, -reach - 0.6), middle + QPointF(0, 0.6))
                painter.drawPoint(middle + QPointF(0, reach + 0.6))


def _triangle(middle: QPointF, *, is_down: bool) -> QPolygonF:
    corners = ((-4.5, -2.5), (4.5, -2.5), (0.0, 3.5)) if is_down else ((-2.5, -4.5), (3.5, 0.0), (-2.5, 4.5))
    return QPolygonF([middle + QPointF(x, y) for x, y in corners])

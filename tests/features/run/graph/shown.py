"""What is shown in a graph view, by the labels of its nodes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from junjo_desktop.features.run.graph.view import RunGraphView


def key_of(view: RunGraphView, label: str) -> str:
    return next(key for key, one in view.picture.nodes.items() if one.label == label)


def place(view: RunGraphView, label: str, x_share: float = 0.3) -> QPoint:
    """A point of the viewport on a node."""
    item = view.canvas.graph.node(key_of(view, label))
    assert item is not None
    box = item.box
    return view.canvas.mapFromScene(QPointF(box.left() + box.width() * x_share, box.top() + 15))


def click(view: RunGraphView, at: QPoint) -> None:
    QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def current_label(view: RunGraphView) -> str:
    assert view.current is not None
    return view.current.label

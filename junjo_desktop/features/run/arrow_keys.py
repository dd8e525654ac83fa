"""Which parts of the page keep ← and → for themselves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QTabBar, QTreeView, QWidget


def keeps_arrows(focused: QWidget | None, event: QKeyEvent) -> bool:
    """Whether the focused part needs this press of ← or → itself: tabs do, and trees where it folds or unfolds."""
    key = event.key()
    if key not in (Qt.Key.Key_Left, Qt.Key.Key_Right) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    if isinstance(focused, QTreeView):
        return _folds(focused, unfold=key == Qt.Key.Key_Right)
    return isinstance(focused, QTabBar | QComboBox)


def _folds(tree: QTreeView, *, unfold: bool) -> bool:
    index = tree.currentIndex().siblingAtColumn(0)
    if not index.isValid() or not tree.rootIsDecorated():
        return False
    model = tree.model()
    if unfold:
        return model.hasChildren(index) and not tree.isExpanded(index)
    return (model.hasChildren(index) and tree.isExpanded(index)) or index.parent().isValid()

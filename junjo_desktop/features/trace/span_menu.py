"""What can be done with the selected span."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.run_way import RunWay
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.span_ways import SpanWays
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.features.trace.words import time_words
from junjo_desktop.widgets.figures import iso_text


class SpanMenu(QObject):
    """The context menu of the waterfall and of the flame graph, and Ctrl+C."""

    def __init__(self, view: TraceView, run_way: RunWay, ways: SpanWays, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._run_way = run_way
        self._ways = ways
        self.extend: Callable[[QMenu], None] | None = None
        """Adds what others can do with the selected span."""
        view.waterfall.customContextMenuRequested.connect(self._show_at_row)
        view.lenses.flame.canvas.customContextMenuRequested.connect(self._show_at_box)
        for lens in (view.waterfall, view.lenses.flame.canvas):
            shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), lens, self.copy_span_id)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def copy_span_id(self) -> None:
        """Copy the id of the selected span."""
        if self._view.waterfall.selected_span:
            QGuiApplication.clipboard().setText(self._view.waterfall.selected_span)

    def build(self) -> QMenu:
        """Return the menu of the selected span."""
        waterfall = self._view.waterfall
        menu = QMenu(waterfall)
        position = self._view.tree.position_of(waterfall.selected_span) if waterfall.selected_span else None
        if position is not None:
            self._add_span(menu, self._view.tree.columns.row(position))
        if self._view.lenses.lens is Lens.WATERFALL:
            menu.addSeparator()
            menu.addAction("Unfold below").triggered.connect(waterfall.unfold_below)
            menu.addAction("Fold").triggered.connect(waterfall.fold_current)
        return menu

    def _add_span(self, menu: QMenu, span: SpanRow) -> None:
        if (run := self._run_way.run_around(span.span_id)) is not None:
            label = "Open this run" if run.span_id == span.span_id else "Open the run around it"
            menu.addAction(f"{label}\tW").triggered.connect(self._run_way.open_run)
            menu.addSeparator()
        self._ways.add_to(menu)
        if self.extend is not None:
            self.extend(menu)
        menu.addSeparator()
        menu.addAction("Zoom to this span").triggered.connect(self._view.lenses.fit_selection)
        menu.addAction("Show the whole trace").triggered.connect(self._view.show_whole)
        menu.addSeparator()
        for label, text in (
            ("Copy name", span.name),
            ("Copy span id", span.span_id),
            ("Copy start", iso_text(span.start_ns)),
            ("Copy duration", time_words(span)),
        ):
            menu.addAction(label).triggered.connect(partial(QGuiApplication.clipboard().setText, text))
        detail = self._view.inspector.detail
        if detail is not None and detail.span.span_id == span.span_id:
            menu.addAction("Copy as JSON").triggered.connect(partial(QGuiApplication.clipboard().setText, detail.raw))

    def _show_at_row(self, position: QPoint) -> None:
        self._show_at(self._view.waterfall.viewport(), position)

    def _show_at_box(self, position: QPoint) -> None:
        self._show_at(self._view.lenses.flame.canvas.viewport(), position)

    def _show_at(self, viewport: QWidget, position: QPoint) -> None:
        if self._view.waterfall.current_line() is not None:
            menu = self.build()
            menu.exec(viewport.mapToGlobal(position))
            menu.deleteLater()

"""What can be done with the selected span."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QMenu

from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.run_way import RunWay
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.features.trace.span_ways import SpanWays
from junjo_desktop.features.trace.trace_view import TraceView
from junjo_desktop.features.trace.words import time_words
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import iso_text
from junjo_desktop.widgets.term_menu import add_find_actions


class SpanMenu(QObject):
    """The context menu of the lenses that draw spans, and Ctrl+C."""

    def __init__(self, view: TraceView, run_way: RunWay, ways: SpanWays, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._run_way = run_way
        self._ways = ways
        self.extend: Callable[[QMenu], None] | None = None
        """Adds what others can do with the selected span."""
        flame = view.lenses.flame
        drawn: tuple[QAbstractScrollArea, ...] = (
            view.waterfall,
            flame.canvas,
            flame.sandwich.callers,
            flame.sandwich.callees,
            view.lenses.graph.canvas,
        )
        for lens in drawn:
            lens.customContextMenuRequested.connect(self._show_at)
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
        if (span := self._view.selected_row) is not None:
            self._add_span(menu, span)
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
        finds = menu.addMenu(icon("search"), "Find traces")
        fields = {"name": span.name, "type": span.span_type, "service": span.service_name}
        terms = (term_for(field, value) for field, value in fields.items() if value)
        add_find_actions(finds, terms, self._ways.find_traces)
        if self.extend is not None:
            self.extend(menu)
        menu.addSeparator()
        if self._view.lenses.lens in (Lens.WATERFALL, Lens.FLAME, Lens.GRAPH):
            menu.addAction("Zoom to this span").triggered.connect(self._view.lenses.fit_selection)
            menu.addAction("Show the whole trace").triggered.connect(self._view.show_whole)
            menu.addSeparator()
        self._add_copies(menu, span)

    def _add_copies(self, menu: QMenu, span: SpanRow) -> None:
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

    def _show_at(self, position: QPoint) -> None:
        lens, waterfall = self.sender(), self._view.waterfall
        # A fold of the waterfall has a menu, too, and is no span.
        has_line = self._view.selected_row is not None or (lens is waterfall and waterfall.current_line() is not None)
        if not has_line or not isinstance(lens, QAbstractScrollArea):
            return
        menu = self.build()
        menu.exec(lens.viewport().mapToGlobal(position))
        menu.deleteLater()

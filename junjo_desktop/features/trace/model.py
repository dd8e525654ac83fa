"""The spans of a trace as a Qt tree: it takes over a grown trace without a reset, so folds and selection stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from junjo_desktop.features.trace.queries import EventMark
from junjo_desktop.features.trace.tree import Mark, SpanRow, SpanTree
from junjo_desktop.features.trace.words import mark_sentences, span_sentence, time_words
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

SPAN_COLUMN, TIME_COLUMN = 0, 1
_HEADERS = ("Span", "Time")
_ROOT, _UNPLACED = -1, -2

Index = QModelIndex | QPersistentModelIndex


class SpanModel(QAbstractItemModel):
    """Nodes are numbered once and keep their number; indexes carry it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._forget()
        self._events: Mapping[str, Sequence[EventMark]] = {}

    def _forget(self) -> None:
        self._spans: list[SpanRow] = []
        self._marks: list[Mark] = []
        self._parents: list[int] = []
        self._rows: list[int] = []
        self._children: list[list[int]] = []
        self._roots: list[int] = []
        self._by_span: dict[str, int] = {}

    # What views and delegates ask

    def span_at(self, index: Index) -> SpanRow:
        """Return the span of an index."""
        return self._spans[index.internalId()]

    def marks_at(self, index: Index) -> Mark:
        """Return what is odd about the span of an index."""
        return self._marks[index.internalId()]

    def parent_span_at(self, index: Index) -> SpanRow | None:
        """Return the span above, None at the root level."""
        parent = self._parents[index.internalId()]
        return None if parent == _ROOT else self._spans[parent]

    def events_at(self, index: Index) -> Sequence[EventMark]:
        """Return where events stand on the span's bar."""
        return self._events.get(self._spans[index.internalId()].span_id, ())

    def index_of(self, span_id: str, column: int = SPAN_COLUMN) -> QModelIndex:
        """Return the index of a span; an invalid one when it is not in this trace."""
        node = self._by_span.get(span_id)
        return QModelIndex() if node is None else self._index(node, column)

    def parents(self) -> Iterator[QModelIndex]:
        """Yield every row that has children, from top to bottom, as the tree is at that moment."""
        waiting = list(reversed(self._roots))
        while waiting:
            node = waiting.pop()
            if self._children[node]:
                yield self._index(node)
                waiting.extend(reversed(self._children[node]))

    def set_tree(self, tree: SpanTree) -> None:
        """Show another trace."""
        self.beginResetModel()
        self._forget()
        self._events = {}
        self._spans = list(tree.spans)
        self._marks = list(tree.marks)
        self._parents = list(tree.parents)
        self._children = [list(children) for children in tree.children]
        self._roots = list(tree.roots)
        self._rows = [0] * len(self._spans)
        for siblings in (self._roots, *self._children):
            for row, node in enumerate(siblings):
                self._rows[node] = row
        for node, span in enumerate(self._spans):
            self._by_span.setdefault(span.span_id, node)
        self.endResetModel()

    def set_events(self, events: Mapping[str, Sequence[EventMark]]) -> None:
        """Show these events on the bars."""
        self._events = events

    # Growth

    def grow(self, tree: SpanTree) -> list[QModelIndex]:
        """Become `tree` by inserting, moving and removing rows; return what has its first children now."""
        known = len(self._spans)
        childless = {node for node in range(known) if not self._children[node]}
        nodes = [self._node_for(span, marks) for span, marks in zip(tree.spans, tree.marks, strict=True)]
        self._reconcile(_ROOT, [nodes[position] for position in tree.roots])
        for position in tree.order:
            self._reconcile(nodes[position], [nodes[child] for child in tree.children[position]])
        self._remove_extra(_ROOT, len(tree.roots))
        for position in tree.order:
            self._remove_extra(nodes[position], len(tree.children[position]))
        for position, node in enumerate(nodes):
            self._update(node, tree.spans[position], tree.marks[position])
        opened = [node for node in nodes if self._children[node] and (node >= known or node in childless)]
        return [self._index(node) for node in opened]

    def _node_for(self, span: SpanRow, marks: Mark) -> int:
        node = self._by_span.get(span.span_id)
        if node is None:
            node = len(self._spans)
            self._by_span[span.span_id] = node
            self._spans.append(span)
            self._marks.append(marks)
            self._parents.append(_UNPLACED)
            self._rows.append(0)
            self._children.append([])
        return node

    def _reconcile(self, parent: int, wanted: list[int]) -> None:
        """Give `parent` the `wanted` children in their order; others stay behind them until they are moved away.

        Called from the top down: what is above `parent` stands in its final place, so nothing is moved below itself.
        """
        row = 0
        while row < len(wanted):
            siblings = self._siblings(parent)
            node = wanted[row]
            if row < len(siblings) and siblings[row] == node:
                row += 1
            elif self._parents[node] == _UNPLACED:
                new = self._run_of_unplaced(wanted, row)
                self._insert(parent, row, new)
                row += len(new)
            else:
                self._move(node, parent, row)
                row += 1

    def _run_of_unplaced(self, wanted: list[int], row: int) -> list[int]:
        end = row
        while end < len(wanted) and self._parents[wanted[end]] == _UNPLACED:
            end += 1
        return wanted[row:end]

    def _insert(self, parent: int, row: int, new: list[int]) -> None:
        self.beginInsertRows(self._index(parent), row, row + len(new) - 1)
        siblings = self._siblings(parent)
        siblings[row:row] = new
        for node in new:
            self._parents[node] = parent
        self._renumber(siblings, row)
        self.endInsertRows()

    def _move(self, node: int, parent: int, row: int) -> None:
        source = self._parents[node]
        at = self._rows[node]
        self.beginMoveRows(self._index(source), at, at, self._index(parent), row)
        leaving = self._siblings(source)
        del leaving[at]
        arriving = self._siblings(parent)
        arriving.insert(row, node)
        self._parents[node] = parent
        self._renumber(leaving, min(at, row) if leaving is arriving else at)
        self._renumber(arriving, row)
        self.endMoveRows()

    def _remove_extra(self, parent: int, count: int) -> None:
        siblings = self._siblings(parent)
        if len(siblings) > count:
            self.beginRemoveRows(self._index(parent), count, len(siblings) - 1)
            gone = siblings[count:]
            del siblings[count:]
            self._drop(gone)
            self.endRemoveRows()

    def _drop(self, gone: list[int]) -> None:
        waiting = list(gone)
        while waiting:
            node = waiting.pop()
            self._by_span.pop(self._spans[node].span_id, None)
            waiting.extend(self._children[node])

    def _update(self, node: int, span: SpanRow, marks: Mark) -> None:
        if self._spans[node] != span or self._marks[node] != marks:
            self._spans[node] = span
            self._marks[node] = marks
            self.dataChanged.emit(self._index(node), self._index(node, TIME_COLUMN))

    def _siblings(self, parent: int) -> list[int]:
        return self._roots if parent == _ROOT else self._children[parent]

    def _renumber(self, siblings: list[int], first: int) -> None:
        for row in range(first, len(siblings)):
            self._rows[siblings[row]] = row

    # Qt

    def _index(self, node: int, column: int = SPAN_COLUMN) -> QModelIndex:
        return QModelIndex() if node == _ROOT else self.createIndex(self._rows[node], column, node)

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        parent = parent or QModelIndex()
        siblings = self._siblings(parent.internalId() if parent.isValid() else _ROOT)
        if parent.column() > 0 or not 0 <= row < len(siblings) or not 0 <= column < len(_HEADERS):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row])

    def parent(self, child: Index | None = None) -> QModelIndex:  # type: ignore[override]  # QObject has another parent()
        if child is None or not child.isValid():
            return QModelIndex()
        return self._index(self._parents[child.internalId()])

    def hasChildren(self, parent: Index | None = None) -> bool:
        return self.rowCount(parent) > 0

    def rowCount(self, parent: Index | None = None) -> int:
        parent = parent or QModelIndex()
        if parent.column() > 0:
            return 0
        return len(self._siblings(parent.internalId() if parent.isValid() else _ROOT))

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(_HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        span = self.span_at(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line(span.name) if index.column() == SPAN_COLUMN else time_words(span)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip("\n".join((span_sentence(span), *mark_sentences(self.marks_at(index), span))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return one_line(span_sentence(span))
        return None

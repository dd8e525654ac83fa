"""Which lines of a trace are visible: what the user folded, kept as rules, so that it holds while the trace grows.

Qt-free. A rule is worked through all lines at once, without a step in Python for each: folding half a million spans
takes milliseconds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from junjo_desktop.features.trace.layout import Layout
from junjo_desktop.features.trace.repeats import FoldKey

Key = str | FoldKey
"""A span by its id, or a fold."""


@dataclass(frozen=True, slots=True)
class _ToDepth:
    """Spans less deep than this are unfolded; None: all. Folds are closed, unless `with_folds`."""

    depth: int | None
    with_folds: bool = False


@dataclass(frozen=True, slots=True)
class _OfType:
    span_type: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, or (`below`) it and everything below it."""

    key: Key
    is_open: bool
    below: bool = False


_Rule = _ToDepth | _OfType | _Line


class Outline:
    """Rows are visible lines from top to bottom; a line is one of `layout`."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._rules: list[_Rule] = [_ToDepth(None)]
        self._opened = bytearray()
        self.rows: Sequence[int] = ()
        self._apply_all()

    # What is seen

    def is_open(self, line: int) -> bool:
        """Whether what is below a line is shown."""
        return bool(self._opened[line])

    def row_of(self, line: int) -> int | None:
        """Return where a line is seen; None when it is folded away."""
        row = bisect_left(self.rows, line)
        return row if row < len(self.rows) and self.rows[row] == line else None

    def closed_types(self) -> frozenset[str]:
        """Return the types of spans whose rows were folded together."""
        closed: dict[str, bool] = {}
        for rule in self._rules:
            if isinstance(rule, _OfType):
                closed[rule.span_type] = not rule.is_open
        return frozenset(span_type for span_type, is_closed in closed.items() if is_closed)

    def key_of(self, line: int) -> Key:
        """Return what a line is known by while the trace grows."""
        fold = self.layout.fold_at(line)
        return self.layout.tree.columns.ids.one(self.layout.nodes[line]) if fold is None else fold.key

    def line_of(self, key: Key) -> int | None:
        """Return the line of a span or a fold; None when there is none (any more)."""
        layout = self.layout
        if isinstance(key, str):
            position = layout.tree.position_of(key)
            return None if position is None else layout.line_of[position]
        number = layout.numbers.get(key)
        return None if number is None else layout.fold_lines[number]

    # Folding

    def to_depth(self, depth: int | None, *, with_folds: bool = False) -> None:
        """Unfold what is less deep than `depth`, None for everything, and fold the rest; forget other folds."""
        self._rules = [_ToDepth(depth, with_folds)]
        self._apply_all()

    def set_type(self, span_type: str, *, is_open: bool) -> None:
        """Fold or unfold every span of a type."""
        self._rules = [rule for rule in self._rules if not (isinstance(rule, _OfType) and rule.span_type == span_type)]
        self._add(_OfType(span_type, is_open))

    def set_open(self, line: int, *, is_open: bool) -> None:
        """Fold or unfold a line."""
        if self.is_open(line) != is_open:
            self._add(_Line(self.key_of(line), is_open))

    def open_below(self, line: int) -> None:
        """Unfold a line and everything below it."""
        self._add(_Line(self.key_of(line), is_open=True, below=True))

    def reveal(self, line: int) -> bool:
        """Unfold what hides a line; False when nothing did."""
        hiding = []
        above = self.layout.parent(line)
        while above is not None:
            if not self._opened[above]:
                hiding.append(_Line(self.key_of(above), is_open=True))
            above = self.layout.parent(above)
        for rule in hiding:
            self._keep(rule)
            self._apply(rule)
        if hiding:
            self._list_rows()
        return bool(hiding)

    def grow(self, layout: Layout, watched: Collection[str]) -> None:
        """Take over the same trace with more spans. Spans that are watched (by id) do not vanish into a new fold."""
        before = {fold.key for fold in self.layout.folds}
        self.layout = layout
        columns = layout.tree.columns
        for fold in layout.folds:
            if fold.key not in before and any(columns.ids.one(position) in watched for position in fold.members):
                self._keep(_Line(fold.key, is_open=True))
        self._apply_all()

    # Rules

    def _add(self, rule: _Rule) -> None:
        self._keep(rule)
        self._apply(rule)
        self._list_rows()

    def _keep(self, rule: _Rule) -> None:
        if isinstance(rule, _Line):
            self._rules = [
                kept
                for kept in self._rules
                if not (isinstance(kept, _Line) and kept.key == rule.key and (rule.below or not kept.below))
            ]
        self._rules.append(rule)

    def _apply_all(self) -> None:
        for rule in self._rules:
            self._apply(rule)
        self._list_rows()

    def _apply(self, rule: _Rule) -> None:
        layout = self.layout
        match rule:
            case _ToDepth(depth, with_folds):
                all_open = bytearray(b"\1") * len(layout)
                self._opened = all_open if depth is None else bytearray(map(depth.__gt__, layout.depths))
                for line in () if with_folds else layout.fold_lines:
                    self._opened[line] = 0
            case _OfType(span_type, is_open):
                columns = layout.tree.columns
                wanted = bytes(label.span_type == span_type for label in columns.labels)
                for line, node in enumerate(layout.nodes):
                    if node >= 0 and wanted[columns.label_of[node]]:
                        self._opened[line] = is_open
            case _Line(key, is_open, below):
                found = self.line_of(key)
                if found is not None:
                    end = layout.ends[found] if below else found + 1
                    self._opened[found:end] = (b"\1" if is_open else b"\0") * (end - found)

    def _list_rows(self) -> None:
        opened, ends, count = self._opened, self.layout.ends, len(self.layout)
        if opened.find(0) < 0:
            self.rows = range(count)
            return
        rows, line = array("i"), 0
        while line < count:
            closed = opened.find(0, line)
            if closed < 0:
                rows.extend(range(line, count))
                break
            rows.extend(range(line, closed + 1))
            line = ends[closed]
        self.rows = rows

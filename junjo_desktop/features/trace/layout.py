"""All rows that a waterfall can have, from top to bottom: spans, and folds of siblings that repeat. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junjo_desktop.features.trace.repeats import Fold, FoldKey, find_folds
from junjo_desktop.features.trace.tree import SpanTree


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Lines in order, with everything unfolded; a line is known by its number."""

    tree: SpanTree
    nodes: array[int]
    """By line: the position of a span, or `~number` of a fold."""
    depths: array[int]
    ends: array[int]
    """By line: the first line that is not below it any more."""
    line_of: array[int]
    """By position of a span."""
    folds: tuple[Fold, ...]
    fold_lines: array[int]
    """By number of a fold."""
    numbers: Mapping[FoldKey, int]
    """Of folds, by what they are known by."""
    under: Mapping[int, Sequence[int]]
    """By position of a parent: the lines of its folds."""

    def __len__(self) -> int:
        return len(self.nodes)

    def has_children(self, line: int) -> bool:
        """Whether anything stands below a line."""
        return self.ends[line] > line + 1

    def fold_at(self, line: int) -> Fold | None:
        """Return the fold of a line; None for a span's line."""
        node = self.nodes[line]
        return self.folds[~node] if node < 0 else None

    def parent(self, line: int) -> int | None:
        """Return the line above which this one is indented; None at the root level."""
        node = self.nodes[line]
        above = self.folds[~node].parent if node < 0 else self.tree.parents[node]
        if node >= 0:
            for fold_line in self.under.get(above, ()):
                if fold_line < line < self.ends[fold_line]:
                    return fold_line
        return None if above < 0 else self.line_of[above]


def layout_of(tree: SpanTree) -> Layout:
    """Return the lines of a trace. A fold stands where its first member would, its members below it."""
    folds = find_folds(tree)
    nodes, depths = _walk(tree, folds) if folds else (tree.order, array("i", map(tree.depths.__getitem__, tree.order)))
    line_of = array("i", bytes(4 * len(tree)))
    fold_lines = array("i", bytes(4 * len(folds)))
    for line, node in enumerate(nodes):
        if node >= 0:
            line_of[node] = line
        else:
            fold_lines[~node] = line
    under: dict[int, list[int]] = {}
    for fold, line in zip(folds, fold_lines, strict=True):
        under.setdefault(fold.parent, []).append(line)
    numbers = {fold.key: number for number, fold in enumerate(folds)}
    return Layout(tree, nodes, depths, _ends(depths), line_of, tuple(folds), fold_lines, numbers, under)


def _walk(tree: SpanTree, folds: Sequence[Fold]) -> tuple[array[int], array[int]]:
    nodes, depths = array("i"), array("i")
    shown = _shown_children(tree, folds)
    firsts, children = tree.children.firsts, tree.children.all
    waiting: list[int] = list(reversed(shown.get(-1, tree.roots)))
    depth_of, fold_depths = array("i", bytes(4 * len(tree))), [0] * len(folds)
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        depth = depth_of[node] if node >= 0 else fold_depths[~node]
        depths.append(depth)
        if node < 0:
            below = folds[~node].members[:]
        elif node in shown:
            below = shown[node][:]
        elif firsts[node] < firsts[node + 1]:
            below = children[firsts[node] : firsts[node + 1]]
        else:
            continue
        for child in below:
            if child >= 0:
                depth_of[child] = depth + 1
            else:
                fold_depths[~child] = depth + 1
        below.reverse()
        waiting.extend(below)
    return nodes, depths


def _shown_children(tree: SpanTree, folds: Sequence[Fold]) -> dict[int, array[int]]:
    """Return what stands below parents of folds, and (-1) at the root level: the rest of the children, and folds."""
    is_member = bytearray(len(tree))
    first_of: dict[int, int] = {}
    for number, fold in enumerate(folds):
        first_of[fold.members[0]] = number
        for position in fold.members:
            is_member[position] = 1
    shown: dict[int, array[int]] = {}
    for parent in {fold.parent for fold in folds}:
        below = shown[parent] = array("i")
        for child in tree.roots if parent < 0 else tree.children[parent]:
            if not is_member[child]:
                below.append(child)
            elif child in first_of:
                below.append(~first_of[child])
    return shown


def _ends(depths: array[int]) -> array[int]:
    ends = array("i", bytes(4 * len(depths)))
    open_lines: list[int] = []
    for line, depth in enumerate(depths):
        while len(open_lines) > depth:
            ends[open_lines.pop()] = line
        open_lines.append(line)
    for line in open_lines:
        ends[line] = len(depths)
    return ends

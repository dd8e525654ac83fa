"""Random plans: cycles, loops, duplicates, groups in groups, opened subflows in subflows, unconnected parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from junjo_desktop.widgets.layered.model import Box, Layout, Link, Plan, Rect, Route

SIZES = st.integers(20, 260)
Label = tuple[int, int]


@st.composite
def plans(draw: st.DrawFn, depth: int = 2, most: int = 9) -> Plan:
    """A layered plan; its links may end at boxes inside its groups."""
    return _plan(draw, "", depth, most)


def _plan(draw: st.DrawFn, prefix: str, depth: int, most: int) -> Plan:
    count = draw(st.integers(0, most))
    boxes = tuple(_box(draw, f"{prefix}{number}", depth) for number in range(count))
    ends = [key for box in boxes for key in _ends(box)]
    if not ends:
        return Plan(boxes)
    pairs = draw(st.lists(st.tuples(st.sampled_from(ends), st.sampled_from(ends), label_sizes()), max_size=2 * most))
    links = tuple(Link(f"{prefix}link{number}", tail, head, *label) for number, (tail, head, label) in enumerate(pairs))
    return Plan(boxes, links)


def label_sizes() -> st.SearchStrategy[Label]:
    """Sizes of labels; most links have none."""
    return st.one_of(st.just((0, 0)), st.just((0, 0)), st.tuples(st.integers(1, 400), st.integers(8, 20)))


def _box(draw: st.DrawFn, key: str, depth: int) -> Box:
    kind = draw(st.sampled_from(("leaf", "leaf", "leaf", "group", "frame"))) if depth else "leaf"
    width, height = draw(SIZES), draw(st.integers(16, 80))
    if kind == "leaf":
        return Box(key, width, height)
    if kind == "frame":
        return Box(key, width, height, _plan(draw, f"{key}/", depth - 1, 4))
    children = tuple(_box(draw, f"{key}+{number}", depth - 1) for number in range(draw(st.integers(0, 4))))
    return Box(key, width, height, Plan(children, is_stack=True))


def _ends(box: Box) -> Iterator[str]:
    yield box.key
    if box.inner is not None and box.inner.is_stack:
        for child in box.inner.boxes:
            yield from _ends(child)


def levels(plan: Plan) -> Iterator[Plan]:
    """Every plan inside `plan`, itself first."""
    yield plan
    for box in plan.boxes:
        if box.inner is not None:
            yield from levels(box.inner)


def leaves(plan: Plan) -> Iterator[str]:
    """Keys of all boxes with nothing inside."""
    for level in levels(plan):
        for box in level.boxes:
            if box.inner is None or not box.inner.boxes:
                yield box.key


def on_border(rect: Rect, point: tuple[float, float]) -> bool:
    """Whether a point lies on the border of a box."""
    x, y = point
    near = 0.01
    inside = rect.x - near <= x <= rect.right + near and rect.y - near <= y <= rect.bottom + near
    at_edge = min(abs(x - rect.x), abs(x - rect.right), abs(y - rect.y), abs(y - rect.bottom)) <= near
    return inside and at_edge


def samples(route: Route) -> Iterator[tuple[float, float]]:
    """Points along a route, closely."""
    x, y = route.start
    controls: Sequence[Sequence[float]]
    for segment in route.segments:
        if len(segment) == 2:
            controls = [(x, y), (x, y), segment, segment]
        else:
            controls = [(x, y), segment[0:2], segment[2:4], segment[4:6]]
        for step in range(1, 25):
            yield _on_curve(controls, step / 24)
        x, y = segment[-2:]


def _on_curve(controls: Sequence[Sequence[float]], share: float) -> tuple[float, float]:
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, controls, strict=True)) for axis in (0, 1))
    return x, y


def everything_inside(layout: Layout) -> bool:
    """Whether boxes, labels and lines lie within the drawing."""
    whole = Rect(-0.01, -0.01, layout.width + 0.02, layout.height + 0.02)
    rects = [*layout.boxes.values(), *(route.label for route in layout.routes.values() if route.label is not None)]
    points = [point for route in layout.routes.values() for point in samples(route)]
    return all(whole.holds(rect) for rect in rects) and all(whole.holds(Rect(*point, 0, 0)) for point in points)

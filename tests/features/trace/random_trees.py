"""Random traces for Hypothesis: overlapping, zero-length, negative and timeless spans, orphans, circles, roots."""

from __future__ import annotations

from hypothesis import strategies as st

from junjo_desktop.features.trace.tree import SpanRow, SpanTree, build_tree

NS = 10**9
"""Times begin here: 0 means that a time was not told."""
_IDS = [f"{number:02}" for number in range(14)]


def timed(
    span_id: str, parent: str | None, start: int, end: int, *, name: str = "work", error: bool = False
) -> SpanRow:
    """Return a span; times are nanoseconds after `NS`, -1 for one that was not told."""
    start_ns, end_ns = (0 if moment < 0 else NS + moment for moment in (start, end))
    return SpanRow(span_id, parent, "shop", name, "node", start_ns, end_ns, error)


def tree_of(*spans: tuple[str, str | None, int, int]) -> SpanTree:
    """Return the tree of (id, parent, start, end)."""
    return build_tree([timed(*span) for span in spans])


@st.composite
def trees(draw: st.DrawFn, most: int = 14) -> SpanTree:
    """Return any tree of up to `most` spans; parents may be missing, or lead back to the span."""
    ids = _IDS[: draw(st.integers(0, most))]
    parents = st.none() | st.sampled_from([*_IDS[:most], "gone"])
    moments = st.integers(-1, 30)
    names = st.sampled_from(["load", "parse", "chat"])
    return build_tree(
        [
            timed(one, draw(parents), draw(moments), draw(moments), name=draw(names), error=draw(st.booleans()))
            for one in ids
        ]
    )

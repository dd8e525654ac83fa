"""One span, whole: the right side of the Trace page, and what a run shows of a step without a state update."""

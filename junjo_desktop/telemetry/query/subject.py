"""What a query is asked of: the same language, other rows."""

from __future__ import annotations

from enum import StrEnum


class Subject(StrEnum):
    """What is looked for. The values are what people write behind `--in`."""

    TRACES = "traces"
    """A trace matches: each condition outside braces may be met by another of its spans."""
    SPANS = "spans"
    """One span meets all of it; of `{…} >> {…}` it is the span of the last braces that is found."""
    RUNS = "runs"
    """A run of a workflow or an agent: its own fields are meant where it has them, else any span of its trace."""
    LOGS = "logs"
    """A log record: its own fields are meant where it has them, else those of the span that it was written in."""
    CALLS = "calls"
    """A call of a model: its own fields are meant where it has them, else those of the span that tells of it."""

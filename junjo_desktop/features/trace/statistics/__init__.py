"""The lens Statistics: the spans of a trace in groups, as a table."""

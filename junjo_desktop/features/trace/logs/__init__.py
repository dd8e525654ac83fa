"""The lens Logs: every log record of the trace, in the order of time."""

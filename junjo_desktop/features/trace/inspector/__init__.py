"""The right side of the Trace page: one span, whole."""

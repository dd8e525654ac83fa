"""A run of an agent: its summary, its conversation, its operations and its definition."""

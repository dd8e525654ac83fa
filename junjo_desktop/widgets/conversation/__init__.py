"""Conversations as a column of entries: messages, tool calls, notes; folded, rendered safely, found in, copied."""

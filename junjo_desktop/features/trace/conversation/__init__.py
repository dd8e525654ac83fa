"""The lens Conversation: every message to and from models, in the order in which they were said."""

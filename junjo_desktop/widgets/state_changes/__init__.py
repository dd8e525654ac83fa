"""Two JSON values beside each other: the tree of their differences, and their texts line by line."""

"""The order Sandwich of the lens Flame: who calls the spans of a name, and what they call."""

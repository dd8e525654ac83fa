"""The lens Flame: the spans of a trace as boxes under the boxes they were called from."""

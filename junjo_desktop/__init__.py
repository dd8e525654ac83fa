"""Junjo Desktop: see what an AI workflow did, why, what it cost, and try it again."""

__version__ = "0.1.0"

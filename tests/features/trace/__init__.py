"""Tests of the Trace page."""

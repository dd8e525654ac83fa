"""Tests of the Traces page."""

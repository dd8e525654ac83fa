"""Reusable views: they know Qt and the theme, and nothing of telemetry."""

"""Sample telemetry: recordings of our own programs, and how they are made."""

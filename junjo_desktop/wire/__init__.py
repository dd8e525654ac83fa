"""Message classes generated from `proto/`; the command that makes them is in the README."""
